/** One limit of each kind, as a file has it, on a small rig, and what the quantity does when it is met. */
import { type Column, good } from "../../../src/base/sample.js";
import { checkLimit, type Verdict } from "../../../src/limit/check.js";
import { type CompiledLimit, compileLimits } from "../../../src/limit/compile.js";
import type { Condition } from "../../../src/limit/condition/all.js";
import type { Limit } from "../../../src/limit/limit.js";
import { emptyLimitMemory } from "../../../src/limit/memory.js";
import { resolveWritten } from "../../../src/limit/written.js";
import { lookAt } from "./limit.js";

const temperature = (station: string): Column => {
  const name = `${station}.temperature`;
  return { name, role: "temperature", station, dimension: "temperature", unit: "degC" };
};
export const columns: readonly Column[] = [
  temperature("s1"),
  temperature("s2"),
  temperature("s3"),
  temperature("s4"),
  { name: "speed", role: "speed", dimension: "speed", unit: "rpm" },
  { name: "torque", role: "torque", dimension: "torque", unit: "Nm" },
  {
    ...{ name: "drive-state", role: "drive-state", dimension: "ratio", unit: "1" },
    words: { enum: { ready: 2, fault: 5 } },
  },
  {
    ...{ name: "flags", role: "flags", dimension: "ratio", unit: "1" },
    words: { bits: { "oil-low": 3, "door-open": 4 } },
  },
];
const quantities = ["s1", "s2", "s3", "s4", "speed", "torque", "state", "flags"] as const;
type Quantity = (typeof quantities)[number];

/** Of each quantity at `ms` after the event, before it too; what is not there stands as `calm` says. */
type Signals = Partial<Record<Quantity, (ms: number) => number>>;
const calm: Record<Quantity, number> = {
  ...{ s1: 50, s2: 51, s3: 49, s4: 50, speed: 1000, torque: 10, state: 2, flags: 0b10000 },
};

export type Proof = {
  written: Partial<Limit>;
  /** Which quantity its column is. */
  of: Quantity;
  signals: Signals;
  /** When, after the event, the quantity itself meets the condition. */
  dueMs: number;
  /** The role's setpoint, where it has one. */
  setpoint?: (ms: number) => number;
  /** The event is that a step begins, or that readings stop. */
  event?: "step" | "silence";
};

const stepTo = (before: number, after: number) => (ms: number) => (ms < 0 ? before : after);

