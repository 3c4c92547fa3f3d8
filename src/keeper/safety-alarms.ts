/** Alarms of actuators that were made safe: what has not acted in its time, and what somebody else sets back. */
import type { Clock, ElapsedMs } from "../base/clock.js";
import { type RigAlarm, rigFacts } from "../limit/alarm/facts.js";
import type { BoundRig } from "../rig/bind.js";
import { type ActuatorSafety, safetyText } from "../rig/safety.js";
import type { RigBook } from "./rig-book.js";

/** What somebody set back again and again may be set back once more; after so long it was the last time. */
const contestedMs = 60_000;
/** So often what was contested is asked whether it still stands. */
const lookAgainMs = 10_000;

/** Roles that an alarm stands of, and when that was seen last. */
type Standing = Map<string, ElapsedMs>;

export class SafetyAlarms {
  readonly #rig: BoundRig;
  readonly #book: RigBook;
  readonly #clock: Clock;
  readonly #notSafe: Standing = new Map();
  readonly #contested: Standing = new Map();
  #lookedAt: ElapsedMs = Number.NEGATIVE_INFINITY;

  constructor(rig: BoundRig, book: RigBook, clock: Clock) {
    this.#rig = rig;
    this.#book = book;
    this.#clock = clock;
  }

  /** Once per cycle. */
  look(): void {
    const safety = this.#rig.isSafe ? this.#rig.safety() : [];
    for (const one of safety) {
      if (one.acted && one.isContested) this.#lookAgain();
      if (one.acted) continue;
      if (this.#isLate(one)) this.#stands("not-safe", one, this.#notSafe);
      if (one.isContested) this.#stands("contested", one, this.#contested);
    }
    const now = this.#clock.elapsed();
    const found = (role: string) => safety.find((one) => one.role === role);
    for (const role of this.#notSafe.keys()) {
      if (found(role)?.acted !== false) this.#giveBack("not-safe", role, this.#notSafe);
    }
    for (const [role, at] of this.#contested) {
      const isOver = found(role)?.isContested !== true || now - at > contestedMs;
      if (isOver) this.#giveBack("contested", role, this.#contested);
    }
  }

  #lookAgain(): void {
    const now = this.#clock.elapsed();
    if (now - this.#lookedAt < lookAgainMs) return;
    this.#lookedAt = now;
    void this.#rig.verify();
  }

  #isLate({ role, level, tookMs }: ActuatorSafety): boolean {
    const withinMs = this.#rig.actuators.find((a) => a.role === role)?.safeWithinMs ?? 0;
    return level !== "not asked" && tookMs > withinMs;
  }

  #stands(alarm: RigAlarm, one: ActuatorSafety, standing: Standing): void {
    const isNew = !standing.has(one.role);
    standing.set(one.role, this.#clock.elapsed());
    if (!isNew) return;
    const text = `${safetyText([one])}; ${one.next}`;
    void this.#book.raise(rigFacts(this.#rig.name, alarm, one.role), Number.NaN, text);
  }

  #giveBack(alarm: RigAlarm, role: string, standing: Standing): void {
    standing.delete(role);
    void this.#book.giveBack(rigFacts(this.#rig.name, alarm, role), Number.NaN);
  }
}
