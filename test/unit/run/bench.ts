/** A small rig and programmes for `decide`, without files: one shaft, one load, two stations. */
import { bad, type Column, good, type RunSample } from "../../../src/base/sample.js";
import type { CompiledLimit, ResolvedLimit } from "../../../src/limit/compile.js";
import type { Baseline, Program, ProgramEnd, Segment } from "../../../src/profile/program.js";
import { type EventKind, ofKind, type RecordEvent } from "../../../src/record/document/event.js";
import type { Verb } from "../../../src/record/document/input.js";
import { makeContext } from "../../../src/run/context.js";
import { decide } from "../../../src/run/decide.js";
import type { RunContext } from "../../../src/run/run-context.js";
import { type Effects, type Input, initialState, type RunState } from "../../../src/run/state.js";
import { type Bounds, conditionOf } from "../limit/limit.js";

const role = (name: string, dimension: Column["dimension"], unit: string): Column => {
  return { name, role: name, dimension, unit };
};
const vibration = (station: string): Column => {
  return { ...role(`${station}.vibration`, "velocity", "mm/s"), role: "vibration", station };
};
export const columns: readonly Column[] = [
  role("load", "force", "kN"),
  role("speed", "speed", "rpm"),
  role("power", "power", "W"),
  vibration("s1"),
  vibration("s2"),
  vibration("s3"),
];

const counter = role("counter", "turns", "turns");

const usual = { floor: 0, safe: 0, isolate: 0, safeWithinMs: 2000 };
const actuators = [
  { ...usual, role: "load", column: 0, ceiling: 10_000, rampPerS: 1000, safeOrder: 1 },
  { ...usual, role: "speed", column: 1, ceiling: 6000, rampPerS: 300, safeOrder: 2 },
];

function slewMs(actuator: number, way: number): number {
  return (Math.abs(way) / actuators[actuator]!.rampPerS) * 1000;
}

/** A limit on the vibration of every station, raised at once above 10 mm/s (canonical: mm/s). */
export function limit(name: string, more: Partial<ResolvedLimit> & Bounds = {}): ResolvedLimit {
  const { lo, hi = 10, staleMs, hysteresis, ...rest } = more;
  const bounds: Bounds = { hi, ...(lo === undefined ? {} : { lo }) };
  if (staleMs !== undefined) bounds.staleMs = staleMs;
  if (hysteresis !== undefined) bounds.hysteresis = hysteresis;
  return {
    name,
    role: "vibration",
    condition: conditionOf(bounds, rest.maskAfterStartMs),
    forMs: 0,
    vote: 1,
    voters: [],
    fail: "count-on",
    maskAfterStartMs: 0,
    maskAfterStepMs: 0,
    maskWhileRamping: false,
    reaction: "fail",
    mode: name,
    protects: "equipment",
    priority: "low",
    ...rest,
  };
}

type Part = Partial<Omit<Segment, "targets">> & Pick<Segment, "kind"> & { targets?: number[] };

export type Setup = {
  parts?: readonly Part[];
  limits?: readonly ResolvedLimit[];
  baselines?: readonly Baseline[];
  rigLimits?: readonly CompiledLimit[];
  end?: Partial<ProgramEnd>;
  interruption?: Program["interruption"];
  floorRpm?: number;
  /** What one step of a reading hides, in column order. */
  resolutions?: readonly number[];
  /** The rig counts whole turns too, as its last column; so many, then its counter begins again. */
  counterTo?: number;
};

