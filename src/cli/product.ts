import type { Command } from "commander";
import { failOnProblems } from "../base/error.js";
import { listProducts, loadProduct } from "../profile/load-product.js";
import type { Product } from "../profile/product.js";
import { json, table } from "./output.js";
import type { Shell } from "./shell.js";
import type { Site } from "./site.js";

export function addProduct(program: Command, shell: Shell): void {
  const product = program.command("product").description("bearing and reducer designations");
  product
    .command("list")
    .description("the products of this site")
    .option("--json", "as JSON")
    .action(shell.action((options: { json?: boolean }) => list(shell, options)));
  product
    .command("show <product>")
    .description("ratings with their sources")
    .option("--json", "as JSON")
    .action(shell.action((id: string, options: { json?: boolean }) => show(shell, id, options)));
}

/** A product without problems, or `FILE_INVALID`. */
export function productOf(id: string, site: Site): { product: Product; text: string } {
  const parsed = loadProduct(id, site.products);
  failOnProblems(parsed.problems);
  return { product: parsed.value as Product, text: parsed.text };
}

function list(shell: Shell, options: { json?: boolean }): number {
  const site = shell.site();
  const products = listProducts(site.products).map(({ id }) => productOf(id, site).product);
  const head = products.map(({ product, kind, designation, maker, title }) => ({
    product,
    kind,
    designation,
    maker,
    title,
  }));
  if (options.json === true) shell.out.print(json(head));
  else {
    const rows = head.map((p) => [p.product, p.designation, p.maker ?? "", p.title]);
    shell.out.print(table(["product", "designation", "maker", "title"], rows));
  }
  return 0;
}

function show(shell: Shell, id: string, options: { json?: boolean }): number {
  const { product } = productOf(id, shell.site());
  if (options.json === true) {
    shell.out.print(json(product));
    return 0;
  }
  shell.out.print(`${product.product}: ${product.title}\n`);
  const groups = [product.ratings, product.ceilings ?? {}, product.geometry ?? {}];
  const rows = groups.flatMap((group) =>
    Object.entries(group).map(([name, { value, source }]) => [name, value, source]),
  );
  shell.out.print(table(["rating", "value", "source"], rows));
  if (product.note !== undefined) shell.out.print(`\n${product.note.trim()}`);
  return 0;
}
