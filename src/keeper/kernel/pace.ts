/** How often what is repeated, and what it waits for (docs/safety.md, "What is repeated when"). */
import type { ElapsedMs } from "../../base/clock.js";
import type { PlanWatchdog } from "../../rig/safe-plan.js";

/** Between two looks at a device that is expected to change, and at a need. */
export const lookMs = 50;
export const needLookMs = 250;
/** After a refusal or silence, in time and later. */
const soonMs = 20;
const laterMs = 500;
/** A device that answers and does not obey is asked again this often where it has no watchdog. */
const unheededMs = 1000;
/** So many passes without effect, and the device's own watchdog is given its chance. */
export const triesToSilence = 3;
/** One that shows that it has let go of its energy comes to rest by itself, mostly. */
export const triesOfLetGo = 30;
/** A device in LOCAL is looked at, and one that somebody else commands is written to, so often. */
export const localMs = 10_000;
export const contestedMs = 60_000;
export const revertedMs = (isContested: boolean) => (isContested ? 5 : 1) * 60_000;
export const contestedTimes = 3;
export const mostEepromWrites = 5;

/** Modbus Application Protocol V1.1b3, 7: acknowledge (5) and busy (6) ask for patience. */
export function patienceMs(exception: number | undefined): number {
  return exception === 5 || exception === 6 ? 100 : soonMs;
}

/** Before the next pass: soon while the time is short, later once a person is needed. Patience 0: nothing failed. */
export function pauseMs(patienceMs: number, tries: number, leftMs: ElapsedMs): number {
  if (patienceMs > 0) return leftMs > 0 ? patienceMs : laterMs;
  return tries <= triesToSilence ? lookMs : unheededMs;
}

/** Longer than the watchdog's time, and by half a second for what it does then. */
export function silenceMs(watchdog: PlanWatchdog | null): number {
  return 1.2 * (watchdog?.timeMs ?? 0) + 500;
}
