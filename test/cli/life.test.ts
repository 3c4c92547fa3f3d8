import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newFolder, wearout } from "./command.js";

const folder = newFolder();

function csv(name: string, ...lines: string[]): string {
  const file = join(folder, name);
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

const lotA = csv("a.csv", "time_h,status", "18,F", "29,F", "33,F", "42,F", "46,F", "54,F");
const lotB = csv("b.csv", "time_h,status", "56,F", "68,F", "69,F", "84,F", "98,F", "128,S,");
const modes = csv(
  "m.csv",
  "time,status,mode",
  "5,F,spall",
  "7,F,cage",
  "9,F,spall",
  "11,F,cage",
  "12,S,",
);

describe("data that say no unit", () => {
  const bare = csv("bare.csv", "time,status", "18,F", "29,F", "33,F", "42,F", "46,F", "54,F");

  it("are taken to be in that of a time option, and a warning says so", async () => {
    const { status, out } = await wearout(
      "life",
      "fit",
      bare,
      "--at",
      "20h",
      "--at",
      "1d",
      "--json",
    );
    expect(status).toBe(0);
    const got = JSON.parse(out) as { at: object; warnings: string[] };
    expect(Object.keys(got.at)).toEqual(["20", "24"]);
    expect(got.warnings).toEqual(["ASYMPTOTIC_BOUNDS", "UNIT_ASSUMED"]);
  });

  it("stay without one when no option has any", async () => {
    const { out } = await wearout("life", "fit", bare, "--at", "20", "--json");
    expect((JSON.parse(out) as { warnings: string[] }).warnings).toEqual(["ASYMPTOTIC_BOUNDS"]);
  });

  it("do not take a time in hours where they say turns", async () => {
    const turns = csv("turns.csv", "time_turns,status", "18,F", "29,F");
    const { status, talk } = await wearout("life", "fit", turns, "--at", "20h");
    expect(status).toBe(2);
    expect(talk).toContain('--at: found "20h", but the data is in turns');
  });

  it("are so for the end of a growth test and the life of a running one", async () => {
    const times = csv("times.csv", "time", "18", "29", "33");
    const growth = await wearout("life", "growth", times, "--end", "60h", "--json");
    const need = ["--reliability", "0.9", "--life", "20h", "--shape", "1.5", "--json"];
    const decide = await wearout("life", "decide", bare, ...need);
    for (const { out } of [growth, decide]) {
      expect((JSON.parse(out) as { warnings: string[] }).warnings).toContain("UNIT_ASSUMED");
    }
  });
});

describe("a refusal", () => {
  it("names the mode or the lot it is about", async () => {
    const rare = csv("rare.csv", "time,status,mode", "5,F,spall", "7,F,spall", "9,F,cage");
    const byMode = await wearout("life", "fit", rare, "--by-mode");
    expect(byMode.status).toBe(5);
    expect(byMode.talk).toMatch(/ONE_FAILURE: .*\(mode cage; without it: --modes spall\)/);
    const rest = await wearout("life", "fit", rare, "--by-mode", "--modes", "spall");
    expect(rest.status).toBe(0);
    const none = csv("alive.csv", "time_h,status", "5,S");
    const compare = await wearout("life", "compare", lotA, none);
    expect(compare.talk).toMatch(/NO_FAILURE: .*\(the second of the two\)/);
    expect(compare.talk).toContain(`life weibayes ${none} --shape B`);
  });

  it("has its way out for the data that it is about", async () => {
    const spaced = csv("night 1.csv", "time_h,status", "5,S");
    const { talk } = await wearout("life", "fit", spaced);
    expect(talk).toContain(`life weibayes '${spaced}' --shape B`);
  });
});

describe("wearout life fit", () => {
  it("prints one stable JSON object", async () => {
    const { status, out } = await wearout("life", "fit", lotA, "--at", "20h", "--json");
    expect(status).toBe(0);
    const got = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(got)).toEqual([
      "distribution",
      "method",
      "n",
      "failures",
      "suspensions",
      "intervals",
      "entries",
      "logLikelihood",
      "aic",
      "parameters",
      "life",
      "at",
      "bounds",
      "confidence",
      "warnings",
      "unit",
    ]);
    expect(got).toMatchObject({
      distribution: "weibull",
      method: "mle",
      n: 6,
      failures: 6,
      bounds: "likelihood",
      confidence: 0.9,
      warnings: ["ASYMPTOTIC_BOUNDS"],
    });
    expect(Object.keys(got["parameters"] as object)).toEqual(["shape", "scale"]);
    expect(Object.keys(got["life"] as object)).toEqual(["B1", "B5", "B10", "B50", "mean"]);
    expect(Object.keys(got["at"] as object)).toEqual(["20"]);
  });

  it("names the method, the bounds and the unit, and says warnings beside the result", async () => {
    const { out, talk } = await wearout("life", "fit", lotA, "--bounds", "fisher");
    expect(out).toContain("Weibull, two parameters, by maximum likelihood");
    expect(out).toContain("bounds: Fisher information");
    expect(out).toMatch(/^life, h +estimate +lower +upper$/m);
    expect(talk).toMatch(/^warning ASYMPTOTIC_BOUNDS: .*--bounds exact/);
  });

  it("takes a time in another unit of the same kind, and no other", async () => {
    const { out } = await wearout("life", "fit", lotA, "--at", "1d", "--json");
    expect(Object.keys((JSON.parse(out) as { at: object }).at)).toEqual(["24"]);
    const wrong = await wearout("life", "fit", lotA, "--at", "3kN");
    expect(wrong.status).toBe(2);
    expect(wrong.talk).toContain('--at: found "3kN", but the data is in h');
  });

  it("fits one mode, or each by itself", async () => {
    const one = await wearout("life", "fit", modes, "--modes", "cage", "--json");
    expect(JSON.parse(one.out)).toMatchObject({ failures: 2, suspensions: 3 });
    const each = await wearout("life", "fit", modes, "--by-mode", "--json");
    expect(Object.keys((JSON.parse(each.out) as { byMode: object }).byMode)).toEqual([
      "spall",
      "cage",
    ]);
    const wrong = await wearout("life", "fit", modes, "--modes", "rust");
    expect(wrong.status).toBe(2);
    expect(wrong.talk).toContain('--modes: found "rust", expected one of spall, cage');
  });

  it("fits of several modes each by itself those that are asked for, and takes only these together", async () => {
    const three = csv(
      "three.csv",
      "time,status,mode",
      ...["5,F,spall", "7,F,cage", "9,F,spall", "11,F,cage", "12,F,rust", "14,F,rust", "15,S,"],
    );
    const two = await wearout("life", "fit", three, "--by-mode", "--modes", "cage,rust");
    expect(two.out).not.toContain("mode spall");
    expect(two.out).toContain("cage, rust as a series system, as if no other mode struck");
    const asked = ["--by-mode", "--modes", "cage", "--json"];
    const { byMode, series } = JSON.parse((await wearout("life", "fit", three, ...asked)).out) as {
      byMode: Record<string, { life: { B10: { estimate: number } } }>;
      series: { life: { B10: { estimate: number } } };
    };
    expect(Object.keys(byMode)).toEqual(["cage"]);
    expect(series.life.B10.estimate).toBeCloseTo(byMode["cage"]!.life.B10.estimate, 9);
    const wrong = await wearout("life", "fit", three, "--by-mode", "--modes", "nope");
    expect(wrong.status).toBe(2);
    expect(wrong.talk).toContain('--modes: found "nope", expected one of spall, cage, rust');
  });

  it("takes a mode with a comma in quotes, and one without a name as it is shown", async () => {
    const odd = csv(
      "odd.csv",
      "time,status,mode",
      ...['5,F,"spall, inner"', '7,F,"spall, inner"', "9,F,", "11,F,", "12,F,rust"],
    );
    for (const [mode, failures] of [
      ['"spall, inner"', 2],
      ["(unnamed)", 2],
      ['rust,"spall, inner"', 3],
    ] as const) {
      const { out } = await wearout("life", "fit", odd, "--modes", mode, "--json");
      expect(JSON.parse(out)).toMatchObject({ failures });
    }
    const { talk } = await wearout("life", "fit", odd, "--by-mode");
    expect(talk).toContain(`(mode rust; without it: --modes '"spall, inner",(unnamed)')`);
    const wrong = await wearout("life", "fit", odd, "--modes", "spall, inner");
    expect(wrong.talk).toContain('expected one of "spall, inner", (unnamed), rust');
  });

  it("says that who was found failed by another mode is left out, on the screen and in JSON", async () => {
    const left = csv(
      "left.csv",
      "time,status,mode",
      ...["5,F,a", "7,F,a", "9,F,b", "11,F,b", "4,L,b"],
    );
    const { talk } = await wearout("life", "fit", left, "--modes", "a");
    expect(talk).toContain("warning OTHER_MODE_LEFT_OUT");
    const each = await wearout("life", "fit", left, "--by-mode", "--json");
    const { byMode } = JSON.parse(each.out) as { byMode: Record<string, { warnings: string[] }> };
    expect(byMode["a"]!.warnings).toContain("OTHER_MODE_LEFT_OUT");
    expect(byMode["b"]!.warnings).not.toContain("OTHER_MODE_LEFT_OUT");
  });

  it("says that one specimen stands in several rows, on the screen with its name and in JSON", async () => {
    const twice = csv(
      "twice.csv",
      "time,status,specimen,lot",
      ...["5,F,s1,A", "7,F,s2,A", "7,F,s2,A", "9,F,s1,B"],
    );
    const { talk } = await wearout("life", "fit", twice);
    expect(talk).toContain('specimen "s2" stands in 2 rows');
    expect(talk).not.toContain('"s1"');
    expect(talk).toContain("warning SPECIMEN_TWICE");
    const once = csv("once.csv", "time,status,specimen,lot", "5,F,s1,A", "7,F,s2,A", "9,F,s1,B");
    expect((await wearout("life", "fit", once)).talk).not.toContain("SPECIMEN_TWICE");
    for (const verb of [
      ["compare", twice, once],
      ["weibayes", twice, "--shape", "2"],
      ["decide", twice, "--reliability", "0.9", "--life", "5"],
    ]) {
      const { out } = await wearout("life", ...verb, "--json");
      expect((JSON.parse(out) as { warnings: string[] }).warnings, verb[0]).toContain(
        "SPECIMEN_TWICE",
      );
    }
  });

  it("says on the screen and in JSON how many were watched from an age on", async () => {
    const late = csv(
      "late.csv",
      "time_h,status,entry",
      "500,F,300",
      "600,F,300",
      "700,F,",
      "800,S,",
    );
    expect((await wearout("life", "fit", late)).out).toContain(
      "3 failures, 1 suspension, 2 watched from an age on",
    );
    const { out } = await wearout("life", "fit", late, "--json");
    expect(JSON.parse(out)).toMatchObject({ entries: 2, unit: "h" });
    const need = ["--reliability", "0.9", "--life", "500h"];
    expect((await wearout("life", "decide", late, ...need)).out).toContain(
      "4 units: 3 failed, 1 running, 2 watched from an age on",
    );
    expect((await wearout("life", "weibayes", late, "--shape", "2")).out).toContain(
      "2 watched from an age on",
    );
    expect((await wearout("life", "compare", late, lotA)).out).toContain("watched from an age on");
    const ranks = await wearout("life", "fit", late, "--method", "mrr");
    expect(ranks.talk).toContain("ranks know no entry ages; use --method mle");
    expect(ranks.talk).not.toContain("distribution");
  });

  it("gives exact bounds from threads", async () => {
    const { status, out } = await wearout("life", "fit", lotA, "--bounds", "exact");
    expect(status).toBe(0);
    expect(out).toContain("exact (simulated pivots");
  });

  it("ends with 5 where the data cannot answer and 3 where the file is wrong", async () => {
    const alive = csv("alive.csv", "time,status", "500,S", "500,S");
    const refused = await wearout("life", "fit", alive);
    expect(refused.status).toBe(5);
    expect(refused.talk).toContain("NO_FAILURE: ");
    expect(refused.talk).toContain("weibayes");
    const bad = await wearout("life", "fit", csv("bad.csv", "time,status", "-5,F"));
    expect(bad.status).toBe(3);
    expect((await wearout("life", "fit", join(folder, "none.csv"))).status).toBe(3);
    expect((await wearout("life", "fit", lotA, "--confidence", "1.5")).status).toBe(2);
  });
});

