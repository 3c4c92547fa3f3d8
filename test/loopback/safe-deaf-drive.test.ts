/** Case S2 and rules 1, 2, 3: a drive that will not be stopped is not given up, and never called safe. */
import { expect, it } from "vitest";
import { type Mode, monotonicMs, type Watchdog } from "../plant/config.js";
import type { Controller } from "../plant/controller.js";
import { isDead, isStop, longestTestMs, patienceMs, Scene } from "../plant/scene.js";

async function tripped(scene: Scene): Promise<number> {
  await scene.plant.order({ do: "pv", unit: "thermometer-1", degC: 140 });
  const at = monotonicMs();
  await scene.plant.until(
    "the load is off",
    ({ units }) => !units["hydraulics"]!.energised,
    patienceMs,
  );
  return at;
}

function neverCalledSafe({ talk, out }: Controller): void {
  for (const line of `${talk}${out}`.split("\n")) {
    if (/speed/.test(line))
      expect(line).not.toMatch(/speed[^,;]*(\bsafe\b(?! values?)|: acted|confirmed by)/);
  }
}

/** Long after `safeWithin` is over and the pace of the repeats has changed. */
const deafMs = 6000;

it.concurrent(
  "goes on stopping a drive that is busy (exception 6), and stops it once it listens",
  async ({ onTestFinished: atEnd }) => {
    const scene = await Scene.make({}, atEnd);
    const run = await scene.running();
    await scene.plant.mode("spindle", { exception: { code: 6, every: 1, only: "writes" } });
    const at = await tripped(scene);
    await scene.plant.until("it was busy", ({ atMs }) => atMs - at > deafMs, patienceMs);
    expect(run.isAlive).toBe(true);
    neverCalledSafe(run);
    await scene.plant.mode("spindle", {});
    const healedAt = monotonicMs();
    const stop = await scene.plant.write("a stop", (s) => isStop(s), healedAt, patienceMs);
    expect(stop.atMs - healedAt, "time").toBeLessThan(2000);
    await scene.plant.until("nothing has energy", isDead, patienceMs);
    expect((await run.ended).status).toBe(7);
  },
  longestTestMs,
);

it.concurrent(
  "does not call a drive in LOCAL safe that echoes the stop and turns on",
  async ({ onTestFinished: atEnd }) => {
    const scene = await Scene.make({}, atEnd);
    const run = await scene.running();
    await scene.plant.mode("spindle", { local: true });
    const at = await tripped(scene);
    await scene.plant.write("a stop", (s) => isStop(s), at, patienceMs);
    await scene.plant.until("it was local", ({ atMs }) => atMs - at > 6000, patienceMs);
    expect((await scene.plant.state()).shafts["shaft"]!.rpm).toBeGreaterThan(500);
    expect(run.isAlive).toBe(true);
    neverCalledSafe(run);
    expect(run.talk).toMatch(/speed/);
    await scene.plant.mode("spindle", {});
    await scene.plant.until("nothing has energy", isDead, patienceMs);
    expect((await run.ended).status).toBe(7);
  },
  longestTestMs,
);

const watchdogMs = 2000;
const safeWithinMs = 1000;

for (const fedBy of ["words", "requests", "frames"] satisfies Watchdog["fedBy"][]) {
  // ABB's own is fed by words, ASDA's by requests; by frames where it shares its line.
  const drive = fedBy === "words" ? "acs580" : "asda";
  it.concurrent(
    `gives the watchdog of an ${drive} drive that ignores the stop a silence, fed by ${fedBy}`,
    async ({ onTestFinished: atEnd }) => {
      const scene = await Scene.make({ drive, fedByFrames: fedBy === "frames" }, atEnd);
      const run = await scene.running();
      const mode: Mode = { ignores: true, watchdog: { timeMs: watchdogMs, fedBy } };
      await scene.plant.mode("spindle", mode);
      const at = monotonicMs();
      await scene.plant.order({ do: "pv", unit: "thermometer-1", degC: 140 });
      const first = await scene.plant.write("a stop", (s) => isStop(s, drive), at, patienceMs);
      const state = await scene.plant.until("its watchdog acts", isDead, patienceMs);
      const bound = safeWithinMs + 1.2 * watchdogMs + 1000;
      expect(state.atMs - first.atMs, "time").toBeLessThan(bound);
      expect(state.units["spindle"]!.expired).toBe(1);
      expect((await run.ended).status).toBe(7);
    },
    longestTestMs,
  );
}

it.concurrent(
  "sends servo-off within 600 ms where the drive refuses the write that softens",
  async ({ onTestFinished: atEnd }) => {
    const scene = await Scene.make({ drive: "asda" }, atEnd);
    const run = await scene.running();
    await scene.plant.mode("spindle", { refuses: [0x0112, 0x0113] });
    const at = monotonicMs();
    await scene.plant.order({ do: "pv", unit: "thermometer-1", degC: 140 });
    const refused = await scene.plant.write(
      "the softening write",
      ({ name, address, outcome }) =>
        name === "spindle" && address === 0x0112 && outcome !== "done",
      at,
      patienceMs,
    );
    const off = await scene.plant.write("servo-off", (s) => isStop(s, "asda"), at, patienceMs);
    expect(off.atMs - refused.atMs, "time").toBeLessThan(600);
    await scene.plant.until("nothing has energy", isDead, patienceMs);
    expect((await run.ended).status).toBe(7);
  },
  longestTestMs,
);
