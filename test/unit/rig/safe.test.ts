import { describe, expect, it } from "vitest";
import { bench } from "./bench.js";

async function running() {
  const b = bench();
  expect(await b.rig.start()).toEqual([]);
  expect(await b.rig.write([6000, 3000])).toEqual([]);
  return b;
}

/** First write to a line on the stop lane. */
function firstStop(b: ReturnType<typeof bench>, line: string): number {
  const at = b.line(line).sent.find((s) => s.lane === "stop" && s.request.kind === "write")?.at;
  return at ?? Number.NaN;
}

describe("the way to the safe state", () => {
  it("drives every actuator to its safe value on the stop lane, acted by read-back", async () => {
    const b = await running();
    const steps = await b.rig.safe("test");
    expect(steps.map((s) => [s.role, s.acted])).toEqual([
      ["load", true],
      ["speed", true],
    ]);
    expect(b.device("hydraulics").get("output-0")).toBe(4);
    expect(b.device("spindle").get("setpoint")).toBe(0);
    expect(b.device("spindle").activeSetpoint(0)).toBeUndefined();
    const reads = b.line("io").sent.filter((s) => s.lane === "stop" && s.request.kind === "read");
    expect(reads.length).toBeGreaterThan(0);
  });

  it("keeps the safe order: the speed is touched only after the load has acted", async () => {
    const b = await running();
    b.line("io").delayMs = 40;
    await b.rig.safe("test");
    const acted = b.line("io").sent.findLast((s) => s.lane === "stop")?.at ?? 0;
    expect(firstStop(b, "drive")).toBeGreaterThanOrEqual(acted + 40);
  });

  it("a dead device does not hold up the next in order, and is reported", async () => {
    const b = await running();
    b.line("io").dead.add(31);
    const called = b.clock.elapsed();
    const steps = await b.rig.safe("test");
    // One timeout of the dead one (100 ms), then the spindle at once.
    expect(firstStop(b, "drive") - called).toBeLessThanOrEqual(100);
    expect(steps.find((s) => s.role === "speed")).toMatchObject({ acted: true });
    const load = steps.find((s) => s.role === "load");
    expect(load).toMatchObject({ acted: false, device: "hydraulics" });
    // It was repeated for all of its two seconds.
    expect(b.line("io").sent.filter((s) => s.lane === "stop").length).toBeGreaterThan(10);
    expect(load?.tookMs).toBeLessThanOrEqual(2000);
    expect([...b.rig.unheeded]).toEqual(["hydraulics"]);
  });

  it("a device that comes back in time is still brought to its safe value", async () => {
    const b = await running();
    b.line("io").dead.add(31);
    const safe = b.rig.safe("test");
    await b.clock.sleep(700);
    b.line("io").dead.clear();
    const load = (await safe).find((s) => s.role === "load");
    expect(load?.acted).toBe(true);
    expect(load?.tookMs).toBeGreaterThan(650);
    expect(b.device("hydraulics").get("output-0")).toBe(4);
  });

  it("a line that never answers cannot hang it", async () => {
    const b = await running();
    b.line("io").hangs = true;
    b.line("drive").hangs = true;
    const called = b.clock.elapsed();
    const steps = await b.rig.safe("test");
    expect(steps.map((s) => s.acted)).toEqual([false, false]);
    // The load's two seconds, then the speed's five.
    expect(b.clock.elapsed() - called).toBeLessThanOrEqual(7000);
  });

  it("a closed line cannot make it spin or throw", async () => {
    const b = await running();
    await Promise.all(["io", "drive"].map((name) => b.line(name).close()));
    const steps = await b.rig.safe("test");
    expect(steps.map((s) => [s.role, s.acted, s.detail])).toEqual([
      ["load", false, "output-0: closed"],
      ["speed", false, "state: closed"],
    ]);
    expect(b.line("io").sent.length).toBeLessThan(400);
    await b.rig.close();
  });

  it("concurrent callers share one execution, a later one drives again", async () => {
    const b = await running();
    const [first, second] = await Promise.all([b.rig.safe("run"), b.rig.safe("guard")]);
    expect(second).toBe(first);
    const once = b.line("drive").writes().length;
    expect(await b.rig.safe("again")).not.toBe(first);
    expect(b.line("drive").writes().length).toBeGreaterThan(once);
  });

  it("works before start and before any identification, which it then does first", async () => {
    const b = bench();
    b.device("spindle").set("setpoint", 80);
    const steps = await b.rig.safe("after a crash");
    expect(steps.every((s) => s.acted)).toBe(true);
    expect(b.device("spindle").get("setpoint")).toBe(0);
    expect(b.line("drive").sent[0]).toMatchObject({ lane: "stop", request: { kind: "read" } });
  });

  it("never writes a stop to a stranger: on a clone the same word may mean run", async () => {
    const b = bench();
    b.device("hydraulics").set("module-name", 0x4117);
    const steps = await b.rig.safe("after a crash");
    expect(steps.find((s) => s.role === "load")?.acted).toBe(false);
    expect(b.line("io").writes()).toEqual([]);
    expect(steps.find((s) => s.role === "speed")?.acted).toBe(true);
  });

  it("a write that was under way when the stop came cannot undo it", async () => {
    const b = await running();
    b.line("io").delayMs = 300;
    const write = b.rig.write([12_000, 3000]);
    await b.clock.sleep(1);
    expect(b.line("io").writes().at(-1)?.lane).toBe("write");
    // The stop overtakes: the stub carries each out after its own delay, the write last.
    b.line("io").delayMs = 10;
    const steps = await b.rig.safe("test");
    await write;
    expect(steps.every((s) => s.acted)).toBe(true);
    expect(b.device("hydraulics").get("output-0")).toBe(4);
    expect(b.device("spindle").activeSetpoint(0)).toBeUndefined();
  });

  it("a start waits until a stop that is under way is over", async () => {
    const b = await running();
    b.line("io").delayMs = 100;
    const safe = b.rig.safe("test");
    const start = b.rig.start();
    const steps = await safe;
    expect(steps.every((s) => s.acted)).toBe(true);
    const before = b
      .line("drive")
      .writes()
      .filter((s) => s.lane === "stop").length;
    expect(await start).toEqual([]);
    expect(b.rig.isSafe).toBe(false);
    expect(
      b
        .line("drive")
        .writes()
        .filter((s) => s.lane === "stop").length,
    ).toBe(before);
    expect(b.device("spindle").activeSetpoint(0)).toBe(0);
  });

  it("a start that is under way stops where it is", async () => {
    const b = bench();
    b.line("drive").delayMs = 50;
    const start = b.rig.start();
    await b.clock.sleep(60);
    const steps = await b.rig.safe("test");
    const faults = await start;
    expect(faults.length).toBeGreaterThan(0);
    expect(steps.every((s) => s.acted)).toBe(true);
    expect(b.device("spindle").activeSetpoint(0)).toBeUndefined();
    await b.rig.write([6000, 3000]);
    expect(b.device("spindle").get("setpoint")).toBe(0);
  });
});

