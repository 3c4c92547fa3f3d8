import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { damageRate } from "../../src/profile/life.js";
import { listProducts, loadProduct, ratingsOf } from "../../src/profile/load-product.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folders = [join(root, "products")];
const shipped = listProducts(folders);

describe("shipped products", () => {
  it("hold what the profiles and the first rigs need", () => {
    const ids = shipped.map((p) => p.id);
    const wanted = ["6206", "6208", "7210"].map((d) => `ball-bearing/${d}`);
    expect(ids).toEqual(expect.arrayContaining([...wanted, "roller-bearing/n-208"]));
    expect(ids.filter((id) => id.startsWith("harmonic-reducer/")).length).toBeGreaterThan(1);
    expect(ids.filter((id) => id.startsWith("rv-reducer/")).length).toBeGreaterThan(0);
  });

  it.each(shipped)(
    "$id has no problem, its schema for editors, and a source for every number",
    ({ id, file }) => {
      const parsed = loadProduct(id, folders);
      expect(parsed.problems).toEqual([]);
      const [modeline] = readFileSync(file, "utf8").split("\n");
      expect(modeline).toBe("# yaml-language-server: $schema=../../schema/product.json");
      expect(dirname(file).endsWith(parsed.value?.kind ?? "?")).toBe(true);
      for (const r of Object.values(parsed.value?.ratings ?? {})) expect(r.source).not.toBe("");
    },
  );

  it.each(shipped)("$id wears by a finite, positive rate at a tenth of its ceilings", ({ id }) => {
    const product = loadProduct(id, folders).value;
    if (product === undefined) throw new Error("checked above");
    const ratings = ratingsOf(product);
    const load = (ratings.C ?? ratings["rated-torque"])?.value ?? Number.NaN;
    const rate = damageRate(product)(100, load / 10);
    expect(rate).toBeGreaterThan(0);
    expect(rate).toBeLessThan(1);
  });

  it("keep catalogue orders: average below repeated peak below momentary peak torque", () => {
    for (const { id } of shipped.filter((p) => p.id.startsWith("harmonic-reducer/"))) {
      const product = loadProduct(id, folders).value;
      if (product === undefined) throw new Error("checked above");
      const r = ratingsOf(product);
      const names = ["rated", "average", "repeated-peak", "momentary-peak", "ratcheting"];
      const torques = [...names, "buckling"].map((n) => r[`${n}-torque`]?.value ?? Number.NaN);
      expect(torques).toEqual([...torques].sort((a, b) => a - b));
      const stiffness = ["K1", "K2", "K3"].map((n) => r[n]?.value ?? Number.NaN);
      expect(stiffness).toEqual([...stiffness].sort((a, b) => a - b));
    }
  });
});
