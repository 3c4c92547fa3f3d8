import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isMap, isScalar, isSeq, parseDocument, visit } from "yaml";
import type { Problem } from "../../src/base/error.js";
import { formatPath } from "../../src/base/schema.js";
import { problemsOf } from "../../src/cli/check.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const kinds = ["devices", "rigs", "profiles", "products"] as const;
const site = {
  devices: [join(root, "devices")],
  rigs: [join(root, "rigs")],
  profiles: [join(root, "profiles")],
  products: [join(root, "products")],
};

function filesOf(kind: (typeof kinds)[number]): string[] {
  const all = readdirSync(join(root, kind), { recursive: true, encoding: "utf8" });
  return all.filter((name) => name.endsWith(".yaml")).map((name) => join(root, kind, name));
}

type Slip = { field: string; text: string };

/** The file once for each value that is a list of lists instead, and for each key that is misspelt. */
function slipsOf(text: string): Slip[] {
  const slips: Slip[] = [];
  const replaced = ([from, to]: readonly number[], by: string) =>
    text.slice(0, from) + by + text.slice(to);
  visit(parseDocument(text), {
    Scalar(key, node, parents) {
      if (!node.range) return;
      const field = formatPath(pathOf(parents, node));
      if (key === "key") slips.push({ field, text: replaced([node.range[1], node.range[1]], "q") });
      else slips.push({ field, text: replaced(node.range, "[[1]]") });
    },
  });
  return slips;
}

function pathOf(parents: readonly unknown[], node: unknown): (string | number)[] {
  const all = [...parents, node];
  return all.flatMap((parent, i): (string | number)[] => {
    const inner = all[i + 1];
    if (isSeq(parent)) return [parent.items.indexOf(inner)];
    if (!isMap(parent)) return [];
    const { key } = inner as { key: unknown };
    return [String(isScalar(key) ? key.value : key)];
  });
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wearout-parts-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Not of the place that was changed, of what holds it or of what it holds, nor of the same text by a YAML alias. */
function strange(said: readonly Problem[], field: string): Problem[] {
  return said.filter(
    (p) =>
      p.severity === undefined &&
      !p.field.startsWith(field) &&
      !field.startsWith(p.field) &&
      !isOfForm(p),
  );
}

function fieldsBeside(file: string, every: number): string[] {
  const text = readFileSync(file, "utf8");
  const copy = join(folder, relative(root, file));
  mkdirSync(dirname(copy), { recursive: true });
  return slipsOf(text).flatMap((slip, i) => {
    if (i % every !== 0) return [];
    writeFileSync(copy, slip.text);
    const said = problemsOf(copy, site);
    // A name that is misspelt is a problem of meaning, of which others follow rightly.
    if (!said.some(isOfForm)) return [];
    return strange(said, slip.field).map((p) => `${slip.field}: ${p.field}: found ${p.found}`);
  });
}

function isOfForm({ found }: Problem): boolean {
  return found.startsWith("[[1]]") || found.startsWith("the unknown key");
}

describe("one slip of form in a shipped file", () => {
  for (const [kind, every] of [
    ["rigs", 67],
    ["profiles", 67],
    ["products", 67],
    ["devices", 701],
  ] as const) {
    it(`draws no false word about the rest (${kind})`, () => {
      const files = filesOf(kind);
      expect(files.length).toBeGreaterThan(1);
      expect(files.flatMap((file) => fieldsBeside(file, every))).toEqual([]);
    }, 60_000);
  }
});
