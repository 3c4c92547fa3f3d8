/** A compiled limit to look at, and ways to run samples past it. */
import { good } from "../../../src/base/sample.js";
import { noPlace } from "../../../src/base/setpoint.js";
import { checkLimit, type Look, type Verdict } from "../../../src/limit/check.js";
import type { CompiledLimit } from "../../../src/limit/compile.js";
import { emptyLimitMemory } from "../../../src/limit/memory.js";

export function compiled(parts: Partial<CompiledLimit> = {}): CompiledLimit {
  return {
    name: "hot",
    role: "temperature",
    lo: -Infinity,
    hi: Infinity,
    tolerance: Infinity,
    forMs: 0,
    hysteresis: 0,
    maskAfterStartMs: 0,
    maskAfterStepMs: 0,
    maskWhileRamping: false,
    reaction: "warn",
    mode: "hot",
    protects: "equipment",
    priority: "low",
    limitIndex: 0,
    column: 0,
    setpointIndex: noPlace,
    ...parts,
  };
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
  const parts = { startedAt: long, stepAt: long, ramping: false, setpoints: [], ...rest };
  return { at, values: [value], quality: [quality ?? good], goodAt: () => at - age, ...parts };
}

/** The verdicts on a series of samples. */
export function verdicts(limit: CompiledLimit, seen: readonly Seen[]): Verdict[] {
  const memory = emptyLimitMemory(1);
  return seen.map((one) => checkLimit(limit, memory, 0, lookAt(one)));
}
