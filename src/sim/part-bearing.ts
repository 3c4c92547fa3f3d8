/** One bearing in a housing: rolling fatigue, friction heat, vibration. */
import { randomStream, weibull } from "../base/random.js";
import { scaleOfL10 } from "./part-life.js";
import type { ShaftPiece } from "./part-shaft.js";
import { Excess } from "./part-thermal.js";
import { type ClockTruth, rating, type StationSpec, type StationTruth } from "./plant.js";

/** Life exponent (ISO 281:2007, 10/3 with line contact) and friction coefficient (SKF) of a kind. */
const ball = { exponent: 3, friction: 0.0015 };
const roller = { exponent: 10 / 3, friction: 0.0011 };

function constantsOf(spec: StationSpec): typeof ball {
  return spec.kind === "roller-bearing" ? roller : ball;
}

/** What a spall does over the length of its growth. */
const vibrationGrowth = 2.3;
const vibrationMost = 50;
const frictionGrowth = 1.5;
const frictionMost = 6;
const lastGrowth = (frictionMost - 1) / frictionGrowth;

/** Housing to room; with 35 W of friction a housing is 17 K warmer than its room. */
const kelvinPerW = 0.5;
/** Friction needs a bore; this one stands in where the product names none. */
const usualBoreMm = 35;
/** Vibration of a sound bearing at the reference speed. */
const soundVibration = 1.2;
const referenceSpeed = 3000;
/** Reference stress of the truth: a quarter of the dynamic rating. */
const referenceShare = 0.25;

export function bearingExponent(spec: StationSpec): number {
  return constantsOf(spec).exponent;
}

export class BearingStation {
  readonly name: string;
  readonly #spec: StationSpec;
  readonly #exponent: number;
  readonly #power: number;
  /** Damage per turn and per load^exponent: wear / (1e6 C^p). Damage 1 is the basic rating life. */
  readonly #damageRate: number;
  readonly #onset: number;
  readonly #spallShare: number;
  readonly #full: number;
  readonly #nmPerN: number;
  readonly #vibrationPerRpm: number;
  readonly #excess: Excess;
  #damage = 0;
  #turns = 0;
  #turnsAtOnset: number | undefined;

  /** `power` is the index of this bearing's exponent in the shaft's list. */
  constructor(
    spec: StationSpec,
    power: number,
    seed: number,
    p: { wear: number; shape: number; "thermal-time": number; "spall-growth": number },
  ) {
    const random = randomStream(seed, `bearing/${spec.station}/${spec.specimen}`);
    const kind = constantsOf(spec);
    this.name = spec.station;
    this.#spec = spec;
    this.#exponent = kind.exponent;
    this.#power = power;
    this.#damageRate = p.wear / (1e6 * rating(spec, "C") ** kind.exponent);
    this.#onset = weibull(random, scaleOfL10(p.shape), p.shape);
    this.#spallShare = p["spall-growth"];
    this.#full = this.#onset * (1 + p["spall-growth"] * lastGrowth);
    this.#nmPerN = (kind.friction * (spec.ratings["bore"] ?? usualBoreMm)) / 2 / 1000;
    this.#vibrationPerRpm = (soundVibration / referenceSpeed) * spread(random(), 0.15);
    this.#excess = new Excess(kelvinPerW * spread(random(), 0.1), p["thermal-time"] / 1000);
  }

  get excessK(): number {
    return this.#excess.value;
  }

  /** M = 0.5 mu P d (SKF), times the spall's factor. */
  torqueNm(loadN: number): number {
    return this.#nmPerN * loadN * this.#friction(this.#damage);
  }

  vibrationMmPerS(speedRpm: number): number {
    const sound = this.#vibrationPerRpm * Math.abs(speedRpm);
    if (this.#damage <= this.#onset) return sound;
    return sound * Math.min(vibrationMost, Math.exp(vibrationGrowth * this.#growth(this.#damage)));
  }

  advance(piece: ShaftPiece): void {
    const before = this.#damage;
    const after = before + this.#damageRate * piece.loadTurns[this.#power]!;
    let from = 0;
    if (before < this.#onset && after >= this.#onset) {
      const to = (this.#onset - before) / (after - before);
      this.#turnsAtOnset = this.#turns + to * piece.turns;
      this.#heat(piece, before, after, from, to);
      from = to;
    }
    if (before < this.#full && after > this.#full) {
      const to = (this.#full - before) / (after - before);
      this.#heat(piece, before, after, from, to);
      from = to;
    }
    this.#heat(piece, before, after, from, 1);
    this.#damage = after;
    this.#turns += piece.turns;
  }

  truth(): StationTruth {
    const clock: ClockTruth = {
      mode: "spall",
      lifeTurns: this.#onset * 1e6 * referenceShare ** -this.#exponent,
      spentFraction: this.#damage / this.#onset,
      turnsAtFailure: this.#turnsAtOnset,
    };
    return {
      ...clock,
      station: this.#spec.station,
      specimen: this.#spec.specimen,
      failed: this.#turnsAtOnset !== undefined,
      turns: this.#turns,
      clocks: [clock],
      values: {
        damageL10: this.#damage,
        onsetL10: this.#onset,
        excessK: this.#excess.value,
        kelvinPerW: this.#excess.kelvinPerW,
      },
    };
  }

  /** Heat over the shares `from` to `to` of a piece; between two marks it is a straight line. */
  #heat(piece: ShaftPiece, before: number, after: number, from: number, to: number): void {
    const start = this.#heatAt(piece, before + from * (after - before), from);
    const end = this.#heatAt(piece, before + to * (after - before), to);
    this.#excess.advance((to - from) * piece.lengthS, start, end);
  }

  #heatAt(piece: ShaftPiece, damage: number, share: number): number {
    const work = piece.workStart + share * (piece.workEnd - piece.workStart);
    return ((work * Math.PI) / 30) * this.#nmPerN * this.#friction(damage);
  }

  #friction(damage: number): number {
    if (damage <= this.#onset) return 1;
    return Math.min(frictionMost, 1 + frictionGrowth * this.#growth(damage));
  }

  /** 0 at the onset of the spall, 1 after 3 % more life. */
  #growth(damage: number): number {
    return (damage / this.#onset - 1) / this.#spallShare;
  }
}

/** A factor around 1, uniform within plus or minus `share`. */
function spread(u: number, share: number): number {
  return 1 + share * (2 * u - 1);
}
