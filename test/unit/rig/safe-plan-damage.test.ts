import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Ask, PlanActuator, SafePlan } from "../../../src/rig/safe-plan.js";
import { safePlanVersion } from "../../../src/rig/safe-plan.js";
import { readPlan, stateFolder, writePlan } from "../../../src/rig/safe-plan-file.js";
import { smallPlan } from "./small-plan.js";

const folder = mkdtempSync(join(tmpdir(), "plan-damage-"));
const file = join(folder, "rig.plan.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = { kind: "read", table: "holding", address: 10, count: 1 } as const;
const ask = {
  device: "drive",
  name: "speed",
  request: read,
  test: { words: [0] },
} as unknown as Ask;
const request = { kind: "write", table: "holding", address: 10, values: [0], single: true };
const step = { does: "remove", writes: [{ name: "speed", request }], expect: [ask], waitMs: 0 };
const asks = { trip: [ask], isolate: [ask] };
const walked = {
  ...{ needs: [{ ask, forMs: 0 }], obeys: [ask], acted: [ask], held: asks, effect: asks },
  steps: { trip: [step], isolate: [step] },
};
const small = smallPlan("speed");
const plan = {
  ...{ plan: "safe", version: safePlanVersion, software: "0", machine: "m", site: "/srv" },
  ...{ rig: "bench", writtenWall: 0, run: null, abandoned: null },
  lines: { drives: { spec: { tcp: "127.0.0.1:502" }, wire: {} } },
  devices: small.devices,
  actuators: [{ ...small.actuators[0], ...walked } as unknown as PlanActuator],
} as unknown as SafePlan;

describe("a plan that is damaged inside valid JSON", () => {
  it("is a plan where nothing is", () => {
    writePlan(file, plan);
    expect(readPlan(file).kind).toBe("plan");
  });

  it.each([
    ["trip", "trjp"],
    ["isolate", "isplate"],
    ["steps", "stebs"],
    ["needs", "neets"],
    ["held", "help"],
    ["effect", "efect"],
    ["writes", "writs"],
    ["request", "reqvest"],
    ["energised", "energized"],
    ["timing", "timinG"],
    ["spec", "spek"],
    ["actuators", "actvators"],
  ])("is unusable, and never a defect later, with %s written %s", (right, wrong) => {
    writePlan(file, plan);
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(`"${right}"`, `"${wrong}"`));
    expect(readPlan(file)).toMatchObject({ kind: "unusable" });
  });

  it.each([
    ["an actuator that is none", { ...plan, actuators: [null] }],
    ["no lines", { ...plan, lines: {} }],
    ["no devices", { ...plan, devices: {} }],
  ])("is unusable with %s", (_what, damaged) => {
    writeFileSync(file, JSON.stringify(damaged));
    expect(readPlan(file)).toMatchObject({ kind: "unusable" });
  });
});

it("a state folder that is given as nothing counts as not given", () => {
  const env = { XDG_STATE_HOME: "", STATE_DIRECTORY: "", HOME: "/home/x" };
  expect(stateFolder(undefined, env)).toMatch(/^\/.*\.local\/state\/wearout$/);
});