describe("a servo that is braked before it lets go", () => {
  /** Turning at 1500 rpm against a released brake. */
  async function turning() {
    const b = bench("harmonic-one");
    expect(await b.rig.start()).toEqual([]);
    expect(await b.rig.write([0, 1500])).toEqual([]);
    const servo = b.device("servo");
    const letGo = () =>
      b
        .line("drive")
        .writes()
        .find((s) => s.lane === "stop" && s.request.address === 0x040e)?.at;
    return { ...b, servo, letGo };
  }

  it("lets go within 600 ms though braking is refused", async () => {
    const b = await turning();
    const handle = b.servo.handle.bind(b.servo);
    b.servo.handle = (request) => {
      const brakes = request.kind === "write" && request.address === 0x0112;
      return brakes ? { exception: 3 } : handle(request);
    };
    const called = b.clock.elapsed();
    await b.rig.safe("test");
    expect((b.letGo() ?? Number.NaN) - called).toBeLessThanOrEqual(600);
    expect(b.servo.get("servo-on")).toBe(0);
  });

  it("lets go when the brake's own deadline is over, though it goes on turning", async () => {
    const b = await turning();
    b.servo.onWrite(() => b.servo.set("zero-speed", 0));
    const called = b.clock.elapsed();
    await b.rig.safe("test");
    expect((b.letGo() ?? Number.NaN) - called).toBeGreaterThanOrEqual(2000);
    expect((b.letGo() ?? Number.NaN) - called).toBeLessThan(2200);
    expect(b.servo.activeSetpoint(0)).toBeUndefined();
  });

  it("brakes first where it can, and lets go as soon as it stands", async () => {
    const b = await turning();
    const called = b.clock.elapsed();
    const steps = await b.rig.safe("test");
    expect(steps.map((s) => [s.role, s.acted])).toEqual([
      ["output-torque", true],
      ["input-speed", true],
    ]);
    const stop = b
      .line("drive")
      .writes()
      .filter((s) => s.lane === "stop");
    expect(stop.map((s) => s.request.address)).toEqual([0x0112, 0x040e, 0x030c]);
    expect((b.letGo() ?? Number.NaN) - called).toBeLessThan(100);
  });
});

it("a plain output gets the rig's own safe value and never another on the way to it", async () => {
  const b = bench("bearing-four", ({ rig }) => {
    rig.actuators["load"]!.safe = "2 kN";
  });
  for (let i = 0; i < 10; i++) {
    expect(await b.rig.start()).toEqual([]);
    await b.rig.write([6000, 3000]);
    expect((await b.rig.safe("test")).every((s) => s.acted)).toBe(true);
  }
  const stops = b
    .line("io")
    .writes()
    .filter((s) => s.lane === "stop");
  expect(stops).toHaveLength(10);
  expect(new Set(stops.map((s) => JSON.stringify(s.request))).size).toBe(1);
  expect(b.device("hydraulics").get("output-0")).toBeGreaterThan(4);
});
