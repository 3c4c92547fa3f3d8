/** How far a reading has come, one way, from the farthest back it was within a time. */

import { parseQuantity } from "../../base/quantity.js";
import { QuantityOf, type Static, Strict } from "../../base/schema.js";
import { type Look, type Side, unknown } from "../look.js";
import type { LimitMemory } from "../memory.js";
import { Written } from "../value.js";
import { differenceOf } from "../written.js";
import { readingOf, sideOf } from "./band.js";
import type { ResolveTools } from "./kind.js";

export const ChangeFile = Strict(
  { by: Written, within: QuantityOf("time") },
  { description: "by how much, within how long: { by: 15 K, within: 10 min }" },
);
export type ChangeFile = Static<typeof ChangeFile>;

export type Change = { by: number; withinMs: number; hysteresis: number };

/** So many parts the time is kept in; of each the farthest back is remembered. */
const parts = 16;
/** One more than fits: the oldest part has passed when its place is taken. */
const places = parts + 1;
const numbersOfPart = 2;

export const changeSlots: readonly string[] = Array.from({ length: places }, (_, i) => [
  `back${i}`,
  `back${i}At`,
]).flat();

export function resolveChange({ by, within }: ChangeFile, tools: ResolveTools): Change {
  const { value, watched, hysteresis, complain } = tools;
  const plan = {
    by: value(by, differenceOf(watched.dimension), ["by"]),
    withinMs: parseQuantity(within)?.value ?? Number.NaN,
    hysteresis,
  };
  if (plan.by <= hysteresis) {
    complain(["by"], `${by}`, "a change above zero and above the hysteresis");
  }
  if (plan.withinMs <= 0) complain(["within"], within, "a time above zero");
  return plan;
}

/** A change that takes at most so much of its time is certain to be found; a slower one than all of it never is. */
export const certainShare = (parts - 1) / parts;

/** `way` 1 for a rise, -1 for a fall. Times are remembered one millisecond late: zero is nothing. */
export function lookAtChange(
  { by, withinMs, hysteresis }: Change,
  way: 1 | -1,
  column: number,
  look: Look,
  memory: LimitMemory,
  at: number,
): Side {
  const value = way * readingOf(look, column);
  if (Number.isNaN(value)) return unknown;
  const now = look.at;
  const partMs = withinMs / parts;
  const mine = at + (Math.floor(now / partMs) % places) * numbersOfPart;
  const isNew = Math.floor((memory[mine + 1]! - 1) / partMs) !== Math.floor(now / partMs);
  if (memory[mine + 1] === 0 || isNew || value <= memory[mine]!) {
    memory[mine] = value;
    memory[mine + 1] = now + 1;
  }
  let farthest = value;
  for (let i = at; i < at + places * numbersOfPart; i += numbersOfPart) {
    const seenAt = memory[i + 1]!;
    if (seenAt > 0 && now - (seenAt - 1) <= withinMs) farthest = Math.min(farthest, memory[i]!);
  }
  return sideOf(value - farthest, Number.NEGATIVE_INFINITY, by, hysteresis);
}
