import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clampSetpoint } from "../../../src/rig/clamp.js";
import { bench } from "./bench.js";

/** Actuators of bearing-four: load first, speed second. */
const load = 0;
const speed = 1;

async function started() {
  const b = bench();
  expect(await b.rig.start()).toEqual([]);
  return b;
}

describe("writing setpoints", () => {
  it("start puts every setpoint at its floor before it lets the device follow", async () => {
    const { line, device } = await started();
    const written = line("drive").writes();
    const command = written.findIndex((s) => s.request.address === 0x2000);
    const setpoint = written.findIndex((s) => s.request.address === 0x1000);
    expect(setpoint).toBeGreaterThanOrEqual(0);
    expect(setpoint).toBeLessThan(command);
    expect(device("spindle").activeSetpoint(0)).toBe(0);
    expect(device("hydraulics").get("output-0")).toBe(4);
  });

  it("canonical setpoints become the device's own units", async () => {
    const { rig, device } = await started();
    expect(await rig.write([6000, 1500])).toEqual([]);
    expect(device("spindle").get("setpoint")).toBe(25);
    expect(device("hydraulics").get("output-0")).toBeCloseTo(12, 2);
  });

  it("no written value ever exceeds a ceiling or goes below a floor, whatever is asked", async () => {
    const { rig, device } = await started();
    const anything = fc.oneof(
      fc.double(),
      fc.double({ min: -20_000, max: 20_000 }),
      fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN),
    );
    await fc.assert(
      fc.asyncProperty(anything, anything, async (askedLoad, askedSpeed) => {
        expect(await rig.write([askedLoad, askedSpeed])).toEqual([]);
        const percent = device("spindle").get("setpoint");
        const current = device("hydraulics").get("output-0");
        expect(percent).toBeGreaterThanOrEqual(0);
        expect(percent).toBeLessThanOrEqual(100);
        expect(current).toBeGreaterThanOrEqual(4);
        expect(current).toBeLessThanOrEqual(20);
      }),
      { numRuns: 200 },
    );
  });

  it("what is no number becomes the safe value", () => {
    const facts = bench().rig.actuators[speed]!;
    expect(clampSetpoint(facts, Number.NaN)).toBe(facts.safe);
    expect(clampSetpoint({ ...facts, floor: -50, safe: -10 }, Number.NaN)).toBe(-10);
    expect(clampSetpoint(facts, Number.POSITIVE_INFINITY)).toBe(facts.ceiling);
  });

  it("unchanged raw words are not written again", async () => {
    const { rig, line } = await started();
    await rig.write([0, 1500]);
    const before = line("drive").writes().length;
    await rig.write([0, 1500]);
    // The drive counts in 0.01 % of 6000 rpm: 0.2 rpm more is the same word.
    await rig.write([0, 1500.2]);
    expect(line("drive").writes().length).toBe(before);
    await rig.write([0, 1501]);
    expect(line("drive").writes().length).toBe(before + 1);
  });

  it("after a device was silent its setpoint is written again", async () => {
    const { rig, line, device } = await started();
    await rig.write([0, 1500]);
    const before = line("drive").writes().length;
    line("drive").dead.add(1);
    await rig.sample(0);
    line("drive").dead.clear();
    device("spindle").set("setpoint", 0);
    await rig.sample(1);
    expect(await rig.write([0, 1500])).toEqual([]);
    expect(line("drive").writes().length).toBe(before + 1);
    expect(device("spindle").get("setpoint")).toBe(25);
  });

  it("a write without confirmation is a fault and is tried again in the next cycle", async () => {
    const { rig, line, device } = await started();
    line("io").dead.add(31);
    const faults = await rig.write([6000, 0]);
    expect(faults).toEqual([
      { code: "write-failed", device: "hydraulics", detail: "output-0: timeout" },
    ]);
    line("io").dead.clear();
    expect(await rig.write([6000, 0])).toEqual([]);
    expect(device("hydraulics").get("output-0")).toBeCloseTo(12, 2);
  });

  it("a device that takes the write but holds another value is found out", async () => {
    const { rig, device } = await started();
    device("hydraulics").onWrite(() => device("hydraulics").set("output-0", 5));
    const [fault] = await rig.write([6000, 0]);
    expect(fault?.code).toBe("write-failed");
    expect(fault?.detail).toMatch(/^output-0 reads back \d+ instead of \d+$/);
  });

  it("a start is not given up for one lost answer, as on a machine that is busy", async () => {
    const b = bench();
    const start = b.rig.start();
    // The drive has said who it is; the sensors have not yet.
    await b.clock.sleep(1.5);
    expect(b.line("drive").writes()).toEqual([]);
    b.line("drive").lostAnswers = 1;
    expect(await start).toEqual([]);
    expect(b.line("drive").lostAnswers).toBe(0);
  });

  it("a start is given up for a device that stays silent", async () => {
    const b = bench();
    const start = b.rig.start();
    await b.clock.sleep(1.5);
    b.line("drive").dead.add(1);
    expect(await start).toMatchObject([{ code: "write-failed", device: "spindle" }]);
  });

  it("nothing is written before start, nor after safe", async () => {
    const { rig, line } = bench();
    await rig.write([6000, 1500]);
    expect(line("drive").writes()).toEqual([]);
    await rig.start();
    await rig.safe("test");
    expect(rig.isSafe).toBe(true);
    const before = line("drive").writes().length;
    await rig.write([6000, 1500]);
    expect(line("drive").writes().length).toBe(before);
    await rig.start();
    expect(rig.isSafe).toBe(false);
    await rig.write([6000, 1500]);
    expect(line("drive").writes().length).toBeGreaterThan(before);
  });

  it("the guard's setpoints are the clamped ones", async () => {
    const { rig } = await started();
    await rig.write([99e9, 1500]);
    expect(rig.setpoints[load]).toBe(12_000);
    expect(rig.setpoints[speed]).toBe(1500);
  });
});

