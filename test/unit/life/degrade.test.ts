import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDegradation } from "../../../src/life/degradation-data.js";
import { type PathKind, pathKinds, pseudoLives } from "../../../src/life/degrade.js";
import { fitLife } from "../../../src/life/fit.js";
import { relativeError } from "./oracle.js";
import { simulateHere } from "./simulate.js";

type Row = [specimen: string, time: number, value: number];
type Published = {
  threshold: number;
  path: PathKind;
  rows: Row[];
  lives: Record<string, number>;
  shape?: number;
  scale?: number;
  logLikelihood?: number;
  published?: { a: Record<string, number>; b: Record<string, number> };
};
const url = new URL("../../../../test/data/oracle/degradation.json", import.meta.url);
const sets = JSON.parse(readFileSync(fileURLToPath(url), "utf8")) as Record<string, Published>;

function csv(rows: readonly Row[]): string {
  return ["specimen,time_h,value_mm", ...rows.map((r) => r.join(","))].join("\n");
}

function lives(rows: readonly Row[], path: PathKind, threshold: number) {
  return pseudoLives(parseDegradation(csv(rows), "d.csv"), path, threshold);
}

function near(got: number | undefined, want: number | undefined, relative: number): void {
  expect(relativeError(got ?? Number.NaN, want ?? Number.NaN)).toBeLessThan(relative);
}

describe("a path that rounding alone moves from", () => {
  it("zero starts at zero, and one that stays level never leads to the threshold", () => {
    const through = lives(
      [
        ...["a", "b"].flatMap((s): Row[] => [
          [s, 100, 7.1],
          [s, 200, 14.2],
          [s, 300, 21.3],
        ]),
      ],
      "linear",
      30,
    );
    expect(through.specimens.map((s) => s.a)).toEqual([0, 0]);
    const level = [0.1, 0.7, 1.1].flatMap((v): Row[] =>
      [100, 200, 700, 1300].map((t) => [`v${v}`, t, v]),
    );
    const got = lives(level, "linear", 30);
    expect(got.specimens.map((s) => [s.b, s.life])).toEqual(
      Array.from({ length: 3 }, () => [0, undefined]),
    );
  });
});

describe("published degradation against R", () => {
  for (const [name, set] of Object.entries(sets)) {
    it(`${name}: every specimen's life, and the Weibull fit of them`, async () => {
      const got = lives(set.rows, set.path, set.threshold);
      expect(got.specimens.length).toBe(Object.keys(set.lives).length);
      for (const s of got.specimens) near(s.life, set.lives[s.specimen], 1e-9);
      if (set.shape === undefined) return;
      const options = {
        method: "mle",
        ranks: "exact",
        bounds: "fisher",
        unbiased: "none",
      } as const;
      const asked = { ...options, distribution: "weibull", confidence: 0.9, at: [] } as const;
      const fit = await fitLife(got.rows, asked, simulateHere);
      near(fit.parameters["shape"]!.estimate, set.shape, 1e-7);
      near(fit.parameters["scale"]!.estimate, set.scale, 1e-8);
      near(fit.logLikelihood, set.logLikelihood, 1e-8);
    });
  }

  it("the cracks have the printed coefficients, and say which lives are extrapolated", () => {
    const set = sets["cracks"]!;
    const got = lives(set.rows, set.path, set.threshold);
    for (const s of got.specimens) {
      expect(s.b).toBeCloseTo(set.published!.a[s.specimen]!, 5);
      expect(Math.abs(s.a - set.published!.b[s.specimen]!)).toBeLessThan(0.00051);
    }
    const far = got.specimens.filter((s) => s.extrapolated).map((s) => s.specimen);
    expect(far).toEqual(["A", "D"]);
    expect(got.warnings).toEqual(["PSEUDO_LIVES", "PATH_EXTRAPOLATED"]);
  });
});

