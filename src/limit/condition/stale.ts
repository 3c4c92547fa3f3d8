import { parseQuantity } from "../../base/quantity.js";
import { good } from "../../base/sample.js";
import { QuantityOf } from "../../base/schema.js";
import { beyond, type LookMs, within } from "../look.js";
import { oneCycle } from "./band.js";
import type { ConditionKind } from "./kind.js";

/**
 * The last good value is older; where there never was one, the time since the start or the end of the mask after it.
 * Looks at nothing else.
 */
export type Stale = { kind: "stale"; staleMs: number; fromStartMs: number };

export const stale = {
  schema: QuantityOf("time"),
  resolve: (written, { afterStartMs }) => ({
    kind: "stale",
    staleMs: parseQuantity(written)?.value ?? Number.NaN,
    fromStartMs: afterStartMs,
  }),
  look({ staleMs, fromStartMs }, column, { quality, goodAt, startedAt, at }) {
    if (quality[column] === good) return within;
    return ageMs(goodAt(column), startedAt, fromStartMs, at) <= staleMs ? within : beyond;
  },
  describe: ({ staleMs }, { role, duration }) => ({
    en: `${role} not read for ${duration(staleMs)}`,
    zh: `${role} 已有 ${duration(staleMs)} 没有读数`,
  }),
  short: () => "",
  latencyMs: oneCycle,
  atRest: () => "silence",
} satisfies ConditionKind<string, Stale>;

/**
 * How long a column has been without a good value at `at`. Counted from the end of the mask after the start at the
 * earliest: before, nobody may have been reading. Not started is no age yet.
 */
export function ageMs(goodAt: LookMs, startedAt: LookMs, maskMs: number, at: LookMs): number {
  const from = Number.isNaN(startedAt) ? at : startedAt + maskMs;
  return at - (goodAt > from ? goodAt : from);
}