describe("writes that must not be repeated blindly", () => {
  type Write = { repeat?: "read-back-first" | "never"; shortestInterval?: string };

  async function careful(write: Write) {
    const b = bench("bearing-four", ({ devices }) => {
      const point = devices.get("hydraulics")?.type.points["output-0"];
      if (point !== undefined) point.write = { function: 6, readBack: "echo", ...write };
    });
    expect(await b.rig.start()).toEqual([]);
    return b;
  }

  /** The module takes the next write but its answer is lost. */
  function loseOneAnswer(b: Awaited<ReturnType<typeof careful>>) {
    b.line("io").lostAnswers = 1;
  }

  it("read-back-first looks whether a lost write arrived, and does not send it again if so", async () => {
    const b = await careful({ repeat: "read-back-first" });
    loseOneAnswer(b);
    expect(await b.rig.write([6000, 0])).toHaveLength(1);
    const before = b.line("io").writes().length;
    expect(await b.rig.write([6000, 0])).toEqual([]);
    expect(b.line("io").writes().length).toBe(before);
    expect(b.device("hydraulics").get("output-0")).toBeCloseTo(12, 2);
  });

  it("read-back-first sends again what did not arrive", async () => {
    const b = await careful({ repeat: "read-back-first" });
    b.line("io").dead.add(31);
    expect(await b.rig.write([6000, 0])).toHaveLength(1);
    b.line("io").dead.clear();
    expect(await b.rig.write([6000, 0])).toEqual([]);
    expect(b.device("hydraulics").get("output-0")).toBeCloseTo(12, 2);
  });

  it("never means never: a lost write stays a fault until another value is asked for", async () => {
    const b = await careful({ repeat: "never" });
    b.line("io").dead.add(31);
    expect(await b.rig.write([6000, 0])).toHaveLength(1);
    b.line("io").dead.clear();
    const before = b.line("io").writes().length;
    expect(await b.rig.write([6000, 0])).toMatchObject([{ code: "write-failed" }]);
    expect(b.line("io").writes().length).toBe(before);
    expect(await b.rig.write([3000, 0])).toEqual([]);
    expect(b.device("hydraulics").get("output-0")).toBeCloseTo(8, 2);
  });

  it("a point's shortest interval is kept; the last setpoint gets through in the end", async () => {
    const b = await careful({ shortestInterval: "5 s" });
    await b.rig.write([1000, 0]);
    const before = b.line("io").writes().length;
    for (let cycle = 1; cycle <= 4; cycle++) {
      await b.clock.sleep(1000);
      expect(await b.rig.write([1000 + cycle, 0])).toEqual([]);
    }
    expect(b.line("io").writes().length).toBe(before);
    await b.clock.sleep(1000);
    await b.rig.write([9000, 0]);
    expect(b.line("io").writes().length).toBe(before + 1);
    expect(b.device("hydraulics").get("output-0")).toBeCloseTo(16, 2);
  });
});

describe("identity", () => {
  it("a stranger at an address is refused before anything is written to anybody", async () => {
    const { rig, line, device } = bench();
    device("hydraulics").set("module-name", 0x4117);
    const faults = await rig.start();
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ code: "identity", device: "hydraulics" });
    for (const name of ["drive", "sensors", "io"]) expect(line(name).writes()).toEqual([]);
    await rig.write([6000, 1500]);
    for (const name of ["drive", "sensors", "io"]) expect(line(name).writes()).toEqual([]);
  });

  it("a device that does not answer is no stranger, but nothing starts without it", async () => {
    const { rig, line } = bench();
    line("sensors").dead.add(12);
    const faults = await rig.start();
    expect(faults).toMatchObject([{ code: "device-silent", device: "thermometer-2" }]);
    expect(line("drive").writes()).toEqual([]);
  });
});
