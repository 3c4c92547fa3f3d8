/** A compiled limit to look at, and ways to run samples past it. */
import { good } from "../../../src/base/sample.js";
import { noPlace, type SetpointPlace } from "../../../src/base/setpoint.js";
import { checkLimit, type Verdict } from "../../../src/limit/check.js";
import type { CompiledLimit } from "../../../src/limit/compile.js";
import type { Condition } from "../../../src/limit/condition/all.js";
import { layoutOf } from "../../../src/limit/layout.js";
import type { Look } from "../../../src/limit/look.js";
import { emptyLimitMemory } from "../../../src/limit/memory.js";

/** A condition as numbers: a band, the distance from a setpoint, or silence. */
export type Bounds = {
  lo?: number;
  hi?: number;
  tolerance?: number;
  setpointIndex?: SetpointPlace;
  staleMs?: number;
  hysteresis?: number;
};

export function conditionOf(bounds: Bounds, fromStartMs = 0): Condition {
  const { lo = -Infinity, hi = Infinity, tolerance: by, staleMs, hysteresis = 0 } = bounds;
  const { setpointIndex: place = noPlace } = bounds;
  if (staleMs !== undefined) return { kind: "stale", staleMs, fromStartMs };
  if (by !== undefined) return { kind: "differsFromSetpoint", by, hysteresis, place };
  return { kind: "outside", lo, hi, hysteresis };
}

export function compiled({
  lo,
  hi,
  tolerance,
  setpointIndex,
  staleMs,
  hysteresis,
  ...parts
}: Partial<CompiledLimit> & Bounds = {}): CompiledLimit {
  const bounds = { lo, hi, tolerance, setpointIndex, staleMs, hysteresis };
  const written = Object.entries(bounds).filter(([, value]) => value !== undefined);
  const limit = {
    name: "hot",
    role: "temperature",
    condition: conditionOf(Object.fromEntries(written), parts.maskAfterStartMs),
    forMs: 0,
    vote: 1,
    voters: [],
    fail: "count-on" as const,
    maskAfterStartMs: 0,
    maskAfterStepMs: 0,
    maskWhileRamping: false,
    reaction: "warn" as const,
    mode: "hot",
    protects: "equipment" as const,
    priority: "low" as const,
    limitIndex: 0,
    column: 0,
    columns: [0],
    ...parts,
  };
  return { ...limit, ...layoutOf(limit) };
}

/** A sample of one column, and what differs from a rig that has long been in its step. */
export type Seen = {
  at: number;
  value: number;
  quality?: number;
  /** Of the last good value; NaN: there never was one. */
  age?: number;
  startedAt?: number;
  stepAt?: number;
  ramping?: boolean;
  setpoints?: readonly number[];
};

const long = Number.NEGATIVE_INFINITY;

export function lookAt({ at, value, quality, age = 0, ...rest }: Seen): Look {
  const usual = { startedAt: long, stepAt: long, ramping: false, mayBeSilent: false };
  const baseline = () => Number.NaN;
  const parts = { ...usual, baseline, setpoints: [], ...rest };
  return { at, values: [value], quality: [quality ?? good], goodAt: () => at - age, ...parts };
}

/** The verdicts on a series of samples. */
export function verdicts(limit: CompiledLimit, seen: readonly Seen[]): Verdict[] {
  const memory = emptyLimitMemory([limit]);
  return seen.map((one) => checkLimit(limit, memory, 0, lookAt(one)));
}
