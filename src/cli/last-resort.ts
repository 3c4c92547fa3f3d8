import { Cancel, type Clock, RealClock } from "../base/clock.js";
import { errorTable } from "../base/error.js";
import type { Rig } from "../rig/rig.js";
import { type ActuatorSafety, allActed, safetyText } from "../rig/safety.js";
import type { Output } from "./output.js";

type Kept = Pick<Rig, "name" | "safe" | "safety" | "whenActed" | "isSafe">;

/** How often it is said again that an actuator has not acted. */
const remindMs = 30_000;

/** Every rig that this process keeps. */
const kept = new Set<Kept>();
let isEnding = false;

/**
 * A defect that nobody caught must not leave a rig moving: all rigs of the process get their safe values, and
 * the process ends with 1 when every actuator has acted. The runs are interrupted by that and can be resumed.
 * While an actuator has not acted, also without a defect, it is said now and then which, since when and what to
 * do. Returns how to let go of the rig.
 */
export function safeAtDefect(
  rig: Kept,
  out: Output,
  clock: Clock = new RealClock(),
  end: (status: number) => void = process.exit,
): () => void {
  kept.add(rig);
  const cancel = new Cancel();
  void remind(rig, out, clock, cancel);
  const listener = (error: Error) => {
    out.talk(`wearout: defect: ${error.stack ?? error.message}`);
    if (isEnding) return;
    isEnding = true;
    void endSafely(out, end);
  };
  process.on("uncaughtException", listener);
  return () => {
    cancel.cancel();
    kept.delete(rig);
    process.off("uncaughtException", listener);
  };
}

/** Each rig has a listener; the first one called makes all of them safe. */
async function endSafely(out: Output, end: (status: number) => void): Promise<void> {
  await Promise.all([...kept].map((rig) => makeSafe(rig, out)));
  isEnding = false;
  end(errorTable.DEFECT.exit);
}

async function makeSafe(rig: Kept, out: Output): Promise<void> {
  const found = await rig.safe("a defect of Wearout");
  if (!allActed(found)) for (const line of notActed(rig.name, found)) out.talk(line);
  await rig.whenActed();
  out.talk(`rig ${rig.name}: ${safetyText(rig.safety())}`);
}

async function remind(rig: Kept, out: Output, clock: Clock, cancel: Cancel): Promise<void> {
  while (!cancel.cancelled) {
    await clock.sleep(remindMs, cancel);
    if (cancel.cancelled || !rig.isSafe) continue;
    for (const line of notActed(rig.name, rig.safety())) out.talk(line);
  }
}

/** One line for each actuator that has not acted: which, since when, and what to do. */
export function notActed(rig: string, safety: readonly ActuatorSafety[]): string[] {
  return safety
    .filter(({ acted }) => !acted)
    .map((one) => `rig ${rig}: ${safetyText([one])}; ${one.next}`);
}
