/** Runs that come to a rig and go while a process keeps it. */
import type { ResumeInput, StartInput } from "./run.js";

/** A run that is on the rig from here on. */
export type Guest = {
  run: string;
  /** What there is to say of it, one sentence. */
  text: string;
};

/**
 * Who brings runs to a kept rig. Both resolve once the run's record is open and the run is the rig's guest; they reject
 * with a `WearoutError` that says why there is none, and nothing was written to the rig then.
 */
export interface Guests {
  start(words: StartInput): Promise<Guest>;
  /** A run that was interrupted; `by` signs what is said of its stations. */
  resume(words: ResumeInput & { run: string }, by: string): Promise<Guest>;
}
