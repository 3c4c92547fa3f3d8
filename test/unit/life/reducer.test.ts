import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equivalentOf, l10Hours, rvRating } from "../../../src/life/rating.js";
import { type ReducerQuestion, reducerLife } from "../../../src/life/reducer.js";
import { parseSpectrum } from "../../../src/life/spectrum-csv.js";

const hourMs = 3.6e6;
const csf40: ReducerQuestion = {
  kind: "harmonic",
  rated: { torqueNm: 294, speedRpm: 2000, lifeMs: 35_000 * hourMs },
  spectrum: [{ load: 319, speedRpm: 1440, share: 1 }],
  limits: {},
};
const rv160: ReducerQuestion = {
  kind: "rv",
  rated: { torqueNm: 1568, speedRpm: 15, lifeMs: 6000 * hourMs },
  spectrum: [{ load: 1475, speedRpm: 15.6, share: 1 }],
  limits: {},
};

describe("the makers' printed examples", () => {
  it("CSF-40-120: 400 320 200 0 Nm at 7 14 7 0 rpm average 319 Nm (cut) and 12 rpm; L10 7610 h", () => {
    const { load, speedRpm } = equivalentOf(
      [
        { load: 400, speedRpm: 7, share: 0.3 },
        { load: 320, speedRpm: 14, share: 3 },
        { load: 200, speedRpm: 7, share: 0.4 },
        { load: 0, speedRpm: 0, share: 0.2 },
      ],
      3,
    );
    expect(Math.floor(load)).toBe(319);
    expect(Math.round(speedRpm)).toBe(12);
    const { life, shaft, rated } = reducerLife(csf40);
    expect(Math.floor(life.L10.hours / 10) * 10).toBe(7610);
    expect(life.L50!.hours).toBeCloseTo(5 * life.L10.hours, 6);
    expect({ shaft, is: rated.lifeIs }).toEqual({ shaft: "input", is: "L50" });
  });

  it("RV-160E: 2500 500 1500 Nm at 10 20 10 rpm average 1475 Nm and 15.6 rpm; 7073 h", () => {
    const average = equivalentOf(
      [
        { load: 2500, speedRpm: 10, share: 0.2 },
        { load: 500, speedRpm: 20, share: 0.5 },
        { load: 1500, speedRpm: 10, share: 0.2 },
      ],
      10 / 3,
    );
    expect(Math.round(average.load)).toBe(1475);
    expect(average.speedRpm).toBeCloseTo(15.6, 1);
    const { life, rated, shaft } = reducerLife(rv160);
    expect(Math.round(life.L10.hours)).toBe(7073);
    expect(life.L10.millionTurns).toBeCloseTo((7072.98 * 60 * 15.6) / 1e6, 3);
    expect(life).not.toHaveProperty("L50");
    expect({ shaft, is: rated.lifeIs }).toEqual({ shaft: "output", is: "L10" });
  });

  it("at the rating itself the life is the rated one", () => {
    const rating = rvRating({ torqueNm: 167, speedRpm: 15, lifeMs: 6000 * hourMs });
    expect(l10Hours(rating, { load: 167, speedRpm: 15 })).toBeCloseTo(6000, 9);
  });
});

const positive = (max: number) => fc.double({ min: 0.1, max, noNaN: true });
const spectra = fc.array(
  fc.record({ load: positive(500), speedRpm: positive(3000), share: positive(10) }),
  { minLength: 1, maxLength: 6 },
);
const kinds = fc.constantFrom(csf40, rv160);

