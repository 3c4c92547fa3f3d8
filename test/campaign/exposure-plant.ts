/** A shaft and its load with counters of their own, for the campaign of exposure intervals. Knows nothing of us. */

export type Quantity = { value: number; target: number; perS: number };

/** What really happened since the beginning. */
export type Truth = { turns: number; damage: number; stressMs: number };

export type PlantSetup = {
  /** How fast the drive and the load follow what they are told, and the shaft runs out, per second. */
  speedPerS: number;
  loadPerS: number;
  coastPerS: number;
  /** Straight, or ever more slowly (first order with a time constant that fits). */
  lags: boolean;
  stepMs: number;
};

export class CountingPlant {
  readonly truth: Truth = { turns: 0, damage: 0, stressMs: 0 };
  nowMs = 0;
  speed = 0;
  load = 0;
  /** All turns that there ever were, on test or not. */
  way = 0;
  asked = { speed: 0, load: 0 };
  coasts = false;
  /** Time at stress, on test or not. */
  nearMs = 0;
  /** Set while what happens counts as on test, and at all. */
  isExecuting = false;
  counts = false;
  readonly #setup: PlantSetup;

  constructor(setup: PlantSetup) {
    this.#setup = setup;
  }

  advanceTo(ms: number): void {
    while (this.nowMs < ms - 1e-9) {
      const stepMs = Math.min(this.#setup.stepMs, ms - this.nowMs);
      this.#step(stepMs);
      this.nowMs += stepMs;
    }
  }

  #step(ms: number): void {
    const { speedPerS, loadPerS, coastPerS } = this.#setup;
    const [speed, load] = [this.speed, this.load];
    this.speed = this.coasts
      ? straight(speed, 0, (coastPerS * ms) / 1000)
      : this.#follow(speed, this.asked.speed, speedPerS, ms);
    this.load = this.#follow(load, this.asked.load, loadPerS, ms);
    const rpm = (Math.abs(speed) + Math.abs(this.speed)) / 2;
    this.way += (rpm * ms) / 60_000;
    if (!this.counts) return;
    const newton = (load + this.load) / 2;
    this.truth.turns += (rpm * ms) / 60_000;
    this.truth.damage += damagePerMs(rpm, newton) * ms;
    if (!this.#isAtStress()) return;
    this.nearMs += ms;
    if (this.isExecuting) this.truth.stressMs += ms;
  }

  #follow(from: number, to: number, perS: number, ms: number): number {
    if (!this.#setup.lags) return straight(from, to, (perS * ms) / 1000);
    const constantMs = 300_000 / perS;
    return to + (from - to) * Math.exp(-ms / constantMs);
  }

  #isAtStress(): boolean {
    const { asked } = this;
    if (this.coasts || asked.speed === 0 || asked.load === 0) return false;
    return near(this.speed, asked.speed) && near(this.load, asked.load);
  }
}

/** A register that counts the whole turns of a shaft, begins again and may be reset. */
export class TurnRegister {
  readonly wrap: number;
  #atZero: number;

  constructor(wrap: number, startsAt: number) {
    this.wrap = wrap;
    this.#atZero = -startsAt;
  }

  reset(way: number): void {
    this.#atZero = way;
  }

  read(way: number): number {
    return Math.floor(way - this.#atZero) % this.wrap;
  }
}

/** Of a rated life, by the cube of the load; the campaign's own arithmetic. */
export function damagePerMs(rpm: number, newton: number): number {
  return (rpm / 60_000) * (newton / 20_000) ** 3 * 1e-6;
}

export const stressShare = 0.05;

function near(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) <= stressShare * Math.abs(wanted);
}

function straight(from: number, to: number, by: number): number {
  return Math.abs(to - from) <= by ? to : from + Math.sign(to - from) * by;
}
