/**
 * Every length of deafness at every step of every shipped type's way to its safe state: once the device listens
 * again, or the silence that is kept for its watchdog just then is over, it is stopped and believed within two
 * seconds. What it needs itself to come to rest is its own.
 */
import { describe, expect, it } from "vitest";
import { Cancel } from "../../../src/base/clock.js";
import type { ActuatorSafety } from "../../../src/rig/safety.js";
import type { VirtualPlant } from "../../plant/virtual.js";
import { type Bench, unitOf, workingRig } from "./exhaustive-rig.js";
import { type Subject, stepsOf, subjects } from "./exhaustive-subjects.js";

/** The figure of the safety rules: from the return of a line to the stop on the wire. */
const reactionMs = 2000;
/** A question that is under way at its return is lost, and may have been the last before a silence. */
const questionMs = 150;
const deafMs = [250, 500, 1000, 1250, 1500, 2000, 3000, 4000];

type Seen = { backAtMs: number; listensAtMs: number; restAtMs: number };
type Times = Seen & { beganAtMs: number; settledAtMs: number };

/** What happens when the unit says nothing for so long from the n-th request on. */
async function deafFor(
  bench: Bench,
  subject: Subject,
  step: number,
  forMs: number,
): Promise<Times> {
  const { clock, plant, rig } = bench;
  const unit = unitOf(subject.role);
  const times = { backAtMs: Number.NaN, listensAtMs: Number.NaN, restAtMs: clock.elapsed() };
  plant.arm({
    unit,
    modeAt: (n, nowMs) => {
      if (n === step) times.backAtMs = nowMs + forMs;
      return nowMs < times.backAtMs ? { silent: true } : {};
    },
  });
  const beganAtMs = clock.elapsed();
  const end = new Cancel();
  void watch(bench, subject, times, end);
  await rig.safe("a test");
  const acted = rig.whenActed().then(() => clock.elapsed());
  const settledAtMs = await Promise.race([acted, clock.sleep(60_000).then(() => Number.NaN)]);
  end.cancel();
  return { ...times, beganAtMs, settledAtMs };
}

/** When it was listened to again, by both sides, and when it last moved. */
async function watch({ clock, plant, rig }: Bench, { role }: Subject, times: Seen, end: Cancel) {
  while (!end.cancelled) {
    await clock.sleep(20, end);
    const nowMs = clock.elapsed();
    const told = rig.safety().find((safety) => safety.role === role)!;
    const isBack = nowMs >= times.backAtMs + questionMs && !isSilent(told);
    if (isBack && Number.isNaN(times.listensAtMs)) times.listensAtMs = nowMs;
    if (!isAtRest(plant, unitOf(role))) times.restAtMs = nowMs;
  }
}

function isSilent({ next }: ActuatorSafety): boolean {
  return next.includes("watchdog is given time");
}

function isAtRest(plant: VirtualPlant, unit: string): boolean {
  const isMoving = unit === "spindle" && Math.abs(plant.state().shafts["shaft"]!.rpm) >= 10;
  return !isMoving && !plant.state().units[unit]!.energised;
}

/** What was wrong; empty where it was stopped and believed in time. */
function verdict({ plant }: Bench, { role, removes }: Subject, times: Times): string[] {
  const { beganAtMs, backAtMs, listensAtMs, restAtMs, settledAtMs } = times;
  if (Number.isNaN(settledAtMs)) return ["not made safe within a minute"];
  const wrong: string[] = [];
  const own = plant.stamps.filter((s) => s.name === unitOf(role) && s.outcome === "done");
  const wasEarlier = own.some((s) => removes(s) && s.atMs >= beganAtMs && s.atMs < backAtMs);
  const fromMs = Number.isNaN(listensAtMs) ? backAtMs : listensAtMs - questionMs;
  const stop = own.find((s) => removes(s) && s.atMs >= backAtMs);
  if (!wasEarlier && !(stop !== undefined && stop.atMs - fromMs < reactionMs)) {
    wrong.push(
      `stopped ${(stop === undefined ? Number.NaN : stop.atMs - fromMs).toFixed(0)} ms after`,
    );
  }
  const knowableMs = Math.max(fromMs, restAtMs);
  if (settledAtMs - knowableMs > reactionMs) {
    wrong.push(`believed ${(settledAtMs - knowableMs).toFixed(0)} ms after it was at rest`);
  }
  return wrong;
}

async function trial(subject: Subject, step: number, forMs: number): Promise<string[]> {
  const bench = await workingRig(subject.wishes);
  const times = await deafFor(bench, subject, step, forMs);
  const wrong = verdict(bench, subject, times);
  await bench.rig.close();
  return wrong.map((text) => `step ${step}, deaf for ${forMs} ms: ${text}`);
}

describe("every length of deafness", () => {
  for (const subject of subjects) {
    it(`of ${subject.name} ends with a stop within two seconds of its return, and is believed as soon`, async () => {
      const wrong: string[] = [];
      const steps = await stepsOf(subject);
      for (let step = 0; step < steps; step++) {
        for (const forMs of deafMs) wrong.push(...(await trial(subject, step, forMs)));
      }
      expect(wrong).toEqual([]);
    });
  }
});
