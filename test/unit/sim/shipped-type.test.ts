import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Block, planBlocks } from "../../../src/device/blocks.js";
import { compilePoints } from "../../../src/device/codec.js";
import { commandPlan, isWritable, planWrite } from "../../../src/device/command.js";
import { type Conditions, conditionHolds } from "../../../src/device/condition.js";
import type { DeviceType } from "../../../src/device/device-type.js";
import { listDeviceTypes, loadDeviceType } from "../../../src/device/load.js";
import { parameterValues } from "../../../src/device/parameter.js";
import { SimDevice } from "../../../src/sim/sim-device.js";

const folders = [fileURLToPath(new URL("../../../../devices", import.meta.url))];
const names = listDeviceTypes(folders).map((type) => type.name);

/** Any value for the parameters that have no default. */
function parametersOf(type: DeviceType) {
  const declared = Object.entries(type.parameters ?? {});
  return parameterValues(
    type,
    Object.fromEntries(declared.map(([name, p]) => [name, p.default ?? `100 ${p.unit}`])),
  ).values;
}

function setUp(name: string) {
  const type = loadDeviceType(name, folders);
  const parameters = parametersOf(type);
  return {
    type,
    codecs: compilePoints(type, parameters),
    device: new SimDevice(type, parameters, 1),
  };
}

function factorOf({ type, codecs, device }: ReturnType<typeof setUp>, name: string) {
  const source = type.points[name]?.scaleFrom?.point;
  if (source === undefined) return undefined;
  return codecs.get(name)!.factorOf(device.get(source));
}

/** Names of the identity points by which `type` refuses the device: raw values, as a rig reads them. */
function strange(type: DeviceType, device: SimDevice): string[] {
  const codecs = compilePoints(type, parametersOf(type));
  return type.identify.flatMap(({ point, raw, rawRange }) => {
    const [{ table, address, count }] = planBlocks(type, [point]) as [Block];
    const answer = device.handle({ kind: "read", table, address, count });
    const found = "words" in answer ? codecs.get(point)!.raw(answer.words, 0) : Number.NaN;
    const [lowest, highest] = rawRange ?? [raw!, raw!];
    return found >= lowest && found <= highest ? [] : [point];
  });
}

it("device types are there to be simulated", () => {
  expect(names.length).toBeGreaterThanOrEqual(16);
});

describe.each(names)("%s, simulated", (name) => {
  it("follows no setpoint before it was started", () => {
    const { type, device } = setUp(name);
    (type.actuators ?? []).forEach(({ point, follows }, i) => {
      if (follows !== undefined) expect(device.activeSetpoint(i), point).toBeUndefined();
    });
  });

  it("passes its identification", () => {
    const { type, device } = setUp(name);
    expect(strange(type, device)).toEqual([]);
  });

  it("answers the planned reads of all its points", () => {
    const { type, device } = setUp(name);
    const readable = Object.entries(type.points).filter(([, p]) => p.access !== "write");
    for (const block of planBlocks(
      type,
      readable.map(([point]) => point),
    )) {
      const { table, address, count } = block;
      expect(device.handle({ kind: "read", table, address, count })).toHaveProperty(
        "words.length",
        count,
      );
    }
  });

  it("accepts what it holds written back, wherever the type allows a write", () => {
    const all = setUp(name);
    const { type, codecs, device } = all;
    for (const [point, facts] of Object.entries(type.points)) {
      if (!isWritable(facts)) continue;
      const value = device.get(point);
      const plan = planWrite(type, codecs, point, value, factorOf(all, point));
      if (!plan.ok) expect(plan.error.message).toContain("forbidden");
      else expect([point, device.handle(plan.request)]).not.toHaveProperty("1.exception");
      expect(device.get(point)).toBe(value);
    }
  });

  it("carries out every command of the type, and forbids none", () => {
    const all = setUp(name);
    const { type, codecs, device } = all;
    for (const command of Object.keys(type.commands ?? {})) {
      for (const { point, value } of commandPlan(type, command).flatMap((step) => step.write)) {
        const plan = planWrite(type, codecs, point, value, factorOf(all, point));
        expect([command, point, plan.ok]).toEqual([command, point, true]);
        if (plan.ok) expect(device.handle(plan.request)).not.toHaveProperty("exception");
        expect(device.get(point)).toBeCloseTo(value, 1);
      }
    }
    expect(device.forbiddenWrites).toBe(0);
  });

  it("shows that its actuators have acted until one is started, and again after its safe command", () => {
    const all = setUp(name);
    for (const actuator of all.type.actuators ?? []) {
      const { point, start, safe, acted, requires } = actuator;
      expect([point, missing(all, requires)]).toEqual([point, []]);
      if (start === undefined || safe === undefined || acted === undefined) continue;
      expect([point, missing(all, acted)]).toEqual([point, []]);
      order(all, [{ point, value: all.codecs.get(point)!.point.range?.[1] ?? 50 }]);
      order(
        all,
        commandPlan(all.type, start).flatMap((step) => step.write),
      );
      expect(missing(all, acted).length).toBeGreaterThan(0);
      for (const { expect: shows } of commandPlan(all.type, start)) {
        for (const { point: shown, value } of shows) expect(all.device.get(shown)).toBe(value);
      }
      order(
        all,
        commandPlan(all.type, safe).flatMap((step) => step.write),
      );
      expect([point, missing(all, acted)]).toEqual([point, []]);
    }
  });
});

function order(all: ReturnType<typeof setUp>, writes: readonly { point: string; value: number }[]) {
  for (const { point, value } of writes) {
    const plan = planWrite(all.type, all.codecs, point, value, factorOf(all, point));
    if (plan.ok) all.device.handle(plan.request);
    expect([point, plan.ok]).toEqual([point, true]);
  }
}

/** Points that do not show what the conditions ask. */
function missing({ type, device }: ReturnType<typeof setUp>, conditions: Conditions = {}) {
  return Object.entries(conditions)
    .filter(([point, condition]) => !conditionHolds(type, point, condition, device.get(point)))
    .map(([point]) => point);
}

it("a servo that its stop has braked to 0 stands, and is still held until it lets go", () => {
  const all = setUp("delta/asda-a2");
  order(all, [{ point: "speed-setpoint", value: 1500 }]);
  order(
    all,
    commandPlan(all.type, "start").flatMap((step) => step.write),
  );
  const shown = () => [all.device.get("zero-speed"), all.device.get("servo-on")];
  expect(shown()).toEqual([0, 1]);
  const [soften, remove] = commandPlan(all.type, "stop");
  order(all, soften!.write);
  expect(shown()).toEqual([1, 1]);
  order(all, remove!.write);
  expect(shown()).toEqual([1, 0]);
});

describe("INVT CHE100 and the MD dialect, which swap command and set-point", () => {
  const che = setUp("invt/che100");
  const md = setUp("inovance/md-dialect");

  it("the swap is real: each one's command lies on the other's set-point", () => {
    const at = ({ type }: typeof che, point: string) => type.points[point]?.address;
    expect(at(che, "command")).toBe(at(md, "setpoint"));
    expect(at(che, "setpoint")).toBe(at(md, "command"));
  });

  it("the CHE100 type refuses a drive of the MD dialect by its missing device code", () => {
    md.device.set("running-frequency", 0.01);
    expect(strange(che.type, md.device)).toEqual(["device-code"]);
  });

  it.each([0, 50])("the MD dialect refuses a CHE100 that runs at %i Hz (3000H)", (frequencyHz) => {
    che.device.set("running-frequency", frequencyHz);
    expect(strange(md.type, che.device)).toEqual(["state"]);
  });
});