describe("whatever the spectrum", () => {
  const hours = (q: ReducerQuestion, spectrum: ReducerQuestion["spectrum"]) =>
    reducerLife({ ...q, spectrum }).life.L10.hours;

  it("the life of the average load is that by damage summed over the parts (Miner)", () => {
    fc.assert(
      fc.property(kinds, spectra, (q, spectrum) => {
        const time = spectrum.reduce((s, p) => s + p.share, 0);
        const spent = spectrum.reduce((s, p) => s + p.share / time / hours(q, [p]), 0);
        expect(hours(q, spectrum) * spent).toBeCloseTo(1, 9);
      }),
    );
  });

  it("order, sign of torque and speed, and the sum of the shares do not matter; parts may be split", () => {
    fc.assert(
      fc.property(kinds, spectra, positive(100), (q, spectrum, times) => {
        const whole = hours(q, spectrum);
        const other = spectrum
          .flatMap((p) => [
            { load: -p.load, speedRpm: p.speedRpm, share: times * p.share },
            { load: p.load, speedRpm: -p.speedRpm, share: 2 * times * p.share },
          ])
          .reverse();
        expect(hours(q, other) / whole).toBeCloseTo(1, 9);
      }),
    );
  });

  it("a rest makes it longer by its share of time; damage shares add up to one", () => {
    fc.assert(
      fc.property(kinds, spectra, (q, spectrum) => {
        const time = spectrum.reduce((s, p) => s + p.share, 0);
        const rested = [...spectrum, { load: 0, speedRpm: 0, share: time }];
        expect(hours(q, rested) / hours(q, spectrum)).toBeCloseTo(2, 9);
        const { parts } = reducerLife({ ...q, spectrum: rested });
        expect(parts.reduce((s, p) => s + p.damageShare, 0)).toBeCloseTo(1, 9);
        expect(parts.reduce((s, p) => s + p.timeShare, 0)).toBeCloseTo(1, 9);
        expect(parts.at(-1)!.damageShare).toBe(0);
      }),
    );
  });
});

describe("warnings and refusals", () => {
  const limits = {
    averageTorqueNm: 451,
    peakTorqueNm: 617,
    momentaryTorqueNm: 1180,
    maxSpeedRpm: 4000,
  };
  const codes = (load: number, speedRpm: number) =>
    reducerLife({ ...csf40, spectrum: [{ load, speedRpm, share: 1 }], limits }).warnings;

  it("name what is above the maker's limits, and only that", () => {
    expect(codes(294, 2000)).toEqual(["L10_IS_A_FIFTH"]);
    expect(codes(451, 4000)).toEqual(["L10_IS_A_FIFTH"]);
    expect(codes(500, 4001)).toEqual(["L10_IS_A_FIFTH", "ABOVE_AVERAGE_TORQUE", "ABOVE_MAX_SPEED"]);
    expect(codes(-700, 2000)).toContain("ABOVE_PEAK_TORQUE");
    expect(codes(1200, 2000)).toContain("ABOVE_MOMENTARY_TORQUE");
    expect(reducerLife(rv160).warnings).toEqual([]);
  });

  it("a spectrum that spends no life is refused", () => {
    const spectrum = [
      { load: 5, speedRpm: 0, share: 1 },
      { load: 0, speedRpm: 9, share: 1 },
    ];
    expect(() => reducerLife({ ...rv160, spectrum })).toThrow("NO_DAMAGE");
  });
});

describe("a spectrum from CSV", () => {
  it("takes units from the column or the cell, and shares in per cent", () => {
    const text = "# joint 2\nname,torque_kNm,speed,share\nup,0.4,15,30 %\n,200 Nm,2 r/min,0.7\n";
    expect(parseSpectrum(text, "x.csv")).toEqual([
      { name: "up", load: 400, speedRpm: 15, share: 0.3 },
      { load: 200, speedRpm: 2, share: 0.7 },
    ]);
  });

  const wrong: [name: string, text: string, said: string][] = [
    ["nothing", "", "x.csv:1:1  found no data"],
    [
      "a column missing",
      "torque,speed\n1,2\n",
      'share: found no such column, expected a column "share"',
    ],
    ["a column misspelt", "torque,sped,share\n1,2,3\n", 'did you mean "speed"'],
    [
      "a unit of something else",
      "torque,speed,share\n3 kN,2,1\n",
      'x.csv:2:1  torque: found "3 kN"',
    ],
    ["a share of nothing", "torque,speed,share\n3,2,0\n", 'x.csv:2:5  share: found "0"'],
    ["a cell missing", "torque,speed,share\n3,2\n", 'share: found ""'],
    ["a comma within a number", "torque,speed,share\n0,4,15,1\n", "x.csv:2:8  found 4 cells"],
    ["a quote nothing closes", 'torque,speed,share\n3,2,1\n"4,2,1\n', "x.csv:3:1  found a quote"],
  ];
  for (const [name, text, said] of wrong) {
    it(`${name} is refused with its place`, () => {
      expect(() => parseSpectrum(text, "x.csv")).toThrow(said);
    });
  }
});
