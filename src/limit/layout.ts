/** In which order the numbers stand that a limit remembers, and which of them are forgotten when. */
import { type Condition, kindOf } from "./condition/all.js";
import type { Reaction } from "./limit.js";
import { commonSlots } from "./memory.js";

/** What of a compiled limit makes its memory. */
type Parts = {
  condition: Condition;
  columns: readonly number[];
  count?: { times: number };
  reaction: Reaction;
  enabledBy?: unknown;
  untilReached?: unknown;
};

export type Layout = {
  /** Names behind the common ones. */
  slots: readonly string[];
  /** Places, from the limit's own beginning, that are forgotten under a mask; those only where nobody looks at all. */
  masked: readonly number[];
  unwatched: readonly number[];
  /** Numbers of each column, then where the others begin; -1 where there are none. */
  ofColumn: number;
  hitsAt: number;
  sensorAt: number;
  gateAt: number;
};

export const sensorSlots = ["shareFromAt", "shareOf", "shareGood", "isFaulty"] as const;
const gateSlots = ["isEnabled", "reachedAt"] as const;

export function layoutOf(parts: Parts): Layout {
  const kind = kindOf(parts.condition.kind);
  const keeps = kind.keeps?.(parts.condition) ?? [];
  const own = [...keeps, ...(kind.slots?.(parts.condition) ?? [])];
  const ofColumns = parts.columns.flatMap((_, i) => own.map((n) => (i === 0 ? n : `${i}.${n}`)));
  const hits = parts.count === undefined ? [] : hitNames(parts.count.times);
  // What is silent is no fault of a sensor that a limit on silence would not find.
  const isTrip = parts.reaction === "trip" && kind.atRest(parts.condition) !== "silence";
  const sensor = isTrip ? sensorSlots : [];
  const gate = parts.enabledBy ?? parts.untilReached;
  const gates = gate === undefined ? [] : gateSlots;
  const behind = [ofColumns, hits, sensor, gates].map(({ length }) => length);
  const [columnsAt, hitsAt, sensorAt, gateAt] = starts(behind);
  const isKept = (i: number) => i < ofColumns.length && i % own.length < keeps.length;
  const places = Array.from({ length: gateAt! - columnsAt! }, (_, i) => i);
  return {
    slots: [...ofColumns, ...hits, ...sensor, ...gates],
    masked: places.filter((i) => !isKept(i)).map((i) => commonSlots + i),
    unwatched: gates.map((_, i) => gateAt! + i),
    ofColumn: own.length,
    hitsAt: hits.length === 0 ? -1 : hitsAt!,
    sensorAt: isTrip ? sensorAt! : -1,
    gateAt: gates.length === 0 ? -1 : gateAt!,
  };
}

function hitNames(times: number): string[] {
  return ["nextHit", ...Array.from({ length: times }, (_, i) => `hit${i}At`)];
}

function starts(lengths: readonly number[]): number[] {
  let at: number = commonSlots;
  return lengths.map((length) => {
    const start = at;
    at += length;
    return start;
  });
}
