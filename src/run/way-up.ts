import { type Draft, safeNow, transition } from "./draft.js";

/**
 * What does not work on the way up (a start that was not confirmed, a drive in fault, writes that do not
 * arrive) ends nothing: the rig is made safe at once and held, and a person is told what to do.
 */
export function fallBack(d: Draft, text: string): void {
  const what = `${text}; put it right (a drive in fault: reset), then resume`;
  if (transition(d, "hold", what)) safeNow(d);
}
