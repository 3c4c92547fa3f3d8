/** A simulated device that stops by itself when its controller falls silent, as its type says. */
import { Cancel, type Clock, type ElapsedMs } from "../base/clock.js";
import { fromCanonical, parseQuantity, toCanonical } from "../base/quantity.js";
import { commandPlan, pointValue } from "../device/command.js";
import type { SimDevice } from "./sim-device.js";

/** Runs until `stop`; times at which it acted. */
export type SimWatchdog = { readonly actedAt: readonly ElapsedMs[]; stop(): void };

/**
 * Watches one device; undefined where its type has no watchdog. It runs from the first request that
 * feeds it, while the registers hold what `required` says and the time is not 0, and counts afresh
 * after it has acted. Where the type says no time, `fallbackMs` stands for what the maker's tool set.
 */
export function startWatchdog(
  device: SimDevice,
  clock: Clock,
  fallbackMs: number,
  onAct: () => void = () => {},
): SimWatchdog | undefined {
  if (device.type.watchdog === undefined) return undefined;
  return new Watchdog(device, clock, fallbackMs, onAct);
}

class Watchdog implements SimWatchdog {
  readonly actedAt: ElapsedMs[] = [];
  readonly #device: SimDevice;
  readonly #clock: Clock;
  readonly #fallbackMs: number;
  readonly #onAct: () => void;
  readonly #cancel = new Cancel();
  /** Last feeding; undefined while it does not run. */
  #fedAt: ElapsedMs | undefined;
  #waiting = false;
  /** What the device does by itself feeds nothing. */
  #acting = false;

  constructor(device: SimDevice, clock: Clock, fallbackMs: number, onAct: () => void) {
    this.#device = device;
    this.#clock = clock;
    this.#fallbackMs = fallbackMs;
    this.#onAct = onAct;
    const fedBy = device.type.watchdog?.fedBy;
    if (fedBy === undefined) device.beforeRead(() => this.#feed());
    else device.onWrite((points) => points.some((p) => fedBy.includes(p)) && this.#feed());
  }

  stop(): void {
    this.#cancel.cancel();
  }

  #feed(): void {
    if (this.#acting) return;
    this.#fedAt = this.#clock.elapsed();
    if (!this.#waiting) void this.#wait();
  }

  /** One sleeper at most, however often it is fed. */
  async #wait(): Promise<void> {
    this.#waiting = true;
    while (this.#fedAt !== undefined && !this.#cancel.cancelled) {
      const leftMs = this.#fedAt + this.#timeMs() - this.#clock.elapsed();
      if (!Number.isFinite(leftMs)) this.#fedAt = undefined;
      else if (leftMs <= 0) this.#act();
      else await this.#clock.sleep(leftMs, this.#cancel);
    }
    this.#waiting = false;
  }

  /** Infinite while it is switched off. */
  #timeMs(): number {
    const { watchdog, points } = this.#device.type;
    const { required = {}, timeFrom, time } = watchdog ?? {};
    const armed = Object.entries(required).every(([point, value]) => {
      if (point === timeFrom) return true;
      return this.#device.get(point) === pointValue(this.#device.type, point, value);
    });
    if (!armed) return Number.POSITIVE_INFINITY;
    if (time !== undefined) return parseQuantity(time)?.value ?? this.#fallbackMs;
    if (timeFrom === undefined) return this.#fallbackMs;
    const { unit = "s" } = points[timeFrom] ?? {};
    const ms = fromCanonical(toCanonical(this.#device.get(timeFrom), unit), "ms");
    return ms > 0 ? ms : Number.POSITIVE_INFINITY;
  }

  #act(): void {
    const { type } = this.#device;
    this.#fedAt = undefined;
    this.#acting = true;
    this.actedAt.push(this.#clock.elapsed());
    const writes = (type.actuators ?? []).flatMap(({ point, safe }) => {
      if (safe !== undefined) return commandPlan(type, safe).flatMap((step) => step.write);
      return [{ point, value: this.#device.untouched(point) }];
    });
    const shown = Object.entries(type.watchdog?.shows ?? {});
    this.#device.act([
      ...writes.map(({ point, value }) => [point, value] as const),
      ...shown.map(([point, value]) => [point, pointValue(type, point, value)] as const),
    ]);
    this.#acting = false;
    this.#onAct();
  }
}