/** Specimens in s1 and s2, none in s3. */
export function contextOf(setup: Setup = {}): RunContext {
  const { parts = [{ kind: "dwell", dwellMs: 3_600_000 }], limits = [], end } = setup;
  const { floorRpm = 0, counterTo } = setup;
  let targets = new Float64Array(2);
  const segments = parts.map((part, index): Segment => {
    const from = targets;
    targets = part.targets === undefined ? targets : Float64Array.from(part.targets);
    const inForce = limits.map((_, i) => i);
    const arriveMs =
      part.kind === "set" ? from.map((v, i) => slewMs(i, targets[i]! - v)) : new Float64Array(0);
    const moves = { rampMs: Math.max(0, ...arriveMs), arriveMs, limits: inForce };
    return { index, path: `steps[${index}]`, name: `part ${index}`, ...moves, ...part, targets };
  });
  const program: Program = {
    name: "test",
    setpointRoles: ["load", "speed"],
    start: new Float64Array(2),
    segments,
    limits,
    baselines: setup.baselines ?? [],
    end: { suddenDeath: false, ...end },
    interruption: setup.interruption ?? "hold",
    blackBox: { beforeMs: 60_000, afterMs: 30_000 },
  };
  return makeContext({
    rig: {
      columns: counterTo === undefined ? columns : [...columns, counter],
      actuators: actuators.map((a) => (a.role === "speed" ? { ...a, floor: floorRpm } : a)),
      cycleMs: 1000,
    },
    program,
    rigLimits: setup.rigLimits ?? [],
    stations: ["s1", "s2"].map((name) => {
      const damageRate = (rpm: number, load: number) => rpm * load * 1e-12;
      return { name, group: "all", specimen: `${name}-specimen`, damageRate };
    }),
    exposure: {
      ...{ speed: "speed", load: "load", power: "power", cyclesPerTurn: 2 },
      ...(counterTo === undefined ? {} : { turns: { role: "counter", wrapsAt: counterTo } }),
    },
    atStress: { speed: 0.05, load: 0.05 },
    resolutions: setup.resolutions ?? [0, 0, 0, 0, 0, 0, 1],
  });
}

/** Readings in column order; one that is left out or NaN is bad. */
export function sampleOf(cycle: number, at: number, readings: readonly number[]): RunSample {
  const length = Math.max(columns.length, readings.length);
  const values = Float64Array.from({ length }, (_, i) => readings[i] ?? Number.NaN);
  const quality = Uint8Array.from(values, (v) => (Number.isNaN(v) ? bad : good));
  return { cycle, at, wall: at, values, quality };
}

/** Drives `decide` as a pilot with a perfect rig would; time and cycles count by themselves. */
export class Bench {
  readonly context: RunContext;
  readonly events: RecordEvent[] = [];
  readonly writes: number[][] = [];
  state: RunState;
  /** What the next act comes to; done without it. */
  refused: Extract<Input, { kind: "confirmed" }> | undefined;
  /** Load, speed, power, vibration of s1, s2, s3. */
  readings: number[] = [0, 0, 100, 1, 1, 1];

  constructor(setup: Setup = {}) {
    this.context = contextOf(setup);
    this.state = initialState(this.context);
  }

  /** In Execute, at time zero, before the first sample. */
  static started(setup: Setup = {}): Bench {
    const bench = new Bench(setup);
    bench.command("reset");
    bench.command("start");
    return bench;
  }

  input(input: Input): Effects {
    const { state, effects } = decide(this.context, this.state, input);
    this.state = state;
    this.events.push(...effects.events);
    if (effects.write !== undefined) this.writes.push([...effects.write]);
    const { act } = effects;
    const { refused } = this;
    if (act !== undefined && refused?.act === act) this.input(refused);
    else if (act !== undefined) {
      this.input({ kind: "confirmed", at: this.state.at, act, ok: true, text: `${act} done` });
    }
    return effects;
  }

  command(verb: Verb, atCheckpoint = false, at = this.state.at): Effects {
    return this.input({ kind: "command", verb, at, by: "test", reason: "", atCheckpoint });
  }

  /** The rig has every actuator where it should be. */
  acted(): Effects {
    return this.input({ kind: "acted", at: this.state.at, text: "all acted", by: null });
  }

  /** One sample, `ms` after the last input (the first one comes at once). */
  sample(ms = 1000, readings = this.readings): Effects {
    const { cycle, at } = this.state;
    const sample = sampleOf(cycle + 1, cycle === 0 ? at : at + ms, readings);
    return this.input({ kind: "sample", sample });
  }

  samples(count: number, readings = this.readings): void {
    for (let i = 0; i < count; i++) this.sample(1000, readings);
  }

  kinds<K extends EventKind>(kind: K) {
    return ofKind(this.events, kind);
  }
}
