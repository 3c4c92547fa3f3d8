/** One strain-wave reducer: two clocks to failure, friction heat, efficiency, vibration. */
import { randomStream } from "../base/random.js";
import { frailWeibull, positiveStable, scaleOfL10, scaleOfMedian } from "./part-life.js";
import type { ShaftPiece } from "./part-shaft.js";
import { Excess } from "./part-thermal.js";
import { type ClockTruth, rating, type StationSpec, type StationTruth } from "./plant.js";

/** Fracture: maker's L50 = Ln (Tr/T)^3 and L10 = L50/5, from which the shape follows. */
const fractureExponent = 3;
const fractureShape = Math.log(Math.log(2) / -Math.log(0.9)) / Math.log(5);
/** Degradation: wear goes with load times way (Archard); median equal to fracture's at 1.5 Tr. */
const degradationExponent = 1;
const degradationShape = 3;
const crossing = 1.5;
/** Frailty shared by both clocks: Kendall's tau of the two lives is 1 - alpha = 0.3. */
const alpha = 0.7;
/** Exponents of torque that a shaft must integrate for this specimen, in the order used here. */
export const strainWaveExponents = [fractureExponent, degradationExponent];

/** Lost motion new and at the end of life, and how it gets there: new + (end - new) damage^power. */
const newLostMotionArcmin = 0.6;
const endLostMotionArcmin = 2;
const degradationPower = 1.3;
const stiffnessLoss = 0.25;
/** Torsional stiffness per rated torque where the product names none. */
const stiffnessPerNm = 0.12;

/** Loss that goes with torque, when new and at the end of life; loss that does not. */
const meshEfficiency = 0.85;
const meshLossGrowth = 0.08;
const idleShare = 0.15;
/** After fracture: share of torque and speed that still comes through, and with what efficiency. */
const brokenTorque = 0.1;
const brokenSpeed = 0.4;
const brokenEfficiency = 0.15;

const kelvinPerW = 0.7;
const soundVibration = 0.6;
const vibrationGrowth = 0.8;
const brokenVibration = 8;

export class StrainWaveStation {
  readonly #spec: StationSpec;
  readonly #ratio: number;
  readonly #ratedNm: number;
  readonly #ratedRpm: number;
  readonly #lifeTurns: number;
  readonly #wear: number;
  readonly #fractureAt: number;
  readonly #degradedAt: number;
  readonly #newLostMotion: number;
  readonly #idleNm: number;
  readonly #excess: Excess;
  #fracture = 0;
  #degradation = 0;
  #turns = 0;
  #turnsAtFracture: number | undefined;
  #turnsAtDegraded: number | undefined;

  constructor(spec: StationSpec, seed: number, p: { wear: number; "thermal-time": number }) {
    const random = randomStream(seed, `harmonic/${spec.station}/${spec.specimen}`);
    this.#spec = spec;
    this.#ratio = rating(spec, "ratio");
    this.#ratedNm = rating(spec, "rated-torque");
    this.#ratedRpm = rating(spec, "rated-speed");
    this.#lifeTurns = (rating(spec, "rated-life") / 5 / 60_000) * this.#ratedRpm;
    this.#wear = p.wear;
    const frailty = positiveStable(random, alpha);
    const fractureScale = scaleOfL10(fractureShape);
    const degradationScale = (5 / crossing ** 2) * scaleOfMedian(degradationShape);
    this.#fractureAt = frailWeibull(random, frailty, alpha, fractureScale, fractureShape);
    this.#degradedAt = frailWeibull(random, frailty, alpha, degradationScale, degradationShape);
    this.#newLostMotion = newLostMotionArcmin * (0.85 + 0.3 * random());
    this.#idleNm = (idleShare * this.#ratedNm * (0.9 + 0.2 * random())) / this.#ratio;
    this.#excess = new Excess(kelvinPerW, p["thermal-time"] / 1000);
  }

  get name(): string {
    return this.#spec.station;
  }

  get excessK(): number {
    return this.#excess.value;
  }