describe("a life read off a path", () => {
  const kinds = fc.constantFrom<PathKind>(...pathKinds);
  const rate = fc.double({ min: 0.2, max: 3, noNaN: true });

  it("is where an exact path meets the threshold, rising or falling", () => {
    fc.assert(
      fc.property(kinds, rate, rate, fc.boolean(), (kind, a, b, falls) => {
        const slope = falls ? -b : b;
        const at = (t: number) =>
          ({ linear: a + slope * t, power: a * t ** slope, exponential: a * Math.exp(slope * t) })[
            kind
          ];
        const rows = [1, 2, 3, 4].map((t): Row => ["u", t, at(t)]);
        near(lives(rows, kind, at(7)).specimens[0]!.life, 7, 1e-8);
      }),
    );
  });

  it("does not depend on the unit of time or value, or on the order of rows", () => {
    const noise = fc.array(fc.double({ min: 0.8, max: 1.2, noNaN: true }), {
      minLength: 5,
      maxLength: 5,
    });
    fc.assert(
      fc.property(kinds, noise, rate, (kind, factors, k) => {
        const rows = factors.map((f, i): Row => ["u", i + 1, (i + 1) * f]);
        const scaled = rows.map(([u, t, v]): Row => [u, t * 60, v * k]).reverse();
        const { life } = lives(rows, kind, 9).specimens[0]!;
        near(lives(scaled, kind, 9 * k).specimens[0]!.life, 60 * life!, 1e-9);
      }),
    );
  });

  it("is none on a path that leads away: a suspension at the last measurement", () => {
    const away: Row[] = [
      ["u", 1, 5],
      ["u", 2, 4],
      ["u", 8, 4.5],
      ["v", 1, 5],
      ["v", 4, 9],
    ];
    const got = lives(away, "linear", 10);
    expect(got.rows.map((r) => [r.kind, r.time])).toEqual([
      ["right", 8],
      ["exact", 4.75],
    ]);
    expect(got.warnings).toEqual([
      "PSEUDO_LIVES",
      "PATH_EXTRAPOLATED",
      "PATH_NEVER_REACHES",
      "PATH_OF_TWO",
    ]);
  });

  it("leaves time 0 out of a power path, where it says nothing", () => {
    const rows: Row[] = [
      ["u", 0, 0],
      ["u", 1, 2],
      ["u", 4, 4],
      ["u", 9, 6],
    ];
    near(lives(rows, "power", 10).specimens[0]!.life, 25, 1e-12);
  });

  it("is refused where specimens start on both sides, or the path ends before zero", () => {
    const sides: Row[] = [
      ["u", 1, 5],
      ["u", 2, 6],
      ["v", 1, 15],
      ["v", 2, 16],
      ["w", 1, 5],
      ["w", 2, 6],
    ];
    expect(() => lives(sides, "linear", 10)).toThrow(/THRESHOLD_SIDES.*v starts at or above 10/);
    const early = [9, 30, 20, 25, 20].map((v, i): Row => ["u", i + 1, v]);
    expect(() => lives(early, "linear", 10)).toThrow(/PATH_BEFORE_ZERO.*specimen u/);
    expect(() =>
      lives(
        [
          ["u", 0, 0],
          ["u", 5, 2],
        ],
        "power",
        10,
      ),
    ).toThrow(/PATH_UNDEFINED/);
  });
});

describe("degradation data", () => {
  const wrong = (text: string): string => {
    try {
      parseDegradation(text, "d.csv");
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  it("knows units by the names of columns", () => {
    const data = parseDegradation(
      csv([
        ["u", 0, 1],
        ["u", 5, 2],
      ]),
      "d.csv",
    );
    expect([data.timeUnit, data.valueUnit]).toEqual(["h", "mm"]);
  });

  it("names line and column of what is wrong", () => {
    expect(wrong("")).toContain("d.csv:1:1  found no data");
    expect(wrong("specimen,time\nu,1\n")).toContain("value: found no such column");
    expect(wrong("specimen,time,value,heat\nu,1,2,3\n")).toContain(
      "d.csv:1:21  heat: found an unknown",
    );
    const text = wrong("specimen,time,value\nu,-1,2\n,2,x\nu,3,4\nv,5,6\n");
    expect(text).toContain("d.csv:2:3  time: found -1, expected 0 or more");
    expect(text).toContain("d.csv:3:1  specimen: found nothing");
    expect(text).toContain('d.csv:3:4  value: found "x", expected a number');
    expect(text).toContain("d.csv:5:1  time: found one time of specimen v");
    expect(wrong("specimen,time,value\nu,1,0,4\nu,2,0,5\n")).toContain("d.csv:2:7  found 4 cells");
    const low = csv([
      ["u", 1, 0],
      ["u", 2, 5],
    ]);
    expect(() => pseudoLives(parseDegradation(low, "d.csv"), "exponential", 9)).toThrow(
      "d.csv:2:1  value: found 0, expected a value above 0 for --path exponential",
    );
  });
});
