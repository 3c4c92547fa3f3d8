/** A compiled limit to look at, and ways to run samples past it. */
import { good } from "../../../src/base/sample.js";
import {
  type CompiledLimit,
  checkLimit,
  emptyLimitMemory,
  type LimitSituation,
  type Verdict,
} from "../../../src/limit/check.js";

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
    setpointIndex: -1,
    ...parts,
  };
}

export type Look = {
  at: number;
  value: number;
  quality?: number;
  age?: number;
  situation?: Partial<LimitSituation>;
};

export function situation(parts: Partial<LimitSituation> = {}): LimitSituation {
  return { sinceStartMs: 1e9, sinceStepMs: 1e9, ramping: false, setpoints: [], ...parts };
}

/** The verdicts on a series of samples. */
export function verdicts(limit: CompiledLimit, looks: readonly Look[]): Verdict[] {
  const memory = emptyLimitMemory(1);
  return looks.map(({ at, value, quality, age, situation: parts }) =>
    checkLimit(limit, memory, 0, value, quality ?? good, age ?? 0, at, situation(parts)),
  );
}
