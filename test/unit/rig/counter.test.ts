import { describe, expect, it } from "vitest";
import type { Point } from "../../../src/device/device-type.js";
import { checkRig } from "../../../src/rig/check/check.js";
import { roleColumns } from "../../../src/rig/column.js";
import { counterOf } from "../../../src/rig/counter.js";
import { loadDevices } from "../../../src/rig/device.js";
import { parsedWith, type Says, typesWith } from "./counting-rig.js";

function counter(says: Says) {
  const rig = parsedWith(says).value!;
  const types = typesWith(says.point ?? {});
  return counterOf({ rig, columns: roleColumns(rig), devices: loadDevices(rig, types) });
}

function said(says: Says): string[] {
  const problems = checkRig(parsedWith(says), typesWith(says.point ?? {}));
  return problems.map((p) => `${p.field}: ${p.found}; ${p.expected}`);
}

describe("a role that counts turns", () => {
  it.each<[string, Says, number]>([
    ["a register of 16 bits", {}, 65_536],
    ["one of 32 bits with a sign", { point: { as: "s32" } }, 2 ** 32],
    ["half a register", { point: { as: "u8", byte: "low", unit: "Mturns" } }, 256e6],
    ["the bits of a mask", { point: { as: "u32", mask: 0x00ff_fff0 } }, 2 ** 20],
    ["decimal digits", { point: { as: "bcd32" } }, 1e8],
    ["a scale", { point: { scale: 0.1 } }, 6553.6],
    ["a scale and 32 bits", { point: { as: "u32", scale: 0.01 } }, 42_949_672.96],
    ["a register of 64 bits", { point: { as: "u64" } }, Number.POSITIVE_INFINITY],
    ["what the rig says instead", { exposure: "turns: count\n  wrapsAt: 0.01 Mturns" }, 10_000],
  ])("begins again where %s does", (_, says, wrapsAt) => {
    const found = counter(says);
    expect(found?.role).toBe("count");
    const error = Math.abs(found!.wrapsAt - wrapsAt);
    expect(found?.wrapsAt === wrapsAt || error < 1e-6).toBe(true);
    expect(said(says)).toEqual([]);
  });

  it("may be a multiple of one, and pulses by a straight line", () => {
    const behindGear = "{ unit: turns, derive: { by: multiple, of: [pulses], factor: 0.02 } }";
    const line = 'linear: [["0", "0 turns"], ["4096", "1 turns"]]';
    const pulses = `  pulses: { unit: turns, read: meter.count, ${line} }\n`;
    const says = { role: behindGear, more: pulses, point: { as: "u32", unit: "1" } as const };
    expect(counter(says)?.wrapsAt).toBeCloseTo((0.02 * 2 ** 32) / 4096, 6);
    expect(said(says)).toEqual([]);
  });

  it("is none where the rig names none", () => {
    expect(counter({ exposure: "cyclesPerTurn: 2" })).toBeUndefined();
  });
});

describe("what is refused of it", () => {
  const whole = "a role that reads a point of whole numbers with one scale, or a multiple of one";

  it("is a role that is not there, and a wrap without one", () => {
    const [unknown, ...others] = said({ exposure: "turns: counts" });
    expect(others).toEqual([]);
    expect(unknown).toMatch(/^exposure.turns: the unknown role "counts"; "count" \(did you mean/);
    expect(said({ exposure: "wrapsAt: 10 turns" })).toEqual([
      'exposure.wrapsAt: "10 turns" without a role that counts; turns: the role that counts, or no wrapsAt',
    ]);
  });

  it("is another dimension, of the role and of its wrap", () => {
    expect(said({ exposure: "turns: input-speed" })).toContain(
      'exposure.turns: the role "input-speed" (a speed); a role of turns or cycles',
    );
    for (const wrap of ["0 turns", "10 cycles", "10 turns/s"]) {
      expect(said({ exposure: `turns: count\n  wrapsAt: ${wrap}` })[0]).toContain(
        `exposure.wrapsAt: "${wrap}"; turns above zero, as "2 Mturns"`,
      );
    }
    expect(said({ exposure: "turns: count\n  wrapsAt: '10000'" })[0]).toContain(
      "the unit is missing",
    );
  });

  it.each<[string, Partial<Point>]>([
    ["real numbers", { as: "f32" }],
    ["a sign bit of its own", { as: "sm32" }],
    ["a factor from another register", { scaleFrom: { point: "voltage-l1", powerOf: 10 } }],
    [
      "lines of several slopes",
      {
        linear: [
          [0, 0],
          [10, 10],
          [20, 40],
        ],
      },
    ],
  ])("is a point with %s", (_, point) => {
    expect(said({ point })).toContain(
      `exposure.turns: the role "count", with "meter.count" behind it; ${whole}`,
    );
  });

  it("is a role that nothing counts behind", () => {
    expect(said({ role: '{ unit: turns, constant: "5 turns" }' })).toEqual([
      `exposure.turns: the role "count", with no point that is read behind it; ${whole}`,
    ]);
  });

  it("is a counter that would come round while nobody looks, or counts down", () => {
    const [problem, ...others] = said({ point: { as: "u8", byte: "low" } });
    expect(others).toEqual([]);
    expect(problem).toMatch(
      /^exposure.turns: the role "count", which begins again after 256 turns; a counter that takes longer than 8 s at the ceiling of input-speed \(it takes \d+ s\)$/,
    );
    expect(said({ point: { scale: -1 } })).toEqual([
      'exposure.turns: the role "count", which counts down; one that counts up',
    ]);
  });
});