export const proofs: { [K in Condition["kind"]]: Proof } = {
  above: { written: { above: "90 degC" }, of: "s1", signals: { s1: stepTo(50, 95) }, dueMs: 0 },
  below: { written: { below: "20 degC" }, of: "s1", signals: { s1: stepTo(50, 15) }, dueMs: 0 },
  outside: {
    written: { outside: ["20 degC", "90 degC"] },
    of: "s1",
    signals: { s1: stepTo(50, 95) },
    dueMs: 0,
  },
  differsFromSetpoint: {
    written: { role: "speed", differsFromSetpoint: "100 rpm" },
    of: "speed",
    signals: { speed: stepTo(1000, 850) },
    setpoint: () => 1000,
    dueMs: 0,
  },
  differsFrom: {
    written: { differsFrom: { others: "median", by: "5 K" } },
    of: "s1",
    signals: { s1: stepTo(50, 60), s2: stepTo(51, 90) },
    dueMs: 0,
  },
  rises: {
    written: { rises: { by: "15 K", within: "10 min" } },
    of: "s1",
    signals: { s1: (ms) => 50 + Math.min(40, (Math.max(0, ms) / 480_000) * 15) },
    dueMs: 480_000,
  },
  falls: {
    written: { falls: { by: "15 K", within: "10 min" } },
    of: "s1",
    signals: { s1: (ms) => 50 - Math.min(40, (Math.max(0, ms) / 480_000) * 15) },
    dueMs: 480_000,
  },
  stale: {
    written: { stale: "5 s" },
    of: "s1",
    signals: {},
    event: "silence",
    dueMs: 5000,
  },
  frozen: {
    written: { frozen: "5 min" },
    of: "s1",
    signals: { s1: (ms) => (ms < 0 ? 50 + (ms % 7919) / 1e4 : 50) },
    dueMs: 300_000,
  },
  is: {
    written: { role: "drive-state", is: "fault" },
    of: "state",
    signals: { state: stepTo(2, 5) },
    dueMs: 0,
  },
  isNot: {
    written: { role: "flags", isNot: "door-open" },
    of: "flags",
    signals: { flags: stepTo(0b11000, 0b01000) },
    dueMs: 0,
  },
  reachesWithin: {
    written: { reachesWithin: { above: "60 degC", within: "1 min" } },
    of: "s1",
    signals: { s1: stepTo(70, 50) },
    event: "step",
    dueMs: 60_000,
  },
  atRestWithin: {
    written: { role: "speed", atRestWithin: { below: "10 rpm", within: "1 min" } },
    of: "speed",
    signals: {},
    setpoint: stepTo(1000, 0),
    dueMs: 60_000,
  },
  integral: {
    written: { integral: { above: "80 degC", by: "5 K", during: "10 min" } },
    of: "s1",
    signals: { s1: stepTo(50, 90) },
    dueMs: 300_000,
  },
  stall: {
    written: { role: "speed", stall: { below: "30 rpm", effort: "torque", above: "40 Nm" } },
    of: "speed",
    signals: { speed: stepTo(1000, 0), torque: stepTo(10, 60) },
    dueMs: 0,
  },
};
export const kinds = Object.entries(proofs);

/** The first column of a limit as written. */
export function compiledFrom(written: Partial<Limit>): CompiledLimit {
  const limit: Limit = { name: "proved", role: "temperature", reaction: "warn", ...written };
  const { limits, complaints } = compileLimits([limit], columns, ["speed"], (w, d) =>
    resolveWritten(w, d, {}, {}),
  );
  if (complaints.length > 0) throw new Error(JSON.stringify(complaints));
  return limits[0]!;
}

/** Looks at a limit again and again; `eventAt` is when the event is. */
export class Looking {
  readonly limit: CompiledLimit;
  readonly #proof: Proof;
  readonly #eventAt: number;
  #memory: number[];
  #goodAt = 0;

  constructor(proof: Proof, eventAt: number, more: Partial<Limit> = {}) {
    this.#proof = proof;
    this.#eventAt = eventAt;
    this.limit = compiledFrom({ ...proof.written, ...more });
    this.#memory = emptyLimitMemory([this.limit]);
  }

  /** What is remembered. */
  get memory(): readonly number[] {
    return this.#memory;
  }

  /** `values` are put in the place of what the signals say; every quality that is not given is good. */
  look(
    at: number,
    values: Partial<Record<Quantity, number>> = {},
    quality: number = good,
  ): Verdict {
    const { signals, setpoint, event } = this.#proof;
    const ms = at - this.#eventAt;
    const isSilent = event === "silence" && ms > 0;
    const seen = isSilent ? 3 : quality;
    const all = quantities.map((q) => values[q] ?? signals[q]?.(ms) ?? calm[q]);
    if (seen === good) this.#goodAt = at;
    const parts = {
      stepAt: event === "step" && ms >= 0 ? this.#eventAt : Number.NEGATIVE_INFINITY,
      setpoints: [setpoint?.(ms) ?? Number.NaN],
    };
    const goodAt = this.#goodAt;
    const look = { ...lookAt({ at, value: 0, ...parts }), goodAt: () => goodAt };
    const qualities = all.map((value) => (Number.isNaN(value) ? 3 : seen));
    return checkLimit(this.limit, this.#memory, 0, { ...look, values: all, quality: qualities });
  }

  /** A restart: what was remembered comes from somewhere else. */
  remember(memory: number[]): void {
    this.#memory = memory;
  }
}
