/** Where the readings of a limit lie together: one, or so many of several. */
import type { CompiledLimit } from "./compiled.js";
import { kindOf } from "./condition/all.js";
import { between, beyond, type Look, type Side, unknown, within } from "./look.js";
import { commonSlots, type LimitMemory } from "./memory.js";

/**
 * Over the limit where enough are; inside where even those that are not known could not make it enough; otherwise in
 * the band, or not known.
 */
export function sideTogether(
  limit: CompiledLimit,
  look: Look,
  memory: LimitMemory,
  start: number,
): Side {
  const { condition, columns, vote, ofColumn } = limit;
  const kind = kindOf(condition.kind);
  const at = start + commonSlots;
  if (columns.length === 1) return kind.look(condition, columns[0]!, look, memory, at);
  let over = 0;
  let banded = 0;
  let blind = 0;
  for (let i = 0; i < columns.length; i++) {
    const side = kind.look(condition, columns[i]!, look, memory, at + i * ofColumn);
    if (side === beyond) over++;
    else if (side === between) banded++;
    else if (side === unknown) blind++;
  }
  if (over >= vote) return beyond;
  if (over + banded + blind < vote) return within;
  return over + banded >= vote ? between : unknown;
}
