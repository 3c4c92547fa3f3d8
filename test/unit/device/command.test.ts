import { describe, expect, it } from "vitest";
import { compilePoints } from "../../../src/device/codec.js";
import { commandPlan, planWrite } from "../../../src/device/command.js";
import { parameterValues } from "../../../src/device/parameter.js";
import { sampleType } from "./sample-type.js";

const type = sampleType();
const codecs = compilePoints(type, parameterValues(type).values);
const plan = (name: string, value: number | string) => planWrite(type, codecs, name, value);

describe("writes", () => {
  it("one register goes by function 6, several by 16, a coil by 5", () => {
    expect(plan("setpoint", 150)).toEqual({
      ok: true,
      request: { kind: "write", table: "holding", address: 0x10, values: [1500], single: true },
    });
    expect(plan("ramp", 65537)).toMatchObject({ request: { values: [1, 1], single: false } });
    expect(plan("brake", 1)).toMatchObject({ request: { table: "coil", single: true } });
  });

  it("the point's own function and address win", () => {
    const facts = { function: 16, address: 0x110 };
    const points = { ...type.points, setpoint: { ...type.points.setpoint!, write: facts } };
    const other = { ...type, points };
    expect(planWrite(other, codecs, "setpoint", 1)).toMatchObject({
      request: { address: 0x110, values: [10], single: false },
    });
  });

  it.each<[string, number | string, RegExp]>([
    ["setpoint", 3001, /outside 0 to 3000 rpm/],
    ["torque", 1, /read only/],
    ["setpont", 1, /"setpoint"/],
    ["command", "halt", /no word/],
    ["command", 5, /enum/],
    ["ramp", 7, /forbidden, it bites/],
  ])("%s = %s is refused, with the reason", (name, value, reason) => {
    const refused = plan(name, value);
    expect(refused.ok).toBe(false);
    if (refused.ok) return;
    expect(refused.error.code).toBe("WRITE_REFUSED");
    expect(refused.error.message).toMatch(reason);
  });
});

describe("a command", () => {
  it("has its words and durations resolved, in order; a step takes energy away unless it softens", () => {
    const usual = { does: "remove", expect: [], withinMs: 2000 };
    expect(commandPlan(type, "stop")).toEqual([
      { ...usual, write: [{ point: "setpoint", value: 0 }], waitMs: 500 },
      { ...usual, write: [{ point: "command", value: 6 }], waitMs: 0 },
    ]);
    expect(commandPlan(type, "start")[1]).toMatchObject({
      expect: [{ point: "state", value: 1 }],
      withinMs: 2000,
    });
  });

  it("says which step softens and how long that may take", () => {
    const stop = [{ does: "soften", write: { setpoint: 0 }, within: "700 ms" }] as const;
    const other = { ...type, commands: { stop: [...stop] } };
    expect(commandPlan(other, "stop")).toMatchObject([{ does: "soften", withinMs: 700 }]);
  });
});

describe("parameters", () => {
  it("come in the declared unit, from the file or the default", () => {
    expect(parameterValues(type).values).toEqual({ "full-scale": 50 });
    expect(parameterValues(type, { "full-scale": "0.2 kNm" }).values).toEqual({
      "full-scale": 200,
    });
  });

  it("unknown names and wrong dimensions are problems", () => {
    expect(parameterValues(type, { "ful-scale": "2 Nm" }).problems).toMatchObject([
      { name: "ful-scale", expected: expect.stringContaining('"full-scale"') },
    ]);
    expect(parameterValues(type, { "full-scale": "2 N" }).problems).toMatchObject([
      { name: "full-scale", found: '"2 N"' },
    ]);
  });

  it("one without default must be given", () => {
    const bare = { ...type, parameters: { span: { unit: "Nm", title: "span" } } };
    expect(parameterValues(bare).problems).toMatchObject([{ name: "span", found: "nothing" }]);
  });
});
