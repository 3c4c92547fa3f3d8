/** A shaft: what turns when a drive pulls, coasts when it is let go, and may be turned by another hand. */
import type { ShaftState } from "./config.js";

export class Shaft {
  rpm = 0;
  /** What really happened, whatever anybody measured. */
  turns = 0;
  /** Of a drive that pulls; undefined while nothing does. */
  target: number | undefined;
  /** Turned from outside, whatever the drive does. */
  hand: number | null = null;
  readonly #ramp: number;
  readonly #coast: number;

  constructor(rampRpmPerS: number, coastRpmPerS: number) {
    this.#ramp = rampRpmPerS;
    this.#coast = coastRpmPerS;
  }

  tick(seconds: number): void {
    const before = this.rpm;
    if (this.hand !== null) this.rpm = this.hand;
    else if (this.target === undefined) this.rpm = towards(this.rpm, 0, this.#coast * seconds);
    else this.rpm = towards(this.rpm, this.target, this.#ramp * seconds);
    this.turns += (Math.abs(before + this.rpm) / 2 / 60) * seconds;
  }

  state(): ShaftState {
    return { rpm: this.rpm, turns: this.turns };
  }
}

function towards(from: number, to: number, by: number): number {
  return Math.abs(to - from) <= by ? to : from + Math.sign(to - from) * by;
}
