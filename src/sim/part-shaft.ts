/**
 * One turning, loaded shaft: a speed and a load that follow their setpoints, cut into pieces, and for
 * each piece the integrals that damage and heat need. At rest at the setpoints a piece is as long as
 * asked for and its integrals are products; in a transient they are five-point Gauss sums.
 */
import type { Follower } from "./part-follower.js";

/** Integrals of one piece of time. Speed counts without sign. */
export type ShaftPiece = {
  lengthS: number;
  turns: number;
  /** Integral of load^exponent over the turns, per exponent of the shaft. */
  loadTurns: Float64Array;
  /** |speed| [rpm] as the best straight line over the piece. */
  speedStart: number;
  speedEnd: number;
  /** |speed| x load [rpm x N or Nm] as the best straight line over the piece. */
  workStart: number;
  workEnd: number;
};

/** Gauss-Legendre, five points on [-1, 1] (Abramowitz and Stegun, table 25.4); weights sum to 1. */
const inner = Math.sqrt(5 - 2 * Math.sqrt(10 / 7)) / 3;
const outer = Math.sqrt(5 + 2 * Math.sqrt(10 / 7)) / 3;
const innerWeight = (322 + 13 * Math.sqrt(70)) / 1800;
const outerWeight = (322 - 13 * Math.sqrt(70)) / 1800;
const nodes = [-outer, -inner, 0, inner, outer] as const;
const weights = [outerWeight, innerWeight, 64 / 225, innerWeight, outerWeight] as const;

export class Shaft {
  readonly speed: Follower;
  readonly load: Follower;
  readonly #exponents: readonly number[];
  readonly #piece: ShaftPiece;
  /** load^exponent of the last settled load: powers cost more than all the rest. */
  readonly #powers: Float64Array;
  #powersOf = Number.NaN;

  constructor(speed: Follower, load: Follower, exponents: readonly number[]) {
    this.speed = speed;
    this.load = load;
    this.#exponents = exponents;
    this.#powers = new Float64Array(exponents.length);
    this.#piece = {
      lengthS: 0,
      turns: 0,
      loadTurns: new Float64Array(exponents.length),
      speedStart: 0,
      speedEnd: 0,
      workStart: 0,
      workEnd: 0,
    };
  }

  aim(speed: number, load: number): void {
    this.speed.aim(speed);
    this.load.aim(Math.max(0, load));
  }

  /** Moves by at most `leftS` and gives the piece it moved through; the object is used again. */
  next(leftS: number): ShaftPiece {
    const lengthS = Math.min(leftS, this.speed.pieceS(), this.load.pieceS());
    this.#piece.lengthS = lengthS;
    if (this.speed.settled && this.load.settled) this.#steady(lengthS);
    else {
      this.#transient(lengthS);
      this.speed.move(lengthS);
      this.load.move(lengthS);
    }
    return this.#piece;
  }

  #steady(lengthS: number): void {
    const piece = this.#piece;
    const speed = Math.abs(this.speed.value);
    const load = this.load.value;
    piece.turns = (speed / 60) * lengthS;
    if (load !== this.#powersOf) {
      for (let k = 0; k < this.#powers.length; k++) this.#powers[k] = load ** this.#exponents[k]!;
      this.#powersOf = load;
    }
    for (let k = 0; k < this.#powers.length; k++)
      piece.loadTurns[k] = piece.turns * this.#powers[k]!;
    piece.speedStart = piece.speedEnd = speed;
    piece.workStart = piece.workEnd = speed * load;
  }

  #transient(lengthS: number): void {
    const piece = this.#piece;
    piece.loadTurns.fill(0);
    let speedMean = 0;
    let speedTilt = 0;
    let workMean = 0;
    let workTilt = 0;
    for (let i = 0; i < nodes.length; i++) {
      const x = nodes[i]!;
      const weight = weights[i]!;
      const s = (lengthS * (1 + x)) / 2;
      const speed = Math.abs(this.speed.at(s));
      const load = Math.max(0, this.load.at(s));
      speedMean += weight * speed;
      speedTilt += 3 * weight * x * speed;
      workMean += weight * speed * load;
      workTilt += 3 * weight * x * speed * load;
      const turns = (weight * speed * lengthS) / 60;
      for (let k = 0; k < this.#exponents.length; k++)
        piece.loadTurns[k]! += turns * load ** this.#exponents[k]!;
    }
    piece.turns = (speedMean * lengthS) / 60;
    piece.speedStart = speedMean - speedTilt;
    piece.speedEnd = speedMean + speedTilt;
    piece.workStart = workMean - workTilt;
    piece.workEnd = workMean + workTilt;
  }
}
