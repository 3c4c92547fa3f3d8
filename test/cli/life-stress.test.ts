import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newFolder, wearout } from "./command.js";

const folder = newFolder();

function csv(name: string, ...lines: string[]): string {
  const file = join(folder, name);
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

describe("wearout life alt", () => {
  const data = csv(
    "alt.csv",
    "time_h,status,load_kN,temp_degC",
    ...["300,F,4,60", "410,F,4,60", "560,F,4,60", "90,F,6,80", "130,F,6,80", "150,S,6,80"],
    ...["50,F,4,110", "80,F,4,110", "95,F,4,110"],
  );
  const byLoad = ["--relation", "power", "--stress", "load_kN"];
  const byHeat = ["--relation", "arrhenius", "--stress", "temp_degC"];

  it("prints one stable JSON object", async () => {
    const { status, out } = await wearout("life", "alt", data, ...byHeat, "--use", "40", "--json");
    expect(status).toBe(0);
    const got = JSON.parse(out) as Record<string, object>;
    expect(Object.keys(got)).toEqual([
      "relation",
      "distribution",
      ...["n", "failures", "suspensions", "intervals", "entries", "logLikelihood", "aic"],
      ...[
        "parameters",
        "use",
        "atUse",
        "levels",
        "tests",
        "bounds",
        "confidence",
        "warnings",
        "unit",
      ],
    ]);
    expect(Object.keys(got["parameters"]!)).toEqual(["shape", "activationEnergy", "lnConstant"]);
    expect(Object.keys(got["atUse"]!)).toEqual(["B10", "B50", "mean"]);
    expect(got["warnings"]).toContain("STRESS_EXTRAPOLATION");
  });

  it("says relation, life at use, acceleration factors and tests", async () => {
    const { out, talk } = await wearout("life", "alt", data, ...byHeat, "--use", "40");
    expect(out).toContain("weibull, life = A exp(Ea/kT), by maximum likelihood");
    expect(out).toMatch(/^life, h, at temp_degC 40 +estimate +lower +upper$/m);
    expect(out).toMatch(/^temp_degC 110 +[\d.]+ +[\d.]+ +[\d.]+ +3 +3$/m);
    expect(out).toMatch(/^one shape at all levels +[\d.]+ +2 /m);
    expect(talk).toMatch(/^warning STRESS_EXTRAPOLATION: /m);
  });

  it("takes two stresses, and the stress of use in another unit", async () => {
    const both = ["--relation", "power-arrhenius", "--stress", "temp_degC,load_kN"];
    const { out } = await wearout("life", "alt", data, ...both, "--use", "333.15K,3000N", "--json");
    const got = JSON.parse(out) as { use: Record<string, number>; parameters: object };
    expect(got.use["temp_degC"]).toBeCloseTo(60, 9);
    expect(got.use["load_kN"]).toBeCloseTo(3, 12);
    const names = ["shape", "activationEnergy", "exponent", "lnConstant"];
    expect(Object.keys(got.parameters)).toEqual(names);
  });

  it("looks at some modes only, the others as suspensions, in steps too", async () => {
    const rows = ["300,F,4,spall", "400,F,4,cage", "520,F,4,spall", "40,F,7,spall", "66,F,7,spall"];
    const mixed = csv("modes.csv", "time_h,status,load_kN,mode", ...rows);
    const all = await wearout("life", "alt", mixed, ...byLoad, "--use", "3");
    expect(all.talk).toContain("MODES_MIXED");
    const one = await wearout("life", "alt", mixed, ...byLoad, "--use", "3", "--modes", "spall");
    expect(one.out).toContain("4 failures, 1 suspension");
    expect(one.talk).not.toContain("MODES_MIXED");
    const wrong = await wearout("life", "alt", mixed, ...byLoad, "--use", "3", "--modes", "rust");
    expect(wrong.status).toBe(2);
    expect(wrong.talk).toContain('--modes: found "rust", expected one of spall, cage');
    const head = "specimen,time_h,status,load_kN,mode";
    const lived = ["a,100,S,4,", "b,100,S,4,", "c,90,F,4,spall", "d,70,F,4,spall"];
    const steps = csv("step-modes.csv", head, ...lived, "a,130,F,6,spall", "b,150,F,6,cage");
    const ask = ["--relation", "power", "--use", "3", "--modes", "spall"];
    const stepped = await wearout("life", "steps", steps, ...ask);
    expect(stepped.out).toContain("3 failures, 1 suspension");
  });

  it("refuses temperatures without a unit, columns that are not there, use below zero", async () => {
    const why = async (...words: string[]) => {
      const { status, talk } = await wearout("life", "alt", data, ...words);
      expect(status).toBe(2);
      return talk;
    };
    const heat = ["--relation", "arrhenius", "--use", "40", "--stress"];
    expect(await why(...heat, "temp")).toContain("ends in _degC or _K");
    expect(await why(...heat, "oil_K")).toContain("which has load_kN, temp_degC");
    expect(await why("--relation", "power", "--stress", "temp_degC", "--use", "40")).toContain(
      "--relation arrhenius",
    );
    expect(await why(...byLoad, "--use", "-1")).toContain('--use: found "-1"');
    expect(await why(...byLoad, "--use", "3Nm")).toContain("in the unit of load_kN");
    expect(await why(...byLoad, "--use", "3,4")).toContain("one value for each of load_kN");
  });

  it("names file, line and column of a stress that the relation cannot take", async () => {
    const zero = csv("zero.csv", "time,status,load_kN", "10,F,5", "20,F,0", "30,F,4");
    const { status, talk } = await wearout("life", "alt", zero, ...byLoad, "--use", "3");
    expect(status).toBe(3);
    expect(talk).toContain(`${zero}:3:6  load_kN: found 0, expected a stress above 0`);
  });
});

describe("wearout life steps", () => {
  const head = "specimen,time_h,status,load_kN";
  const lived = ["a,100,S,4", "b,100,S,4", "c,100,S,4", "d,60,F,4", "e,90,F,4"];
  const ends = ["a,163,F,6", "b,200,S,6", "c,130,F,6"];
  const data = csv("steps.csv", head, ...lived, ...ends);
  const ask = ["--relation", "power", "--use", "3"];

  it("takes the only stress column, and prints what alt prints", async () => {
    const { status, out } = await wearout("life", "steps", data, ...ask, "--json");
    expect(status).toBe(0);
    const got = JSON.parse(out) as {
      levels: { n: number; failures: number }[];
      warnings: string[];
    };
    expect(got).toMatchObject({
      relation: "power",
      failures: 4,
      suspensions: 1,
      use: { load_kN: 3 },
    });
    expect(got.levels.map(({ n, failures }) => [n, failures])).toEqual([
      [5, 2],
      [3, 2],
    ]);
    expect(got.warnings[0]).toBe("CUMULATIVE_EXPOSURE");
    const text = await wearout("life", "steps", data, ...ask);
    expect(text.out).toMatch(/^life, h, at load_kN 3 +estimate/m);
  });

  it("refuses two failures for three parameters, and says what would do", async () => {
    const steps = ["a,100,S,4", "a,163,F,6", "b,100,S,4", "b,200,S,6", "b,230,F,8"];
    const few = csv("few.csv", head, ...steps, "c,100,S,4", "c,200,S,6", "c,300,S,8");
    const { status, out, talk } = await wearout("life", "steps", few, ...ask);
    expect({ status, out }).toEqual({ status: 5, out: "" });
    expect(talk).toMatch(/TOO_FEW_FAILURES: .*\(2 for 3 parameters\)/);
  });

  it("names the line of every step that cannot follow the one before", async () => {
    const wrong = csv("wrong.csv", head, "a,100,S,4", "a,90,F,6", "b,50,F,4", "b,60,S,6", ",5,F,4");
    const { status, talk } = await wearout("life", "steps", wrong, ...ask);
    expect(status).toBe(3);
    expect(talk).toContain(`${wrong}:3:3  time: found 90, expected a time after the step before`);
    expect(talk).toContain(`${wrong}:5:6  status: found a step after the failure`);
    expect(talk).toContain(`${wrong}:6:1  specimen: found nothing`);
    const without = csv("without.csv", "time_h,status,load_kN", "100,S,4", "163,F,6");
    const refused = await wearout("life", "steps", without, ...ask);
    expect(refused.status).toBe(3);
    expect(refused.talk).toMatch(/1 problem in files:\n.*:2:8 {2}specimen: found no such column/);
  });
});

describe("wearout life degrade", () => {
  const rows = ["a,100,15", "a,300,22", "a,500,29", "b,100,10", "b,300,20", "b,500,30"];
  const data = csv(
    "wear.csv",
    "specimen,time_h,value_um",
    ...rows,
    "c,100,17",
    "c,300,26",
    "c,500,33",
  );

  it("prints each path and the fit of the lives", async () => {
    const { status, out, talk } = await wearout("life", "degrade", data, "--threshold", "30");
    expect(status).toBe(0);
    expect(out).toMatch(/^a +3 +11\.5 +0\.035 +1 +500 +528\.571 +extrapolated$/m);
    expect(out).toMatch(/^life, h +estimate +lower +upper$/m);
    expect(talk).toMatch(/^warning PSEUDO_LIVES: /m);
  });

  it("prints one stable JSON object with the fit's contract inside", async () => {
    const ask = ["--threshold", "30", "--path", "exponential", "--json"];
    const got = JSON.parse((await wearout("life", "degrade", data, ...ask)).out) as object;
    expect(Object.keys(got)).toEqual(["path", "threshold", "specimens", "warnings", "fit", "unit"]);
    expect(got).toMatchObject({ path: "exponential", fit: { distribution: "weibull", n: 3 } });
  });

  it("refuses a threshold no exponential meets", async () => {
    const ask = ["--threshold", "-3", "--path", "exponential"];
    const { status, talk } = await wearout("life", "degrade", data, ...ask);
    expect(status).toBe(2);
    expect(talk).toContain('--threshold: found "-3", expected a number above 0');
  });
});
