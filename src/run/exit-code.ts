/** What a run comes to for whoever called it. */
import { WearoutError } from "../base/error.js";
import type { RunState } from "./state.js";

/**
 * For the caller's exit status: 6 a specimen failed, whatever came on the way down; 7 aborted; 0 done or left by a person
 * (design, section 11).
 */
export function exitCodeOf({ outcome, packml, isLeft }: RunState): number {
  if (outcome === "failed") return 6;
  if (packml === "Aborted") return 7;
  if (outcome === null && !isLeft) throw new WearoutError("DEFECT", `no outcome in ${packml}`);
  return 0;
}
