/** Another hand has a device of the rig (its panel, another controller): the run holds, and a person resumes it. */
import { type Draft, emit, safeNow, transition } from "./draft.js";
import type { Input } from "./state.js";
import { isRampingDown } from "./states.js";

export function onHand(d: Draft, input: Extract<Input, { kind: "hand" }>): void {
  const { roles, isTaken, text } = input;
  emit(d, "fault", text, { input: { ...input } });
  const others = d.s.inAnotherHand.filter((role) => !roles.includes(role));
  d.s.inAnotherHand = isTaken ? [...others, ...roles] : others;
  if (isTaken) taken(d, text);
  else givenBack(d);
}

function taken(d: Draft, text: string): void {
  d.s.goesOn = null;
  transition(d, "hold", text);
  // What is at its panel follows no ramp, and no abort would bring it down sooner.
  if (d.s.packml === "Holding" && isSpeedInAnotherHand(d)) d.s.descent = null;
}

/** Its old words may act again: no ramp is waited for. Once its stop was asked for, who asked for it goes on. */
function givenBack(d: Draft): void {
  const { s } = d;
  const isAsked = s.waiting || s.isSafe || !Number.isNaN(s.coastingSince);
  if (isRampingDown(s.packml) && !isAsked) safeNow(d);
}

function isSpeedInAnotherHand({ context, s }: Draft): boolean {
  return s.inAnotherHand.includes(context.columns[context.speedColumn]!.role);
}

/** Why nothing is resumed. */
export function handed(roles: readonly string[]): string {
  return `in another hand: ${roles.join(", ")}; give it back to remote first`;
}
