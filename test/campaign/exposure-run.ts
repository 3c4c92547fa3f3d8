/** One run of the campaign of exposure intervals: a programme decided by `decide`, on a plant that counts for itself. */
import { bad, type Column, good, type RunSample } from "../../src/base/sample.js";
import type { Setpoints } from "../../src/base/setpoint.js";
import type { ExposureBook } from "../../src/profile/exposure.js";
import type { Program, Segment } from "../../src/profile/program.js";
import { makeContext } from "../../src/run/context.js";
import { decide } from "../../src/run/decide.js";
import { type Input, initialState, type RunContext, type RunState } from "../../src/run/state.js";
import {
  CountingPlant,
  damagePerMs,
  stressShare,
  type Truth,
  TurnRegister,
} from "./exposure-plant.js";

type Random = () => number;

const columns: readonly Column[] = [
  { name: "load", role: "load", dimension: "force", unit: "kN" },
  { name: "speed", role: "speed", dimension: "speed", unit: "rpm" },
  { name: "turns", role: "turns", dimension: "turns", unit: "turns" },
];
const usual = { floor: 0, safe: 0, isolate: 0, safeWithinMs: 2000 };
const ramps = [2000, 400];
const actuators = [
  { ...usual, role: "load", column: 0, ceiling: 12_000, rampPerS: ramps[0]!, safeOrder: 1 },
  { ...usual, role: "speed", column: 1, ceiling: 6000, rampPerS: ramps[1]!, safeOrder: 2 },
];
/** One step of each register; what lies between is cut off. */
const resolutions = [10, 1, 1];

function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}

/** A few levels with ramps or sets between them, and a dwell at each. */
function segmentsOf(random: Random, cycleMs: number): Segment[] {
  const segments: Segment[] = [];
  let from = new Float64Array(2);
  const add = (part: Partial<Segment> & Pick<Segment, "kind">, targets = from) => {
    const index = segments.length;
    const none = { rampMs: 0, arriveMs: new Float64Array(0), limits: [] };
    segments.push({ index, path: `${index}`, name: `${index}`, ...none, ...part, targets });
    from = targets;
  };
  for (let i = 0; i < 1 + Math.floor(4 * random()); i++) {
    const to = Float64Array.of(between(random, 500, 11_000), between(random, 200, 5500));
    const slowest = random() < 0.5 ? 1 : between(random, 1, 3);
    const arriveMs = to.map((v, k) => ((slowest * Math.abs(v - from[k]!)) / ramps[k]!) * 1000);
    add({ kind: slowest === 1 ? "set" : "ramp", arriveMs, rampMs: Math.max(...arriveMs) }, to);
    add({ kind: "dwell", dwellMs: between(random, 0, Math.max(20_000, 40 * cycleMs)) });
  }
  return segments;
}

/** Where the counter begins again; none of them can come round unseen at the ceiling of the speed. */
const wraps = [10_000, 65_536, 2 ** 32];

/** A counter that stands anywhere; chance of its own, so that the rest of a run is the same with it and without. */
function registerOf(random: Random): TurnRegister {
  const wrap = wraps[Math.floor(wraps.length * random())]!;
  const startsAt = random() < 0.3 ? 0 : random() < 0.5 ? wrap - 300 * random() : wrap * random();
  return new TurnRegister(wrap, Math.floor(startsAt));
}

function contextOf(random: Random, cycleMs: number, register?: TurnRegister): RunContext {
  const program: Program = {
    name: "campaign",
    setpointRoles: ["load", "speed"],
    start: new Float64Array(2),
    segments: segmentsOf(random, cycleMs),
    limits: [],
    end: { suddenDeath: false },
    interruption: "hold",
    blackBox: { beforeMs: 0, afterMs: 0 },
  };
  return makeContext({
    rig: { columns, actuators, cycleMs },
    program,
    rigLimits: [],
    stations: [{ name: "s1", group: "all", specimen: "a", damageRate: damagePerMs }],
    exposure: {
      ...{ speed: "speed", load: "load" },
      ...(register === undefined ? {} : { turns: { role: "turns", wrapsAt: register.wrap } }),
    },
    atStress: { speed: stressShare, load: stressShare },
    resolutions,
  });
}

class Run {
  readonly context: RunContext;
  readonly plant: CountingPlant;
  state: RunState;
  /** How often counter and speed were told to contradict each other; both tell the truth here. */
  disputes = 0;
  readonly #random: Random;
  readonly #calm: boolean;
  readonly #register: TurnRegister | undefined;
  readonly #ofCounter: Random;
  /** So many cycles the counter, and maybe the speed with it, is not read. */
  #lost = { cycles: 0, withSpeed: false };

