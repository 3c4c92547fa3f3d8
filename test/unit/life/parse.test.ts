import { describe, expect, it } from "vitest";
import { WearoutError } from "../../../src/base/error.js";
import { countLife, ofModes } from "../../../src/life/data.js";
import { parseLifeData } from "../../../src/life/parse.js";

function problems(text: string): string {
  try {
    parseLifeData(text, "d.csv");
  } catch (error) {
    if (error instanceof WearoutError && error.code === "FILE_INVALID") return error.message;
    throw error;
  }
  return "none";
}

describe("life data from CSV", () => {
  it("reads every kind of row, labels, counts and stresses", () => {
    const text = [
      "\uFEFF# bearings of rig 4",
      "Time,status,time_high,count,mode,lot,temp_degC",
      "",
      '120.5,F,,2,"spall, inner",B7,80',
      "200,S,260,,,B7,80",
      "50,L,,,cage,B7,90",
      " 10 , i , 20 ,,,B8,90",
    ].join("\r\n");
    const data = parseLifeData(text, "d.csv");
    expect(data.stresses).toEqual(["temp_degC"]);
    expect(data.rows).toEqual([
      {
        kind: "exact",
        time: 120.5,
        count: 2,
        mode: "spall, inner",
        lot: "B7",
        stress: { temp_degC: 80 },
      },
      { kind: "right", time: 200, count: 1, lot: "B7", stress: { temp_degC: 80 } },
      { kind: "left", time: 50, count: 1, mode: "cage", lot: "B7", stress: { temp_degC: 90 } },
      { kind: "interval", time: 10, timeHigh: 20, count: 1, lot: "B8", stress: { temp_degC: 90 } },
    ]);
    expect(countLife(data.rows)).toEqual({
      n: 5,
      failures: 4,
      suspensions: 1,
      intervals: 2,
      entries: 0,
    });
  });

  it("takes the unit from the header or from the cells", () => {
    expect(parseLifeData("time_h,status\n5,F\n", "d").unit).toBe("h");
    expect(parseLifeData("time [Mturns],status\n5,F\n", "d").unit).toBe("Mturns");
    expect(parseLifeData("time,status\n5 h,F\n6 h,S\n", "d").unit).toBe("h");
    expect(parseLifeData("time,status\n5,F\n6,S\n", "d").unit).toBeUndefined();
  });

  it("an interval that starts at 0 is a failure before its end", () => {
    const { rows } = parseLifeData("time_h,status,time_high_h\n0,I,50\n0 h,I,60 h\n", "d");
    expect(rows).toEqual([
      { kind: "left", time: 50, count: 1, stress: {} },
      { kind: "left", time: 60, count: 1, stress: {} },
    ]);
  });

  const refusals: [what: string, text: string, says: string][] = [
    [
      "an unknown status",
      "time,status\n5,X\n",
      'd.csv:2:3  status: found "X", expected F (failure)',
    ],
    ["a misspelt status", "time,status\n5,suspention\n", 'did you mean S for "suspension"?'],
    [
      "a negative time",
      "time,status\n-5,F\n",
      "d.csv:2:1  time: found -5, expected a time above zero",
    ],
    ["a zero time", "time,status\n0,F\n", "found 0, expected a time above zero"],
    ["no number", "time,status\nfive,F\n", 'found "five", expected a time above zero'],
    ["an empty time", "time,status\n,F\n", "found nothing, expected a time above zero"],
    [
      "an interval turned round",
      "time,status,time_high\n9,I,5\n",
      "d.csv:2:5  time_high: found 5, expected at least time, 9",
    ],
    [
      "an interval without end",
      "time,status,time_high\n9,I,\n",
      "found nothing, expected the end of the interval",
    ],
    ["an interval of no length at 0", "time,status,time_high\n0,I,0\n", "time_high: found 0"],
    ["an interval before 0", "time,status,time_high\n-1,I,4\n", "time: found -1"],
    ["an interval without start", "time,status,time_high\n,I,4\n", "time: found nothing"],
    ["a failure with a second time", "time,status,time_high\n5,F,9\n", "expected status I"],
    [
      "mixed units",
      "time,status\n5 h,F\n6 d,F\n",
      'd.csv:3:1  time: found unit "d", expected one unit in all rows ("h" before)',
    ],
    [
      "a unit in some rows only",
      "time,status\n5,F\n6 h,F\n",
      'unit "h", expected one unit in all rows (no unit before)',
    ],
    [
      "a unit in the first rows only",
      "time,status\n6 h,F\n5,F\n",
      'd.csv:3:1  time: found no unit, expected one unit in all rows ("h" before)',
    ],
    ["thousands set off by a comma", 'time,status\n"1,234",F\n', 'time: found "1,234"'],
    [
      "a decimal comma",
      'time,status\n"12,5 h",F\n',
      'time: found "12,5 h", expected a time above zero, with a decimal point',
    ],
    ["a time in two units", "time,status\n1 h 30 min,F\n", 'time: found "1 h 30 min"'],
    ["a power of ten written out", "time,status\n10^6 turns,F\n", 'time: found "10^6 turns"'],
    ["a missing column", "time\n5\n", 'status: found the columns time, expected a column "status"'],
    ["bars", "time|status\n5|F\n", "cells set off by commas or semicolons"],
    ["a misspelt column", "tiem,status\n5,F\n", '(did you mean "tiem" to be it?)'],
    [
      "a stress that is missing in a row",
      "time,status,load_kN\n5,F,2\n6,F,\n7,F,4\n",
      "d.csv:3:5  load_kN: found nothing, expected a number",
    ],
    [
      "a suspension that ends before its time",
      "time,status,time_high\n300,S,200\n",
      "d.csv:2:7  time_high: found 200, expected at least time, 300, or nothing",
    ],
    ["a suspension with an end in words", "time,status,time_high\n300,S,later\n", 'found "later"'],
    [
      "a stress with its unit in the cell",
      "time,status,load_kN\n5,F,2 kN\n",
      'd.csv:2:5  load_kN: found "2 kN", expected a number, without kN: the title says the unit',
    ],
    [
      "a stress whose title says no unit",
      "time,status,load\n5,F,2 kN\n6,F,3 kN\n",
      "without kN: a title as load_kN",
    ],
    ["a share", "time,status,load\n5,F,80%\n", "without %: a share as 0.8, or 80 in all rows"],
    [
      "a stress with a decimal comma",
      'time,status,load\n5,F,"1,25"\n',
      'load: found "1,25", expected a number, with a decimal point',
    ],
    ["numbers in the place of titles", "100,F\n200,F\n", "expected titles there, as time,status"],
    ["an unknown text column", "time,status,modes\n5,F,x\n", 'did you mean "mode"?'],
    ["a column twice", "time,time,status\n5,5,F\n", "found the column twice"],
    ["too many cells", "time,status\n5,F,7\n", "d.csv:2:5  found 3 cells, expected 2"],
    [
      "a count of zero",
      "time,status,count\n5,F,0\n",
      "count: found 0, expected a number above zero",
    ],
    ["a count in words", "time,status,count\n5,F,two\n", 'count: found "two", expected a number'],
    ["an open quote", 'time,status,mode\n5,F,"x\n', 'expected a closing "'],
    ["an empty file", "# nothing\n\n", "found no data"],
    ["a header alone", "time,status\n", "found a header without rows"],
  ];
  for (const [what, text, says] of refusals) {
    it(`refuses ${what}`, () => {
      expect(problems(text)).toContain(says);
    });
  }

  it("compares the ends of a life as numbers, and takes an endless or missing one for none", () => {
    const text =
      "time_h,status,time_high\n300,F,300.0\n300,L,3e2\n300,S,300.0 h\n300,S,Inf\n300,S,NA\n300,F,NA\n";
    const kinds = parseLifeData(text, "d").rows.map((r) => r.kind);
    expect(kinds).toEqual(["exact", "left", "right", "right", "right", "exact"]);
  });

  it("says nothing else of a first line of numbers than that titles are missing", () => {
    expect(problems("100,F\n200,F\n")).toMatch(/^1 problem in files:\nd.csv:1:1 .*$/);
  });

  it("offers no column for an unknown one that is there already", () => {
    expect(problems("time,status,tim\n5,F,hot\n")).not.toContain('did you mean "time"');
  });

  it("names all problems of a file at once", () => {
    expect(problems("time,status\n-5,F\n6,Q\n")).toMatch(/^2 problems in files:/);
  });

  it("a failure by another mode is a suspension of this one", () => {
    const { rows } = parseLifeData("time,status,mode\n5,F,a\n7,F,b\n9,S,\n", "d");
    expect(ofModes(rows, ["a"]).map((r) => r.kind)).toEqual(["exact", "right", "right"]);
  });
});
