/** Product files: where they are, reading and checking them. */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { WearoutError } from "../base/error.js";
import { parseFile } from "../base/file.js";
import { judgeParts } from "../base/judge.js";
import { type Parsed, parseText, suggest } from "../base/schema.js";
import { checkProduct } from "./check-product.js";
import { Product } from "./product.js";

export { ratingsOf } from "./check-product.js";

/** A product's id (`kind/designation`) and the file that holds it. */
export type ProductFile = { id: string; file: string };

/** All products of the folders by id; the first folder wins where two have the same. */
export function listProducts(folders: readonly string[]): ProductFile[] {
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const kind of entries(folder, true)) {
      for (const entry of entries(join(folder, kind), false)) {
        const id = `${kind}/${entry.replace(/\.yaml$/, "")}`;
        if (entry.endsWith(".yaml") && !files.has(id)) files.set(id, join(folder, kind, entry));
      }
    }
  }
  const list = [...files].map(([id, file]) => ({ id, file }));
  return list.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function entries(folder: string, folders: boolean): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() === folders)
    .map((entry) => entry.name);
}

/** The product's file, checked: what is wrong is in `problems`. Throws `PRODUCT_UNKNOWN`. */
export function loadProduct(id: string, folders: readonly string[]): Parsed<Product> {
  const known = listProducts(folders);
  const file = known.find((product) => product.id === id)?.file;
  if (file !== undefined) return readProduct(file);
  const ids = known.map((product) => product.id);
  throw new WearoutError("PRODUCT_UNKNOWN", `no product "${id}", expected ${suggest(id, ids)}`);
}

/** A product file by its path, checked; `value` is undefined when anything is wrong. */
export function readProduct(file: string): Parsed<Product> {
  const parsed = parseFile(Product, file);
  const id = `${basename(dirname(file))}/${basename(file).replace(/\.yaml$/, "")}`;
  parsed.problems.push(...judgeParts(parsed, (part) => checkProduct(part, id)));
  if (parsed.problems.length > 0) parsed.value = undefined;
  return parsed;
}

/** A product of a text that a run has kept: only what the schema says can be wrong with it. */
export function parseProduct(id: string, text: string): Parsed<Product> {
  return parseText(Product, text, `${id}.yaml (kept)`);
}
