import { Cancel, type Clock, RealClock, withDeadline } from "../../base/clock.js";
import { errorTable } from "../../base/error.js";
import type { Rig } from "../../rig/rig.js";
import { type ActuatorSafety, allActed, safetyText } from "../../rig/safety.js";
import type { Output } from "../output.js";

type Kept = Pick<Rig, "name" | "safe" | "safety" | "whenActed" | "isSafe">;

/** How often it is said again that an actuator has not acted. */
const remindMs = 30_000;

/** A record that is not written by then will not be: a rig that has acted holds up no end. */
const tellWithinMs = 5000;

/** Writes the defect into the record of the run on a rig; resolves when that is done. Must not throw. */
export type TellDefect = (text: string) => Promise<unknown>;

/** Every rig that this process keeps, with its run. */
const kept = new Map<Kept, TellDefect>();
let isEnding = false;

export type LastResort = { clock: Clock; end(status: number): void };
const usual: LastResort = { clock: new RealClock(), end: (status) => process.exit(status) };

/**
 * A defect that nobody caught must not leave a rig moving: all rigs of the process get their safe values, the
 * defect is told to their runs (`tell`), and the process ends with 1 when every actuator has acted. The runs are
 * interrupted by that and can be resumed. While an actuator has not acted, also without a defect, it is said now
 * and then which, since when and what to do. Returns how to let go of the rig.
 */
export function safeAtDefect(
  rig: Kept,
  out: Pick<Output, "talk">,
  tell: TellDefect,
  last: LastResort = usual,
): () => void {
  kept.set(rig, tell);
  const cancel = new Cancel();
  void remind(rig, out, last.clock, cancel);
  const listener = (error: Error) => {
    out.talk(`wearout: defect: ${error.stack ?? error.message}`);
    if (isEnding) return;
    isEnding = true;
    void endSafely(error, out, last);
  };
  process.on("uncaughtException", listener);
  return () => {
    cancel.cancel();
    kept.delete(rig);
    process.off("uncaughtException", listener);
  };
}

/** Each rig has a listener; the first one called makes all of them safe. */
async function endSafely(
  error: Error,
  out: Pick<Output, "talk">,
  { clock, end }: LastResort,
): Promise<void> {
  const all = [...kept];
  const safe = all.map(([rig]) => makeSafe(rig, out));
  const told = all.map(([, tell]) => tell(defectText(error)));
  await Promise.all(safe);
  await withDeadline(clock, Promise.all(told), tellWithinMs, () => []);
  isEnding = false;
  end(errorTable.DEFECT.exit);
}

/** One line, as causes are told. */
function defectText(error: Error): string {
  return `a defect of Wearout: ${String(error.message ?? error)}`.replace(/[\s\p{Cc}]+/gu, " ");
}

async function makeSafe(rig: Kept, out: Pick<Output, "talk">): Promise<void> {
  const found = await rig.safe("a defect of Wearout");
  if (!allActed(found)) for (const line of notActed(rig.name, found)) out.talk(line);
  await rig.whenActed();
  out.talk(`rig ${rig.name}: ${safetyText(rig.safety())}`);
}

async function remind(
  rig: Kept,
  out: Pick<Output, "talk">,
  clock: Clock,
  cancel: Cancel,
): Promise<void> {
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
