import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newFolder, wearout } from "./command.js";

const folder = newFolder();

function file(name: string, ...lines: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

const loads = ["-2", "1", "-3", "5", "-1", "3", "-4", "4", "-2"];
const plain = file("plain.csv", ...loads);
const torque = file("torque.csv", "output-torque_Nm", ...loads.map((l) => String(Number(l) + 20)));

describe("wearout life rainflow", () => {
  it("counts the example of the standard", async () => {
    const { status, out } = await wearout("life", "rainflow", plain, "--slope", "3", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      method: "astm-e1049-rainflow",
      values: 9,
      missing: 0,
      cycles: 4,
      ranges: [
        { range: 3, count: 0.5 },
        { range: 4, count: 1.5 },
        { range: 6, count: 0.5 },
        { range: 8, count: 1 },
        { range: 9, count: 0.5 },
      ],
      warnings: [],
    });
    const text = await wearout("life", "rainflow", plain);
    expect(text.out).toMatch(/^8 +1$/m);
    expect(text.talk).toContain("--unit");
  });

  it("reads standard input, and tables with semicolons and decimal commas", async () => {
    const piped = spawnSync(
      process.execPath,
      ["bin/wearout.js", "life", "rainflow", "-", "--json"],
      {
        input: `${loads.join("\n")}\n`,
        encoding: "utf8",
      },
    );
    expect(JSON.parse(piped.stdout)).toMatchObject({ values: 9, cycles: 4 });
    const semicolons = file("semicolons.csv", "t;torque", "0;1,5", "1;5,25", "2;-2", "3;3,0");
    const read = await wearout("life", "rainflow", semicolons, "--column", "torque", "--json");
    expect(JSON.parse(read.out)).toMatchObject({ minimum: -2, maximum: 5.25, values: 4 });
  });

  it("says what a file without values is", async () => {
    const cases: [string[], RegExp][] = [
      [["torque_Nm"], /:1:1 {2}torque_Nm: found a header without rows, expected rows with loads/],
      [
        ["-2 1 -3 5 -1 3"],
        /found numbers with spaces between them, expected one number in each line/,
      ],
      [["load,note", ",x", ",y"], /found no value in any of 2 rows/],
    ];
    for (const [i, [lines, said]] of cases.entries()) {
      const path = file(`empty-${i}.csv`, ...lines);
      const column = i === 2 ? ["--column", "load"] : [];
      const { status, talk } = await wearout("life", "rainflow", path, ...column);
      expect(status).toBe(3);
      expect(talk).toMatch(said);
    }
  });

  it("prints steps that a profile takes as they are", async () => {
    const { out } = await wearout("life", "rainflow", torque);
    const steps = out.slice(out.indexOf("\nsteps:"));
    expect(steps).toMatch(/- ramp: \{ to: \{ output-torque: 24.* Nm \}, over: 5 s \}/);
    const profile = file(
      "from-history.yaml",
      ...["profile: from-history", "title: Blocks", "for: [harmonic-reducer]"],
      ...["product: harmonic-reducer/csf-20-100", "roles:", "  output-torque: Nm", steps],
    );
    expect(await wearout("check", profile)).toMatchObject({ status: 0 });
  });

  it("finds a column of a run's export, and passes over what was not read", async () => {
    const rows = loads.map((l, i) => `2026-01-01T00:00:0${i}.000Z,${i},${i},${l},7,`);
    rows.splice(3, 0, "2026-01-01T00:00:03.500Z,3.5,3,99,7,s1.torque=bad", "t,3.6,3,,7,");
    const path = file("run.csv", "time,elapsed_s,cycle,s1.torque_Nm,speed_rpm,quality", ...rows);
    const args = ["life", "rainflow", path, "--column", "s1.torque", "--json"];
    const { out } = await wearout(...args);
    const got = JSON.parse(out) as { programme: { steps: unknown[] } };
    expect(got).toMatchObject({
      column: "s1.torque_Nm",
      unit: "Nm",
      maximum: 5,
      missing: 2,
      cycles: 4,
      warnings: ["READINGS_MISSING"],
    });
    expect(JSON.stringify(got.programme.steps)).toContain('{"to":{"torque":"');
  });

  it("says when a profile would be too long", async () => {
    const many = Array.from({ length: 250_000 }, (_, i) => String(i % 2));
    const { talk } = await wearout(
      "life",
      "rainflow",
      file("many.csv", ["x_Nm", ...many].join("\n")),
    );
    expect(talk).toContain("warning PROGRAMME_LONG");
  });

  const two = file("two.csv", "torque_Nm,speed_rpm", "1,2", "2,3");
  const wrong: [name: string, args: string[], status: number, said: string][] = [
    [
      "a cell that is no number",
      [file("x.csv", "load", "1", "two")],
      3,
      'x.csv:3:1  load: found "two"',
    ],
    ["several columns and none named", [two], 2, "--column says which"],
    ["a column that is not there", [two, "--column", "torqe"], 2, 'did you mean "torque"'],
    ["an empty file", [file("empty.csv")], 3, "found no data"],
    ["a missing file", [join(folder, "none.csv")], 3, "none.csv"],
    ["a constant load", [file("flat.csv", "load", "4", "4")], 5, "NO_CYCLE"],
    ["a unit that is none", [plain, "--unit", "Nn"], 2, "--unit"],
    ["a slope of nothing", [plain, "--slope", "0"], 2, "--slope"],
  ];
  for (const [name, args, status, said] of wrong) {
    it(`${name} ends with ${status} and says so`, async () => {
      const got = await wearout("life", "rainflow", ...args);
      expect(got.talk).toContain(said);
      expect(got).toMatchObject({ status, out: "" });
    });
  }
});
