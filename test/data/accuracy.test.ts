import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { AccuracySet } from "../../bench/accuracy-case.js";
import { accuracySets } from "../../bench/accuracy-sets.js";
import { accuracyTable, meetsPrint, withTable } from "../../bench/accuracy-table.js";

describe("the accuracy report", () => {
  let sets: AccuracySet[];
  beforeAll(async () => {
    sets = await accuracySets();
  });

  it("in the docs is what the command prints", () => {
    const page = fileURLToPath(new URL("../../../docs/statistics.md", import.meta.url));
    const text = readFileSync(page, "utf8");
    const same = text === withTable(text, accuracyTable(sets));
    expect(same, "stale: npm run build && npm run accuracy -- --write").toBe(true);
  });

  it("shows no difference from a reference above 1e-8", () => {
    const all = sets.flatMap(({ set, lines }) => lines.map((line) => ({ set, ...line })));
    const compared = all.filter((l) => l.reference !== undefined);
    expect(compared.length).toBeGreaterThan(40);
    for (const { set, quantity, ours, reference } of compared) {
      expect(Math.abs(ours / reference! - 1), `${set}, ${quantity}`).toBeLessThan(1e-8);
    }
  });

  it("meets every printed figure but the two that the docs explain", () => {
    const off = sets.flatMap((s) => s.lines).filter((line) => !meetsPrint(line));
    expect(off.map((l) => `${l.quantity} ${l.printed}`)).toEqual([
      "scale 81.88",
      "log-likelihood -113.691",
    ]);
  });

  it("would show a wrong digit", () => {
    const line = { quantity: "q", ours: 1.0003, reference: 1, printed: "1.000" };
    const one = { set: "s", source: "x", reference: "y", lines: [line] };
    expect(accuracyTable([one])).toContain("| q | 1.0003 | 1 | **3.0e-4** | 1.000 |");
    const other = { ...line, ours: 1.0006 };
    expect(accuracyTable([{ ...one, lines: [other] }])).toContain("| 1.000 * |");
  });
});
