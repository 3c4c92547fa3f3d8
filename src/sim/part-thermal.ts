/**
 * Temperature of a housing above its room: one thermal mass, tau e' = R q - e, exact for heat that
 * changes linearly over the step.
 */
export class Excess {
  readonly kelvinPerW: number;
  readonly #timeS: number;
  #value = 0;

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
    const share = -Math.expm1(-x);
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