  get #broken(): boolean {
    return this.#turnsAtFracture !== undefined;
  }

  outputSpeedRpm(inputRpm: number): number {
    return (inputRpm / this.#ratio) * (this.#broken ? brokenSpeed : 1);
  }

  outputTorqueNm(brakeNm: number): number {
    return brakeNm * (this.#broken ? brokenTorque : 1);
  }

  /** Idle friction plus the torque passed on, over the ratio and the mesh's efficiency. */
  inputTorqueNm(inputRpm: number, brakeNm: number): number {
    if (inputRpm === 0) return 0;
    const passed = this.outputTorqueNm(brakeNm) / this.#ratio;
    return this.#idleNm + passed * this.#inverseEfficiency(this.#degradation);
  }

  vibrationMmPerS(inputRpm: number): number {
    const sound = (soundVibration * Math.abs(inputRpm)) / this.#ratedRpm;
    if (this.#broken) return sound * brokenVibration;
    return sound * (1 + vibrationGrowth * Math.min(3, this.#degradation / this.#degradedAt));
  }

  advance(piece: ShaftPiece): void {
    const wholeShare = this.#broken ? 0 : this.#advanceWhole(piece);
    if (wholeShare < 1) this.#heat(piece, wholeShare, 1, this.#degradation, this.#degradation);
    this.#turns += piece.turns;
  }

  /** Both clocks until the end of the piece or the fracture; gives the share of the piece it took. */
  #advanceWhole(piece: ShaftPiece): number {
    const unit = this.#wear / this.#lifeTurns;
    const fracture = (unit * piece.loadTurns[0]!) / this.#ratedNm ** fractureExponent;
    const degradation = (unit * piece.loadTurns[1]!) / this.#ratedNm ** degradationExponent;
    const breaks = fracture > 0 && this.#fracture + fracture >= this.#fractureAt;
    const share = breaks ? (this.#fractureAt - this.#fracture) / fracture : 1;
    const before = this.#degradation;
    const after = before + share * degradation;
    if (before < this.#degradedAt && after >= this.#degradedAt) {
      const at = (this.#degradedAt - before) / degradation;
      this.#turnsAtDegraded = this.#turns + at * piece.turns;
    }
    this.#heat(piece, 0, share, before, after);
    this.#fracture += share * fracture;
    this.#degradation = after;
    if (breaks) this.#turnsAtFracture = this.#turns + share * piece.turns;
    return share;
  }

  truth(): StationTruth {
    const clocks: ClockTruth[] = [
      {
        mode: "flexspline-fracture",
        lifeTurns: this.#fractureAt * this.#lifeTurns,
        spentFraction: this.#fracture / this.#fractureAt,
        turnsAtFailure: this.#turnsAtFracture,
      },
      {
        mode: "degradation",
        lifeTurns: this.#degradedAt * this.#lifeTurns,
        spentFraction: this.#degradation / this.#degradedAt,
        turnsAtFailure: this.#turnsAtDegraded,
      },
    ];
    const first = clocks.toSorted(byLead)[0]!;
    return {
      ...first,
      station: this.#spec.station,
      specimen: this.#spec.specimen,
      failed: first.turnsAtFailure !== undefined,
      turns: this.#turns,
      clocks,
      values: this.#values(),
    };
  }

  #values(): Record<string, number> {
    const spent = (this.#degradation / this.#degradedAt) ** degradationPower;
    const stiffness = this.#spec.ratings["K1"] ?? stiffnessPerNm * this.#ratedNm;
    return {
      lostMotionArcmin: this.#newLostMotion + (endLostMotionArcmin - this.#newLostMotion) * spent,
      stiffnessNmPerArcmin: stiffness * Math.max(0.1, 1 - stiffnessLoss * spent),
      excessK: this.#excess.value,
    };
  }

  /** Grows with degradation in a straight line, so that the heat of a steady piece is one too. */
  #inverseEfficiency(degradation: number): number {
    if (this.#broken) return 1 / brokenEfficiency;
    return (1 + (meshLossGrowth * degradation) / this.#degradedAt) / meshEfficiency;
  }

  #heat(piece: ShaftPiece, from: number, to: number, before: number, after: number): void {
    const start = this.#heatAt(piece, from, before);
    this.#excess.advance((to - from) * piece.lengthS, start, this.#heatAt(piece, to, after));
  }

  /** What goes in less what comes out [W]. */
  #heatAt(piece: ShaftPiece, share: number, degradation: number): number {
    const speed = piece.speedStart + share * (piece.speedEnd - piece.speedStart);
    const work = piece.workStart + share * (piece.workEnd - piece.workStart);
    const torqueShare = this.#broken ? brokenTorque : 1;
    const out = this.#broken ? brokenSpeed : 1;
    const lost = (work * torqueShare * (this.#inverseEfficiency(degradation) - out)) / this.#ratio;
    return ((speed * this.#idleNm + lost) * Math.PI) / 30;
  }
}

/** The clock that ended first, else the one nearest its end, comes first. */
function byLead(a: ClockTruth, b: ClockTruth): number {
  const at = (clock: ClockTruth) => clock.turnsAtFailure ?? Infinity;
  if (at(a) !== at(b)) return at(a) < at(b) ? -1 : 1;
  return b.spentFraction - a.spentFraction;
}
