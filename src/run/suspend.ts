import { formatDuration } from "../base/quantity.js";
import { type Draft, emit, transition } from "./draft.js";

/** So many samples in a row must show that all is well again: a loose contact comes and goes. */
const samplesToGoOn = 10;
/** More often than this within an hour of the run, and a person has to look why. */
const mostGoings = 3;
const goingsSpanMs = 3_600_000;

/** What a limit with reaction `hold` or `suspend` asks for; refused where the state does not allow it. */
export function interruptBy(d: Draft, command: "hold" | "suspend", reason: string): void {
  if (transition(d, command, reason) && command === "suspend") d.s.clearSamples = 0;
}

/**
 * Suspended by a limit: goes on by itself once no limit of that reaction is violated and every role they
 * watch was read well for a while, if the profile allows it (`interruption: resume`).
 */
export function goOnWhenClear(d: Draft, isClear: boolean): void {
  const { s } = d;
  if (s.packml !== "Suspended") {
    if (s.packml !== "Suspending") s.clearSamples = -1;
    return;
  }
  if (s.clearSamples < 0) return;
  s.clearSamples = isClear ? s.clearSamples + 1 : 0;
  if (s.clearSamples !== samplesToGoOn) return;
  const why = waitsFor(d);
  if (why !== undefined) {
    const text = `what suspended the run is over; it waits for resume: ${why}`;
    emit(d, "input", text, { waits: why });
    return;
  }
  s.wentOn = [...s.wentOn, s.at];
  transition(d, "unsuspend", `what suspended the run is over for ${samplesToGoOn} samples`);
}

/** Why a person has to say so; undefined when the run goes on by itself. */
function waitsFor({ context, s }: Draft): string | undefined {
  if (context.program.interruption !== "resume")
    return "the profile does not say to go on by itself";
  const recent = s.wentOn.filter((at) => at > s.at - goingsSpanMs).length;
  if (recent < mostGoings) return undefined;
  return `it went on ${recent} times within ${formatDuration(goingsSpanMs)} already`;
}