  constructor(random: Random, cycleMs: number, calm: boolean, ofCounter?: Random) {
    this.#ofCounter = ofCounter ?? random;
    this.#register = ofCounter === undefined ? undefined : registerOf(ofCounter);
    this.#random = random;
    this.#calm = calm;
    this.context = contextOf(random, cycleMs, this.#register);
    this.state = initialState(this.context);
    this.plant = new CountingPlant({
      speedPerS: between(random, 400, 4000),
      loadPerS: between(random, 2000, 20_000),
      coastPerS: between(random, 100, 1000),
      lags: random() < 0.5,
      stepMs: Math.min(5, cycleMs / 50),
    });
  }

  /** Decides an input now, and does at the plant what it asks for. */
  decide(input: Input): void {
    const { state, effects } = decide(this.context, this.state, input);
    this.state = state;
    this.disputes += effects.events.filter(({ text }) => text.startsWith("counted ")).length;
    this.plant.isExecuting = state.packml === "Execute";
    if (state.packml === "Execute") this.plant.counts = true;
    if (effects.write !== undefined) this.#command(effects.write);
    const { act } = effects;
    if (act === undefined) return;
    if (act === "safe") {
      this.plant.asked = { speed: 0, load: 0 };
      this.plant.coasts = this.#random() < 0.5;
    }
    if (act === "start") this.plant.coasts = false;
    this.plant.advanceTo(this.plant.nowMs + between(this.#random, 1, 80));
    this.decide({ kind: "confirmed", at: this.#now(), act, ok: true, text: `${act} done` });
  }

  #command(setpoints: Setpoints): void {
    this.plant.advanceTo(this.plant.nowMs + between(this.#random, 0, 5));
    const [load, speed] = [...setpoints];
    if (!this.plant.coasts) this.plant.asked = { load: load!, speed: speed! };
  }

  #now(): number {
    return Math.round(this.plant.nowMs * 1000) / 1000;
  }

  say(verb: "reset" | "start" | "hold" | "resume" | "stop" | "abort"): void {
    const by = { by: "campaign", reason: "", atCheckpoint: false };
    this.decide({ kind: "command", verb, at: this.#now(), ...by });
  }

  /** One cycle: reads each column at some moment of it, decides, writes; then maybe a command. */
  cycle(): void {
    const { cycleMs } = this.context;
    const random = this.#random;
    const at = this.#now();
    this.plant.advanceTo(at);
    const { stressMs } = this.plant.truth;
    const { nearMs, isExecuting } = this.plant;
    const lastMs = at + Math.min(0.8 * cycleMs, 500) * random();
    const moments = [between(random, at, lastMs), lastMs];
    const values = new Float64Array(3).fill(Number.NaN);
    const quality = new Uint8Array(3).fill(good);
    let place = this.#register === undefined ? -1 : Math.floor(3 * this.#ofCounter());
    if (place === 0) this.#readCounter(values, quality);
    for (const k of random() < 0.5 ? [0, 1] : [1, 0]) {
      this.plant.advanceTo(moments.shift()!);
      if (--place === 0) this.#readCounter(values, quality);
      const value = k === 0 ? this.plant.load : this.plant.speed;
      values[k] = Math.floor(value / resolutions[k]!) * resolutions[k]!;
    }
    const isLost = !this.#calm && random() < 0.02;
    if (isLost) this.#lose(1, values, quality);
    this.#loseCounter(values, quality);
    const sample: RunSample = { cycle: this.state.cycle + 1, at, wall: at, values, quality };
    this.decide({ kind: "sample", sample });
    // What a sample decides is so from its time on.
    const { truth } = this.plant;
    if (isExecuting && !this.plant.isExecuting) truth.stressMs = stressMs;
    if (!isExecuting && this.plant.isExecuting)
      truth.stressMs = stressMs + this.plant.nearMs - nearMs;
    this.#between(at + cycleMs);
  }

  #lose(k: number, values: Float64Array, quality: Uint8Array): void {
    values[k] = Number.NaN;
    quality[k] = bad;
  }

  /** It may be reset just before it is read. */
  #readCounter(values: Float64Array, quality: Uint8Array): void {
    if (this.#register === undefined) return;
    if (!this.#calm && this.#ofCounter() < 0.005) this.#register.reset(this.plant.way);
    values[2] = this.#register.read(this.plant.way);
    quality[2] = good;
  }

  #loseCounter(values: Float64Array, quality: Uint8Array): void {
    if (this.#register === undefined || this.#calm) return;
    const random = this.#ofCounter;
    if (this.#lost.cycles === 0 && random() < 0.02)
      this.#lost = { cycles: Math.ceil(30 * random() ** 3), withSpeed: random() < 0.5 };
    if (this.#lost.cycles === 0) return;
    this.#lost.cycles -= 1;
    this.#lose(2, values, quality);
    if (this.#lost.withSpeed) this.#lose(1, values, quality);
  }

  #between(due: number): void {
    const { cycleMs } = this.context;
    const random = this.#random;
    if (!this.#calm && random() < 0.03 && this.plant.nowMs < due) {
      this.plant.advanceTo(between(random, this.plant.nowMs, due));
      const { packml } = this.state;
      if (packml === "Execute")
        this.say(random() < 0.5 ? "hold" : random() < 0.9 ? "abort" : "stop");
    }
    if (this.state.packml === "Held" && random() < 0.3) this.say("resume");
    const missed = !this.#calm && random() < 0.02 ? Math.ceil(5 * random()) : 0;
    const late = Math.ceil((this.plant.nowMs - due) / cycleMs);
    this.plant.advanceTo(due + cycleMs * (missed + Math.max(0, late)));
  }
}

/**
 * From the start to the end, or to where an abort has left it. Counts until the shaft stands, or it is left. With
 * `ofCounter`, chance for a counter of turns, the rig has one.
 */
export function runOnce(
  random: Random,
  cycleMs: number,
  calm: boolean,
  ofCounter?: Random,
): { truth: Truth; book: ExposureBook; disputes: number } {
  const run = new Run(random, cycleMs, calm, ofCounter);
  run.say("reset");
  run.say("start");
  while (run.state.outcome === null && !run.state.isLeft) {
    run.cycle();
    if (run.state.packml !== "Aborted" || random() < 0.5) continue;
    const at = Math.round(run.plant.nowMs * 1000) / 1000;
    run.decide({ kind: "acted", at, text: "all acted", by: null });
  }
  // A run that has ended books the way it still runs out; one that was left does so when it is gone on with.
  if (run.state.outcome !== null) {
    run.plant.isExecuting = false;
    run.plant.advanceTo(run.plant.nowMs + 20_000);
  }
  return { truth: run.plant.truth, book: run.state.stations[0]!.book, disputes: run.disputes };
}
