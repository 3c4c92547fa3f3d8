import { describe, expect, it } from "vitest";
import { rigShape } from "../../../src/lab/facts.js";
import type { Program } from "../../../src/profile/program.js";
import { roleColumns } from "../../../src/rig/column.js";
import { loadDevices } from "../../../src/rig/device.js";
import { loadRig } from "../../../src/rig/load.js";
import { contextOf } from "../../../src/run/context.js";
import { folders } from "../rig/bench.js";
import { parsedWith, type Says, typesWith } from "../rig/counting-rig.js";

const program: Program = {
  ...{ name: "none", setpointRoles: [], start: new Float64Array(0), segments: [], limits: [] },
  ...{ end: { suddenDeath: false }, interruption: "hold", blackBox: { beforeMs: 0, afterMs: 0 } },
};

function counterIn(says: Says) {
  const rig = parsedWith(says).value!;
  const devices = loadDevices(rig, typesWith(says.point ?? {}));
  const loaded = { ...loadRig("harmonic-one", folders), rig, columns: roleColumns(rig), devices };
  return contextOf({ loaded, rig: rigShape(loaded), program, placed: [] }).turnCounter;
}

describe("the context of a run", () => {
  it("knows the rig's counter in turns: where it begins again and what a step of it hides", () => {
    const turns = { column: 0, turnsPerUnit: 1, stepTurns: 1, wrapTurns: 65_536 };
    expect(counterIn({})).toEqual(turns);
    const tenths = counterIn({ point: { scale: 0.1 } });
    expect(tenths?.stepTurns).toBeCloseTo(0.1, 9);
    expect(tenths?.wrapTurns).toBeCloseTo(6553.6, 9);
  });

  it("knows a counter of load cycles by the turns they take", () => {
    const cycles = {
      role: "{ unit: cycles, read: meter.count }",
      point: { unit: "cycles" } as const,
    };
    const exposure = "turns: count\n  cyclesPerTurn: 4\n  wrapsAt: 10000 cycles";
    const counted = { column: 0, turnsPerUnit: 0.25, stepTurns: 0.25, wrapTurns: 2500 };
    expect(counterIn({ ...cycles, exposure })).toEqual(counted);
  });

  it("has none where the rig names none", () => {
    expect(counterIn({ exposure: "cyclesPerTurn: 1" })).toBeUndefined();
  });
});
