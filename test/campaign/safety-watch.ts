/** What is promised, looked at 50 times a second of virtual time, whatever else goes on. */
import type { ActuatorSafety } from "../../src/rig/safety.js";
import type { Mode } from "../plant/config.js";
import type { VirtualPlant } from "../plant/virtual.js";

export const watchdogMs = 2000;
/** A silence, as it is stated: 1.2 times the watchdog's time and half a second. */
const silenceMs = 1.2 * watchdogMs + 500;
/** What a device may take to come down by itself once it was told. */
const brakeMs = 2500;
/** From listening again to the next try. */
const tryMs = 2000;
/** A panel that says so is looked at every ten seconds. */
const localMs = 10_000;
/** Taken back three times in a minute: asked once a minute, and the alarm stands. */
const contestedMs = 60_000;
const safeWithinMs = 1000;
/** A cycle to see it, one to decide, and the first try. */
const seeMs = 2000;
/** Behind a line that is silent it is only known when the guard misses a reading (2 s, a cycle) and safeWithin is over. */
const blindMs = seeMs + 1000 + 1000;
const stepMs = 40;

export type Watched = {
  role: string;
  unit: string;
  line: string;
  /** Its watchdog is armed and its type knows it. */
  hasWatchdog: boolean;
};

/** Who knows at this moment how far each actuator is; undefined while nobody keeps the rig. */
export type Knowledge = {
  safety: readonly ActuatorSafety[];
  /** Safe values were called for and nothing was started since. */
  isSafe: boolean;
  planSays: (role: string) => boolean;
  /** A plan was written since the process began. */
  hasPlan: boolean;
};

export class SafetyWatch {
  readonly violations = new Set<string>();
  readonly #plant: VirtualPlant;
  readonly #watched: readonly Watched[];
  /** Since when something holds, by its name. */
  readonly #since = new Map<string, number>();
  knows: () => Knowledge | undefined = () => undefined;

  constructor(plant: VirtualPlant, watched: readonly Watched[]) {
    this.#plant = plant;
    this.#watched = watched;
    plant.onStep = (nowMs) => this.#look(nowMs);
  }

  #look(nowMs: number): void {
    const known = this.knows();
    for (const watched of this.#watched) {
      const { role, unit } = watched;
      const shown = this.#plant.unit(unit).state();
      const says = known?.planSays(role) ?? true;
      const lost = this.#lasts(`${role} without a plan`, shown.energised && !says, nowMs);
      // Before the first plan nothing may have energy; after one another hand may bring it back.
      const longest = known?.hasPlan === false ? stepMs : blindMs;
      if (lost > longest) this.#violated(`${role} has energy and the plan does not say so`, nowMs);
      if (known !== undefined) this.#lookAt(watched, known, shown.energised, nowMs);
    }
  }

  #lookAt(watched: Watched, known: Knowledge, energised: boolean, nowMs: number): void {
    const { role, unit, line, hasWatchdog } = watched;
    const told = known.safety.find((safety) => safety.role === role);
    // Not in the plan's hands: that it has energy nevertheless was looked at above.
    if (told === undefined) return;
    const { mode } = this.#plant.unit(unit);
    const isHeard =
      this.#plant.bus(line).isUp && mode.silent !== true && mode.exception === undefined;
    const moves = energised && known.isSafe;
    // Taken for safe: nobody does anything about it, nobody is told.
    const taken = this.#lasts(`${role} taken for safe`, moves && told.acted && isHeard, nowMs);
    if (taken > seeMs) this.#violated(`${role} is called ${told.level} and has energy`, nowMs);
    const listens = this.#lasts(`${role} listens`, moves && isHeard && isRight(mode), nowMs);
    const waits = tryMs + brakeMs + (hasWatchdog ? silenceMs : 0) + localMs;
    const longest = told.detail.startsWith("contested") ? contestedMs + waits : waits;
    if (listens > longest) this.#violated(`${role} listens and still has energy`, nowMs);
    const deaf = this.#lasts(`${role} is deaf`, moves && hasWatchdog && isDeaf(mode), nowMs);
    const fed = safeWithinMs + 1.2 * watchdogMs + 1000 + tryMs;
    if (deaf > fed) this.#violated(`${role} is deaf and its watchdog was kept alive`, nowMs);
  }

  /** For how long it has held without a break; 0 where it does not. */
  #lasts(name: string, holds: boolean, nowMs: number): number {
    if (!holds) {
      this.#since.delete(name);
      return 0;
    }
    const since = this.#since.get(name) ?? nowMs;
    this.#since.set(name, since);
    return nowMs - since;
  }

  #violated(text: string, nowMs: number): void {
    if (![...this.violations].some((known) => known.endsWith(text))) {
      this.violations.add(`${(nowMs / 1000).toFixed(2)} s: ${text}`);
    }
  }
}

function isDeaf(mode: Mode): boolean {
  return mode.ignores === true;
}

function isRight({ watchdog: _watchdog, ...wrong }: Mode): boolean {
  return Object.keys(wrong).length === 0;
}
