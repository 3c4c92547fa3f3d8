import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLifeData } from "../../../src/life/parse.js";
import { lifeData } from "../../../src/lives/life-data.js";
import { joinRuns, lifeCells, lifeTable } from "../../../src/lives/life-table.js";
import type { SpecimenLife } from "../../../src/lives/specimen-life.js";
import { line } from "../../../src/record/export.js";

const one: SpecimenLife = {
  run: "bench-1",
  startedWall: 0,
  simulated: false,
  specimen: "a",
  lot: "B7",
  group: "bench-1/all",
  failed: false,
  mode: "",
  life: [100, 110],
  interruptions: 0,
  remounts: 0,
  informative: false,
  stress: { load_kN: 4 },
  exposure: { turns: [1000, 1000] },
};
const later = { ...one, run: "bench-2", startedWall: 1, group: "bench-2/all" };

describe("a specimen's life over several runs", () => {
  it("adds up, ends as the last run ended, and knows stresses as means by life", () => {
    const failed: SpecimenLife = {
      ...later,
      failed: true,
      mode: "wear",
      life: [300, 305],
      remounts: 2,
      stress: { load_kN: 8 },
    };
    const [joined] = joinRuns([failed, { ...one, remounts: 1 }]);
    expect(joined).toMatchObject({
      failed: true,
      mode: "wear",
      life: [400, 415],
      group: "bench-2/all",
      interruptions: 1,
      remounts: 3,
      stress: { load_kN: 7 },
      exposure: { turns: [2000, 2000] },
    });
  });

  it("keeps simulated specimens of one name apart: every run has new ones", () => {
    const simulated = [one, later].map((life) => ({ ...life, simulated: true }));
    expect(joinRuns(simulated)).toHaveLength(2);
  });

  it("is refused where it went on after a failure", () => {
    const text = /specimen a failed in bench-1 and was run again in bench-2/;
    expect(() => joinRuns([{ ...one, failed: true }, later])).toThrow(text);
  });

  it("loses no exposure, in whatever order the runs are given", () => {
    const span = fc.tuple(fc.nat(1000), fc.nat(1000)).map(([a, b]): [number, number] => [a, a + b]);
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 6 }), (spans) => {
        const runs = spans.map((life, i) => ({ ...one, run: `bench-${i}`, startedWall: i, life }));
        const total = [0, 1].map((end) => spans.reduce((sum, s) => sum + s[end]!, 0));
        expect(joinRuns([...runs].reverse())).toMatchObject([{ life: total }]);
      }),
    );
  });
});

const hours = { unit: "h", says: "time on test" };

describe("the life table", () => {
  const cell = (life: Partial<SpecimenLife>, name: string) => {
    const table = lifeTable([{ ...one, ...life }], hours);
    return lifeCells(table)[0]?.[table.columns.findIndex((c) => c.name === name)];
  };

  it("says what is known of a life, and no more", () => {
    const status = (failed: boolean, life: [number, number]) => {
      const names = ["time_h", "time_high_h", "status"];
      return names.map((name) => cell({ failed, life }, name)).join(" ");
    };
    expect(status(false, [100, 110])).toBe("100  S");
    expect(status(true, [100, 100])).toBe("100  F");
    expect(status(true, [100, 110])).toBe("100 110 I");
    expect(status(true, [0, 110])).toBe("110  L");
    expect(status(true, [100, Number.POSITIVE_INFINITY])).toBe("100  S");
  });

  it("is to a fit the very data that its export is, whatever the lives and names", () => {
    // A mark that keeps a spreadsheet from taking a name for a formula is taken off again where it stands first.
    const characters = fc.constantFrom(..." =+'\"\u001bäñ轴承;,#-x");
    const any = fc.string({ unit: characters, maxLength: 12 }).map((text) => text.trim());
    const name = any.filter((text) => !text.startsWith("'"));
    const number = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
    const span = fc.tuple(number, number).map(([a, b]) => [a, a + b] as const);
    const some = fc.record({
      failed: fc.boolean(),
      simulated: fc.boolean(),
      informative: fc.boolean(),
      life: fc.oneof(
        span,
        number.map((n) => [n, n] as const),
        number.map((n) => [0, n] as const),
      ),
      mode: name,
      lot: name,
      specimen: name,
      interruptions: fc.nat(20),
      stress: fc.record({ load_kN: number, temp_degC: number }),
      exposure: fc.record({ turns: span }),
    });
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 8 }), (all) => {
        const table = lifeTable(
          all.map((life, i) => ({ ...one, ...life, specimen: `${life.specimen}${i}` })),
          hours,
        );
        fc.pre(table.rows.length > 0);
        const text = [table.columns.map((c) => c.name), ...lifeCells(table)].map(line).join("");
        const { notes: _, ...read } = parseLifeData(text, "x");
        expect(lifeData(table, "x")).toEqual(read);
      }),
    );
  });

  it("names the mode of failures only", () => {
    expect(cell({ failed: true, mode: "wear" }, "mode")).toBe("wear");
    expect(cell({ failed: true, mode: "wear", life: [5, Infinity] }, "mode")).toBe("");
  });

  it("leaves out who had not lived yet, and columns that only some have, and says so", () => {
    const table = lifeTable(
      [one, { ...one, specimen: "b", life: [0, 0] }, { ...one, specimen: "c", stress: {} }],
      { unit: "turns", says: "turns" },
    );
    expect(table.rows).toHaveLength(2);
    expect(table).toMatchObject({ unit: "turns", unused: ["b"], partial: ["load_kN"] });
    expect(table.columns.map((c) => c.name)).toContain("time_turns");
    expect(table.columns.map((c) => c.name)).not.toContain("load_kN");
  });
});
