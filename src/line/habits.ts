import type { Clock, ElapsedMs } from "../base/clock.js";
import type { Asked } from "./framer.js";
import type { LineFault } from "./line.js";
import { WarmUp } from "./warm-up.js";

/** Allowance for the network, and for servers that hold answers back for delayed acknowledges. */
export const networkMs = 100;
/** After so many timeouts in a row the peer is taken for gone although TCP has not noticed. */
const timeoutsInARow = 3;
/** A server that hung up after its one answer so often in a row will do it again. */
const timesToExpect = 2;
/** So often it is then hung up for it, when it does not, before that is forgotten. */
const mostHangUps = 4;
/** It is given so long to do it, rather than losing the next request in its hanging up. */
const hangUpMs = 20;

/**
 * What a server on a network was found to do with its connections, whatever is spoken over them: hang up after each
 * answer, swallow the first moments, be gone without a word. Decides what to do about it; the transport does it.
 */
export class Habits {
  readonly #clock: Clock;
  readonly #warmUp: WarmUp;
  #answers = 0;
  #streak = 0;
  #hangUps = 0;
  /** We gave the connection up, not the peer. */
  #dropped = false;
  #askedAt: ElapsedMs = 0;
  /** When the last byte came. */
  heardAt: ElapsedMs = Number.NEGATIVE_INFINITY;
  /** The write that went out last: one that is not this was never sent. */
  #written: Asked | undefined;

  constructor(clock: Clock, pauseAfterConnectMs?: number) {
    this.#clock = clock;
    this.#warmUp = new WarmUp(pauseAfterConnectMs);
  }

  /** Pause between connecting and the first request. */
  get pauseMs(): number {
    return this.#warmUp.pauseMs;
  }

  /** There is a new connection. */
  begin(): void {
    if (!this.#dropped) {
      this.#hangUps = this.#answers === 1 ? Math.min(this.#hangUps + 1, mostHangUps) : 0;
    }
    this.#answers = 0;
    this.#streak = 0;
    this.#dropped = false;
    this.#warmUp.begin(this.#clock.elapsed());
  }

  /** The connection is given up by us. */
  dropped(): void {
    this.#dropped = true;
  }

  sent(asked: Asked): void {
    this.#askedAt = this.#clock.elapsed();
    if (asked.request.kind === "write") this.#written = asked;
  }

  heard(): void {
    this.heardAt = this.#clock.elapsed();
  }

  answered(unit: number): void {
    this.#streak = 0;
    this.#answers++;
    this.#warmUp.hasAnswered(unit, this.#askedAt);
  }

  /** Nobody answered in time: why to give the connection up; undefined where it is kept. */
  wasSilent(unit: number): string | undefined {
    this.#streak++;
    this.#warmUp.wasSilent(unit);
    const isGone =
      this.#streak >= timeoutsInARow && !this.#warmUp.isTooEarly(this.#clock.elapsed());
    return isGone ? `${this.#streak} timeouts in a row` : undefined;
  }

  /** Whatever came, somebody is there. */
  isThere(): void {
    this.#streak = 0;
  }

  /** From when on it has had the time to hang up. */
  hungUpAt(): ElapsedMs {
    return this.#expectsHangUp() ? this.heardAt + hangUpMs : Number.NEGATIVE_INFINITY;
  }

  /** Why to hang up for it before something is sent: perhaps it is slow, perhaps that is no habit of its. */
  whyNotNow(): string | undefined {
    if (!this.#expectsHangUp()) return undefined;
    this.#hangUps--;
    return "the peer used to hang up after each answer";
  }

  isWarmingUp(): boolean {
    return this.#warmUp.isWorthAsking(this.#clock.elapsed());
  }

  /** May it be asked again on a fresh connection? Reads, and what had not been sent yet. */
  mayRepeat(asked: Asked, fault: LineFault): boolean {
    const isRead = asked.request.kind === "read";
    if (fault === "timeout") return isRead && this.isWarmingUp();
    return isRead || this.#written !== asked;
  }

  #expectsHangUp(): boolean {
    return this.#answers > 0 && this.#hangUps >= timesToExpect;
  }
}