describe("at a terminal of 80 columns", () => {
  const { columns } = process.stdout;
  const setColumns = (value: number | undefined) =>
    Object.defineProperty(process.stdout, "columns", { value, configurable: true, writable: true });
  beforeAll(() => setColumns(80));
  afterAll(() => {
    setColumns(columns);
    if (columns === undefined) Reflect.deleteProperty(process.stdout, "columns");
  });

  const need = ["--reliability", "0.9", "--life", "5000h", "--shape", "1.5"];
  const wear = ["a,100,5.2", "a,200,9.8", "b,100,3.0", "b,200,6.5", "c,100,7.1", "c,200,14.2"];
  const worn = csv("worn.csv", "specimen,time_h,value", ...wear);
  const rising = csv("rising.csv", "time_h", "5", "40", "43", "175", "389", "712");
  for (const asked of [
    ["fit", lotA, "--bounds", "fisher"],
    ["fit", modes, "--by-mode", "--modes", "cage"],
    ["growth", rising],
    ["decide", lotA, "--reliability", "0.9", "--life", "50h"],
    ["plan", ...need, "--units", "8"],
    ["plan", "sequential", ...need, "--ratio", "2"],
    ["plan", "sudden-death", ...need, "--units", "24"],
    ["degrade", worn, "--threshold", "30"],
  ]) {
    it(`no line of life ${asked
      .slice(0, 2)
      .map((word) => basename(word))
      .join(" ")} is wider, and JSON stays as it is`, async () => {
      const { status, out } = await wearout("life", ...asked);
      expect([status, out.split("\n").filter((line) => line.length > 80)]).toEqual([0, []]);
      const data = await wearout("life", ...asked, "--json");
      expect(() => JSON.parse(data.out)).not.toThrow();
    });
  }
});

