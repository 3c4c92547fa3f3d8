/**
 * An actuator that follows its setpoint: the reference moves at most `rampPerS`, the value follows the
 * reference as a first-order lag. Servo, VFD, hydraulic load and brake differ only in the numbers.
 *
 * Within a piece (no end of ramp inside) everything is closed form:
 * reference r(s) = r0 + k s, value v(s) = r(s) - k tau + e exp(-s/tau), e = v0 - r0 + k tau.
 */
export class Follower {
  readonly #rampPerS: number;
  readonly #lagS: number;
  #target = 0;
  #reference = 0;
  #value = 0;
  #slope = 0;
  /** Size against which a remaining difference counts as nothing. */
  #scale = 0;

  constructor(rampPerS: number, lagS: number) {
    this.#rampPerS = rampPerS;
    this.#lagS = lagS;
  }

  get value(): number {
    return this.#value;
  }

  get settled(): boolean {
    return this.#value === this.#target && this.#slope === 0;
  }

  aim(target: number): void {
    if (target === this.#target) return;
    this.#target = target;
    this.#slope = Math.sign(target - this.#reference) * this.#rampPerS;
    this.#scale = Math.max(Math.abs(target), Math.abs(this.#value));
  }

  /**
   * Longest step over which the value is one smooth curve that five Gauss points integrate to 1e-12:
   * a quarter of the lag while the transient is large, more as it dies, never past the end of a ramp.
   */
  pieceS(): number {
    if (this.settled) return Infinity;
    const rampLeftS = this.#slope === 0 ? Infinity : Math.max(0, this.#rampLeftS());
    const transient = Math.abs(this.#transient()) / this.#scale;
    if (transient === 0) return rampLeftS;
    const lags = transient > 0.05 ? 0.25 : transient > 1e-6 ? 1 : 4;
    return Math.min(rampLeftS, lags * this.#lagS);
  }

  /** Value `s` seconds into the piece. */
  at(s: number): number {
    const line = this.#reference + this.#slope * (s - this.#lagS);
    return line + this.#transient() * Math.exp(-s / this.#lagS);
  }

  /** Moves by `s`, at most one piece. */
  move(s: number): void {
    if (this.settled) return;
    const transient = this.#transient() * Math.exp(-s / this.#lagS);
    const ends = this.#slope !== 0 && s >= this.#rampLeftS();
    const line = this.#reference + this.#slope * (s - this.#lagS);
    this.#reference = ends ? this.#target : this.#reference + this.#slope * s;
    const dead = Math.abs(transient) <= 1e-13 * this.#scale;
    this.#value = dead ? line : line + transient;
    if (ends) this.#slope = 0;
  }

  #rampLeftS(): number {
    return (this.#target - this.#reference) / this.#slope;
  }

  #transient(): number {
    return this.#value - this.#reference + this.#slope * this.#lagS;
  }
}
