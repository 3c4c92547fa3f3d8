/** When a limit is not looked at: its masks, and another role that enables it. */
import type { CompiledLimit, Enabling } from "./compiled.js";
import { kindOf } from "./condition/all.js";
import { beyond, type Look, type LookMs, unknown } from "./look.js";
import type { LimitMemory } from "./memory.js";

const no = 1;
const yes = 2;

/**
 * Is the limit masked now? What enables it counts as it was last seen where its reading is not good; never seen, it does
 * not enable.
 */
export function isMasked(
  limit: CompiledLimit,
  look: Look,
  memory: LimitMemory,
  at: number,
): boolean {
  const { startedAt, stepAt, ramping } = look;
  const { gateAt } = limit;
  const isEnabled =
    limit.enabledBy === undefined || enabled(limit.enabledBy, look, memory, at + gateAt);
  const isReached =
    limit.untilReached === undefined || reached(limit, look, memory, at + gateAt + 1);
  return (
    !isEnabled ||
    !isReached ||
    sinceMs(startedAt, look.at) < limit.maskAfterStartMs ||
    sinceMs(stepAt, look.at) < limit.maskAfterStepMs ||
    (limit.maskWhileRamping && ramping)
  );
}

function enabled({ condition, column }: Enabling, look: Look, memory: LimitMemory, at: number) {
  const side = kindOf(condition.kind).look(condition, column, look, memory, at);
  if (side !== unknown) memory[at] = side === beyond ? yes : no;
  return memory[at] === yes;
}

/** Since the last start; remembered one millisecond late: zero is never. */
function reached(limit: CompiledLimit, look: Look, memory: LimitMemory, at: number): boolean {
  const { untilReached, column } = limit;
  const before = memory[at]!;
  if (before > 0 && !(look.startedAt > before - 1)) return true;
  const kind = kindOf(untilReached!.kind);
  memory[at] = kind.look(untilReached!, column, look, memory, at) === beyond ? look.at + 1 : 0;
  return memory[at] > 0;
}

/** Nothing has passed of what has not begun, or began while the sample was taken. */
function sinceMs(begun: LookMs, at: LookMs): number {
  return at > begun ? at - begun : 0;
}
