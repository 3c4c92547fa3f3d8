/** The wall clock of the machine as a kept rig sees it: whether somebody sets it, and by how much it was set. */
import type { Clock, ElapsedMs, EpochMs } from "../base/clock.js";
import { formatDuration } from "../base/quantity.js";
import type { TimeSync } from "../record/document/event.js";
import type { JournalEvent } from "../record/journal/kinds.js";

/** Who sets it is asked of the machine once a minute. */
const askAgainMs = 60_000;
/** A disciplined clock is slewed by far less between two readings (at most 0.5 ms/s). */
const stepMs = 500;

export class WallWatch {
  readonly #clock: Clock;
  readonly #ask: () => TimeSync;
  #askedAt: ElapsedMs = Number.NEGATIVE_INFINITY;
  #sync: TimeSync = { state: "unknown", source: "not asked yet" };
  #noted: TimeSync | undefined;
  #offsetMs = Number.NaN;

  constructor(clock: Clock, ask: () => TimeSync) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Only then do its times compare with others. */
  get isTrusted(): boolean {
    return this.#now().state === "synchronised";
  }

  /** What is another than at the look before: what sets the clock, and that it was set. */
  look({ at, wall }: { at: ElapsedMs; wall: EpochMs }): JournalEvent[] {
    return [...this.#setBy(wall - at), ...this.#trust()];
  }

  #setBy(offsetMs: number): JournalEvent[] {
    const byMs = offsetMs - this.#offsetMs;
    this.#offsetMs = offsetMs;
    if (!(Math.abs(byMs) > stepMs)) return [];
    const way = byMs > 0 ? "forward" : "back";
    const text = `the wall clock was set ${way} by ${formatDuration(Math.abs(byMs))}`;
    return [{ kind: "clock", text, data: { byMs } }];
  }

  #trust(): JournalEvent[] {
    const [was, timeSync] = [this.#noted, this.#now()];
    if (was?.state === timeSync.state && was.source === timeSync.source) return [];
    this.#noted = timeSync;
    const before = was === undefined ? "" : `, was ${syncText(was)}`;
    return [
      { kind: "clock", text: `time sync: ${syncText(timeSync)}${before}`, data: { timeSync } },
    ];
  }

  #now(): TimeSync {
    const now = this.#clock.elapsed();
    if (now - this.#askedAt >= askAgainMs) {
      this.#askedAt = now;
      this.#sync = this.#ask();
    }
    return this.#sync;
  }
}

function syncText({ state, source }: TimeSync): string {
  return `${state} (${source})`;
}
