import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { good } from "../../../src/base/sample.js";
import { parseText } from "../../../src/base/schema.js";
import { rigProblems } from "../../../src/cli/run/simulate.js";
import { readDeviceType } from "../../../src/device/load.js";
import { checkRig } from "../../../src/rig/check/check.js";
import { rigWarnings } from "../../../src/rig/check/warning.js";
import { withConstants } from "../../../src/rig/constant.js";
import { type LoadedRig, loadRig } from "../../../src/rig/load.js";
import { RigFile } from "../../../src/rig/rig-file.js";
import { changedRig } from "../../sim/short.js";
import { bench, folders, root } from "./bench.js";

const types = new Map(
  ["inovance/md-dialect", "omron/e5cc", "witmotion/wtvb01-485", "advantech/adam-4024"]
    .concat("eastron/sdm630")
    .map((name) => [name, readDeviceType(`${root}devices/${name}.yaml`).value!]),
);

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

/** The rig of this text, as from a site. */
function rigOf(text: string): LoadedRig {
  return loadRig(fileOf(text), folders);
}

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "wearout-constant-"));
  made.push(folder);
  const file = join(folder, "bearing-four.yaml");
  writeFileSync(file, text);
  return file;
}

/** bearing-four with a role `arm` of which this is said, and other changes. */
function rigWith(arm: string, changes: Record<string, string> = {}): string {
  const roles = "roles:\n  speed:";
  return changedRig("bearing-four", { [roles]: `roles:\n  arm: ${arm}\n  speed:`, ...changes });
}

function said(text: string): string[] {
  const parsed = parseText(RigFile, text, "rigs/bearing-four.yaml");
  expect(parsed.problems).toEqual([]);
  return checkRig(parsed, types).map((p) => `${p.field}: ${p.found}; ${p.expected}`);
}

describe("a role that is constant", () => {
  it("is a quantity of its own dimension, and nothing else", () => {
    expect(said(rigWith("{ unit: kN, constant: 4.2 kN }"))).toEqual([]);
    expect(said(rigWith("{ unit: kN, constant: 4.2 Nm }"))).toEqual([
      'roles.arm.constant: "4.2 Nm"; a force, in kN or the like',
    ]);
    expect(said(rigWith("{ unit: kN, constant: 4.2 kN, read: meter.total-power }"))[0]).toBe(
      "roles.arm: a role that is constant and something else; constant alone",
    );
    expect(said(rigWith("{ unit: kN, constant: { perRun: [6 kN, 1 kN] } }"))).toEqual([
      'roles.arm.constant.perRun: ["6 kN","1 kN"]; the lowest value first',
    ]);
  });

  it("is in every sample, and what is derived from it too", async () => {
    const half = "half: { unit: kN, derive: { by: multiple, of: [arm], factor: 0.5 } }";
    const file = fileOf(rigWith(`{ unit: kN, constant: 4.2 kN }\n  ${half}`));
    const { rig, column } = bench(file);
    const { values, quality } = await rig.sample(1);
    const at = [column("arm"), column("half")];
    expect(at.map((i) => values[i])).toEqual([4200, 2100]);
    expect(at.map((i) => quality[i])).toEqual([good, good]);
    expect(rig.isRead(column("arm"))).toBe(true);
  });

  it("is given for a run in its range, and refused in a sentence otherwise", () => {
    const text = rigWith("{ unit: kN, constant: { perRun: [1 kN, 6 kN] } }");
    const rig = rigOf(text);
    expect(rig.constants).toEqual([]);
    expect(withConstants(rig, { arm: "4200 N" }).constants).toEqual([{ column: 0, value: 4200 }]);
    expect(() => withConstants(rig, {})).toThrow("--constant: arm is given per run");
    expect(() => withConstants(rig, { arm: "7 kN" })).toThrow(
      'found "7 kN" (7 kN), expected 1 kN to 6 kN',
    );
    expect(() => withConstants(rig, { arm: "7 Nm" })).toThrow('found "7 Nm", expected a force');
    expect(() => withConstants(rig, { arm: "4 kN", toString: "4 kN" })).toThrow('"toString"');
  });
});

describe("a cycle", () => {
  const cycle = (text: string) => ({ "cycle: 1 s": `cycle: ${text}` });
  const warned = (text: string) => {
    const parsed = parseText(RigFile, changedRig("bearing-four", cycle(text)), "bearing-four.yaml");
    return rigWarnings(parsed, types).map((p) => `${p.field}: ${p.found}; ${p.expected}`);
  };

  it("that the wire alone fills is refused, with the figure to write", () => {
    const [line] = said(changedRig("bearing-four", cycle("100 ms")));
    expect(line).toMatch(
      /^cycle: 100 ms, but the reads of line sensors need \d+ ms on the wire alone; at least \d+ ms/,
    );
  });

  it("that is shorter than its devices may take is warned of", () => {
    expect(warned("1 s")).toEqual([]);
    expect(warned("500 ms")[0]).toMatch(
      /^cycle: 500 ms: the reads of line sensors may take \d+ ms, so cycles may be missed; at least/,
    );
  });
});

describe("a rig that may turn backwards", () => {
  it("reads its speed from a point that can show it", () => {
    const floor = { "    ceiling: 6000 rpm\n": "    ceiling: 6000 rpm\n    floor: -6000 rpm\n" };
    expect(said(changedRig("bearing-four", floor)).join("\n")).toMatch(
      /roles.speed.read: -6000 rpm, which spindle.running-speed cannot carry/,
    );
  });
});

describe("what exposure is counted from", () => {
  it("is the load that its specimens are rated for: a force for bearings, a torque for reducers", () => {
    const found = (name: string, text: string) =>
      rigProblems(parseText(RigFile, text, `${name}.yaml`)).map((p) => `${p.found}; ${p.expected}`);
    const cooling = rigWith("{ unit: Hz, constant: 50 Hz }", {
      "\n  load: load\n": "\n  load: arm\n",
    });
    const reason = 'the role "arm" (a frequency) as the load of a';
    expect(found("bearing-four", cooling)).toEqual([
      `${reason} ball-bearing; a role of force`,
      `${reason} roller-bearing; a role of force`,
    ]);
    const torque = changedRig("harmonic-one", { "load: output-torque": "load: input-speed" });
    expect(found("harmonic-one", torque)[0]).toMatch(
      /a speed\) as the load of a .*; a role of torque/,
    );
    expect(found("bearing-four", changedRig("bearing-four", {}))).toEqual([]);
  });

  it("is a speed, and a power", () => {
    const text = readFileSync(`${root}rigs/bearing-four.yaml`, "utf8");
    const wrong = text.replace(/exposure:\n( +)speed: speed/, "exposure:\n$1speed: load");
    expect(said(wrong)).toEqual(['exposure.speed: the role "load" (a force); a role of speed']);
  });
});
