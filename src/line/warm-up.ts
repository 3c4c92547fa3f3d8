import type { ElapsedMs } from "../base/clock.js";

/** So long a connection that was just made may swallow what it is asked, and reads are asked again. */
const patienceMs = 1500;
/** So long it is not given up for it. */
const longestMs = 5000;
/** Connections in a row that must show it: one alone may be a device that was starting itself. */
const timesToLearn = 2;

/**
 * Some servers swallow what they are asked in the first moments of a connection. How long that takes is stated (a
 * rig's `pauseAfterConnect`), or learnt from connections that were silent to a unit at first and then answered it.
 */
export class WarmUp {
  /** Pause between connecting and the first request. */
  pauseMs: number;
  #connectedAt: ElapsedMs = Number.NEGATIVE_INFINITY;
  readonly #swallowed = new Set<number>();
  #answered = false;
  #times = 0;
  /** A connection answered the first thing it was asked: this server has no such habit. */
  #isPrompt = false;

  constructor(statedMs = 0) {
    this.pauseMs = statedMs;
  }

  /** A new connection, `pauseMs` after it was made. */
  begin(now: ElapsedMs): void {
    this.#connectedAt = now - this.pauseMs;
    this.#swallowed.clear();
    this.#answered = false;
  }

  wasSilent(unit: number): void {
    if (!this.#answered) this.#swallowed.add(unit);
  }

  /** `unit` answered what it was asked at `askedAt`. */
  hasAnswered(unit: number, askedAt: ElapsedMs): void {
    if (this.#answered) return;
    this.#answered = true;
    const wasSilent = this.#swallowed.has(unit);
    this.#isPrompt = !wasSilent && this.pauseMs === 0;
    this.#times = wasSilent ? this.#times + 1 : 0;
    if (this.#times < timesToLearn) return;
    this.pauseMs = Math.min(Math.max(this.pauseMs, askedAt - this.#connectedAt), longestMs);
  }

  /** Is a read worth asking again, although it was not answered? */
  isWorthAsking(now: ElapsedMs): boolean {
    return this.#isOpen(now, patienceMs);
  }

  /** Is it too early to take the connection for dead? */
  isTooEarly(now: ElapsedMs): boolean {
    return this.#isOpen(now, longestMs);
  }

  #isOpen(now: ElapsedMs, withinMs: number): boolean {
    if (this.#answered || this.#isPrompt) return false;
    return now - this.#connectedAt < this.pauseMs + withinMs;
  }
}
