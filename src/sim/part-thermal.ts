/**
 * Temperature of a housing above its room: one thermal mass, tau e' = R q - e, exact for heat that
 * changes linearly over the step.
 */
export class Excess {
  readonly kelvinPerW: number;
  readonly #timeS: number;
  #value = 0;
  /** Housings of one rig all take the same steps: the last one's exponential is most often the next. */
  static #stepOf = Number.NaN;
  static #shareOf = 0;

  constructor(kelvinPerW: number, timeS: number) {
    this.kelvinPerW = kelvinPerW;
    this.#timeS = timeS;
  }

  get value(): number {
    return this.#value;
  }

  advance(lengthS: number, heatStartW: number, heatEndW: number): void {
    if (lengthS <= 0) return;
    const x = lengthS / this.#timeS;
    if (x !== Excess.#stepOf) {
      Excess.#stepOf = x;
      Excess.#shareOf = -Math.expm1(-x);
    }
    const share = Excess.#shareOf;
    const approach = this.kelvinPerW * heatStartW - this.#value;
    const tilt = this.kelvinPerW * (heatEndW - heatStartW);
    this.#value += share * approach + tilt * (1 - share / x);
  }
}

const daySeconds = 86_400;

/**
 * The room as a housing feels it: a daily sine around the mean, already damped and delayed by the
 * housing's time constant. The mass is linear, so room and own heat add up, and the room needs no state.
 */
export class Room {
  readonly #mean: number;
  readonly #amplitude: number;
  readonly #phase: number;

  /** `phase` [rad] is where in its day the room is at the start. */
  constructor(mean: number, swingK: number, phase: number, timeS: number) {
    const x = (2 * Math.PI * timeS) / daySeconds;
    this.#mean = mean;
    this.#amplitude = swingK / Math.hypot(1, x);
    this.#phase = phase - Math.atan(x);
  }

  at(elapsedS: number): number {
    const turn = (elapsedS % daySeconds) / daySeconds;
    return this.#mean + this.#amplitude * Math.sin(2 * Math.PI * turn + this.#phase);
  }
}
