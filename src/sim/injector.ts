import type { Clock, ElapsedMs } from "../base/clock.js";
import type { Random } from "../base/random.js";
import { drawFault, type FaultKind, type Faults } from "./fault.js";
import type { SimDevice } from "./sim-device.js";

/** What has begun on one unit (or on the line) and when it ends. */
type Period = { unit: number; ends: ElapsedMs; device: SimDevice | undefined };

/** Draws the fault of each exchange of one line, and remembers those that last for a time. */
export class Injector {
  readonly faults: Faults;
  readonly #random: Random;
  readonly #clock: Clock;
  #busy: Period[] = [];
  #dropout: Period[] = [];
  #stuck: Period[] = [];
  #unpluggedUntil: ElapsedMs = Number.NEGATIVE_INFINITY;

  constructor(faults: Faults, random: Random, clock: Clock) {
    this.faults = faults;
    this.#random = random;
    this.#clock = clock;
  }

  /** The line is gone now. */
  get unplugged(): boolean {
    return this.#clock.elapsed() < this.#unpluggedUntil;
  }

  /** A fault that keeps the device as it was is not told: `stuck` answers as usual. */
  next(unit: number, device: SimDevice | undefined): FaultKind | undefined {
    const lasting = this.#lasting(unit);
    if (lasting !== undefined) return lasting;
    const kind = drawFault(this.faults, this.#random, unit);
    if (kind === undefined) return undefined;
    return this.#begun(kind, unit, device);
  }

  /** How much later than at once the answer comes. */
  delayMs(kind: FaultKind | undefined): number {
    return this.faults.slowMs + (kind === "late" ? this.faults.lateMs : 0);
  }

  /** A whole number from `least` to `most`. */
  pick(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  #lasting(unit: number): FaultKind | undefined {
    if (this.unplugged) return "unplug";
    if (this.#stuck.length > 0) this.#freeStuck();
    if (this.#dropout.length > 0 && this.#lasts(this.#dropout, unit)) return "dropout";
    if (this.#busy.length > 0 && this.#lasts(this.#busy, unit)) return "busy";
    return undefined;
  }

  #begun(kind: FaultKind, unit: number, device: SimDevice | undefined): FaultKind | undefined {
    const now = this.#clock.elapsed();
    const { busyMs, dropoutMs, stuckMs, unplugMs } = this.faults;
    if (kind === "busy") this.#busy.push({ unit, ends: now + busyMs, device });
    else if (kind === "dropout") this.#dropout.push({ unit, ends: now + dropoutMs, device });
    else if (kind === "unplug") this.#unpluggedUntil = now + unplugMs;
    else if (kind === "stuck") {
      this.#stuck.push({ unit, ends: now + stuckMs, device });
      if (device !== undefined) device.stuck = true;
      return undefined;
    }
    return kind;
  }

  #lasts(periods: Period[], unit: number): boolean {
    const now = this.#clock.elapsed();
    const at = periods.findIndex((period) => period.unit === unit);
    if (at < 0) return false;
    if (periods[at]!.ends > now) return true;
    periods.splice(at, 1);
    return false;
  }

  #freeStuck(): void {
    const now = this.#clock.elapsed();
    const over = this.#stuck.filter(({ ends }) => ends <= now);
    this.#stuck = this.#stuck.filter(({ ends }) => ends > now);
    for (const { device } of over) {
      if (device === undefined || this.#stuck.some((p) => p.device === device)) continue;
      device.stuck = false;
    }
  }
}