describe("wearout life compare", () => {
  it("says whether they differ and by how much", async () => {
    const { status, out } = await wearout("life", "compare", lotA, lotA);
    expect(status).toBe(0);
    expect(out).toMatch(/one population .* no difference shown/);
    const data = JSON.parse((await wearout("life", "compare", lotA, csvB(), "--json")).out) as {
      ratioB10: { estimate: number };
      contours: { points: unknown[] }[];
    };
    expect(data.ratioB10.estimate).toBeGreaterThan(1);
    expect(data.contours.map((c) => c.points.length)).toEqual([120, 120]);
  });

  it("refuses files of different units", async () => {
    const { status, talk } = await wearout("life", "compare", lotA, modes);
    expect(status).toBe(2);
    expect(talk).toContain('times in "h" and in no unit cannot be compared');
  });

  it("names the cell too many", async () => {
    const long = csv("long.csv", "time_h,status", "56,F", "68,F", "128,S,7");
    expect((await wearout("life", "compare", lotA, long)).talk).toContain(
      "long.csv:4:7  found 3 cells",
    );
    // A spreadsheet's empty one is none.
    expect((await wearout("life", "compare", lotA, lotB)).status).toBe(0);
  });
});

describe("wearout life weibayes", () => {
  it("bounds a life without any failure: the sum over all specimens, the failures alone below it", async () => {
    const alive = csv("twelve.csv", "time,status,count", "500,S,12");
    const { out } = await wearout("life", "weibayes", alive, "--shape", "1.5", "--json");
    const got = JSON.parse(out) as { scale: { estimate: null; lower: number } };
    expect(got.scale.estimate).toBeNull();
    // 500 (12 / -ln 0.1)^(1 / 1.5)
    expect(got.scale.lower).toBeCloseTo(500 * (12 / -Math.log(0.1)) ** (1 / 1.5), 8);
    const one = csv("one.csv", "time,status,count", "500,S,12", "300,F,2");
    const with2 = JSON.parse(
      (await wearout("life", "weibayes", one, "--shape", "2", "--json")).out,
    ) as { scale: { estimate: number } };
    expect(with2.scale.estimate).toBeCloseTo(Math.sqrt((12 * 500 ** 2 + 2 * 300 ** 2) / 2), 8);
  });
});

function csvB(): string {
  return csv("b2.csv", "time_h,status", "56,F", "68,F", "69,F", "84,F", "98,F", "128,S");
}
