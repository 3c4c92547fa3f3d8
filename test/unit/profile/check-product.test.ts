import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseText } from "../../../src/base/schema.js";
import { ceilingsOf, checkProduct, ratingsOf } from "../../../src/profile/check-product.js";
import { listProfiles, loadProfile } from "../../../src/profile/load.js";
import { listProducts, loadProduct } from "../../../src/profile/load-product.js";
import { Product } from "../../../src/profile/product.js";

const bearing = `
product: ball-bearing/6206
kind: ball-bearing
designation: "6206"
title: Deep groove ball bearing
ratings:
  C: { value: 20.3 kN, source: catalogue }
  C0: { value: 11.2 kN, source: catalogue }
  limiting-speed: { value: 15000 rpm, source: catalogue }
ceilings:
  force: { value: 11.2 kN, source: equals C0 }
`;

function problems(text: string, id = "ball-bearing/6206"): string[] {
  const parsed = parseText(Product, text, "6206.yaml");
  const all = [...parsed.problems, ...checkProduct(parsed, id)];
  return all.map((p) => `${p.line}:${p.column} ${p.field}: ${p.found} | ${p.expected}`);
}

describe("checkProduct", () => {
  it("finds nothing wrong with a right file", () => {
    expect(problems(bearing)).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    [
      "a rating that is missing",
      "  C0: { value: 11.2 kN, source: catalogue }\n",
      "",
      'ratings: no rating | "C0"',
    ],
    [
      "a rating misspelt",
      "limiting-speed",
      "limitting-speed",
      '"limiting-speed" (did you mean that?)',
    ],
    [
      "a rating of another dimension",
      "20.3 kN",
      "20.3 Nm",
      '"20.3 Nm" (a torque) | a force above zero',
    ],
    ["a rating of zero", "20.3 kN", "0 kN", '"0 kN" | a value above zero'],
    ["a rating that is no quantity", "20.3 kN", "much", '"much" | a force above zero'],
    [
      "a ceiling of another dimension",
      "force: { value: 11.2 kN",
      "force: { value: 5 rpm",
      "(a speed) | a force",
    ],
    [
      "an id that is not the path",
      "product: ball-bearing/6206",
      "product: ball-bearing/6207",
      "as the file's path",
    ],
    [
      "a kind that is not the folder",
      "kind: ball-bearing",
      "kind: rv-reducer",
      "as the file's folder",
    ],
  ])("finds %s", (_, from, to, expected) => {
    const found = problems(bearing.replace(from, to));
    expect(
      found.some((p) => p.includes(expected)),
      found.join("\n"),
    ).toBe(true);
  });

  it("gives ratings and ceilings in canonical units", () => {
    const product = parseText(Product, bearing, "6206.yaml").value;
    if (product === undefined) throw new Error("checked above");
    expect(ratingsOf(product).C).toMatchObject({ value: 20_300, dimension: "force" });
    expect(ceilingsOf(product).force).toMatchObject({ value: 11_200, dimension: "force" });
  });
});

describe("product and profile folders", () => {
  let folder = "";
  const file = (...path: string[]) => join(folder, ...path);
  const profile = (name: string) => `
profile: ${name}
title: A profile
for: [ball-bearing]
product: ball-bearing/6206
roles: { speed: rpm }
steps: [{ dwell: { time: 1 s } }]
`;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "wearout-"));
    mkdirSync(file("site", "ball-bearing"), { recursive: true });
    mkdirSync(file("shipped", "ball-bearing"), { recursive: true });
    writeFileSync(file("shipped", "README.md"), "not a product");
    writeFileSync(file("shipped", "ball-bearing", "6206.yaml"), bearing);
    writeFileSync(file("site", "ball-bearing", "6206.yaml"), bearing.replace("20.3", "21"));
    writeFileSync(file("shipped", "ball-bearing", "6207.yaml"), bearing);
    writeFileSync(file("shipped", "one.yaml"), profile("one"));
    writeFileSync(file("shipped", "two.yaml"), profile("three"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("lists products of all folders, the first folder's where two have the same", () => {
    const list = listProducts([file("nowhere"), file("site"), file("shipped")]);
    expect(list).toEqual([
      { id: "ball-bearing/6206", file: file("site", "ball-bearing", "6206.yaml") },
      { id: "ball-bearing/6207", file: file("shipped", "ball-bearing", "6207.yaml") },
    ]);
  });

  it("loads a product by id, with its problems and without a value when there are any", () => {
    const right = loadProduct("ball-bearing/6206", [file("site"), file("shipped")]);
    expect([right.problems, right.value?.ratings.C?.value]).toEqual([[], "21 kN"]);
    const wrong = loadProduct("ball-bearing/6207", [file("shipped")]);
    expect(wrong.value).toBeUndefined();
    expect(wrong.problems[0]).toMatchObject({ field: "product", line: 2 });
  });

  it("names the nearest product for an unknown one", () => {
    const load = () => loadProduct("ball-bearing/6208", [file("site")]);
    expect(load).toThrow('no product "ball-bearing/6208", expected "ball-bearing/6206" (did you');
  });

  it("loads a profile by name or by path, and compares the name with the file's", () => {
    expect(listProfiles([file("shipped")]).map((p) => p.name)).toEqual(["one", "two"]);
    expect(loadProfile("one", [file("site"), file("shipped")]).value?.profile).toBe("one");
    const two = loadProfile(file("shipped", "two.yaml"));
    expect(two.problems[0]).toMatchObject({ field: "profile", found: '"three"' });
  });

  it("says which profile could be meant, and that a path does not exist", () => {
    expect(() => loadProfile("on", [file("shipped")])).toThrow('"one" (did you mean that?)');
    expect(() => loadProfile(file("none.yaml"))).toThrow("none.yaml: no such file");
  });
});
