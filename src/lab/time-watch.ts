import type { EpochMs, RunMs } from "../base/clock.js";
import type { RecordEvent, TimeSync } from "../record/document/event.js";
import type { RunHeader } from "../record/document/run.js";

/** Older than this software: nobody had set the clock of the machine. */
export const oldestWall: EpochMs = Date.UTC(2026, 0, 1);

/** How often it is asked whether somebody sets the clock. */
const lookMs = 60_000;

/** Tells when the state of time sync has changed: times of this record compare with others only while set. */
export class TimeWatch {
  readonly #look: (() => TimeSync) | undefined;
  #last: TimeSync | undefined;
  #due: RunMs = 0;

  constructor(look: (() => TimeSync) | undefined, last: TimeSync | undefined) {
    this.#look = look;
    this.#last = last;
  }

  /** An event at the first look and once a minute, where something has changed. */
  at({ at, cycle }: { at: RunMs; cycle: number }): RecordEvent | undefined {
    if (this.#look === undefined || at < this.#due) return undefined;
    this.#due = at + lookMs;
    const [was, timeSync] = [this.#last, this.#look()];
    if (was?.state === timeSync.state && was.source === timeSync.source) return undefined;
    this.#last = timeSync;
    const before = was === undefined ? "" : `, was ${timeSyncText(was)}`;
    const text = `time sync: ${timeSyncText(timeSync)}${before}`;
    return { kind: "clock", at, cycle, text, data: { timeSync } };
  }
}

/** `synchronised (timesyncd)` */
export function timeSyncText({ state, source }: TimeSync): string {
  return `${state} (${source})`;
}

/** The last state that a record tells; undefined in older records and simulated ones. */
export function lastTimeSync(
  header: RunHeader,
  events: Iterable<RecordEvent>,
): TimeSync | undefined {
  let last = header.timeSync;
  for (const { kind, data } of events) {
    if (kind === "clock" && data.timeSync !== undefined) last = data.timeSync;
  }
  return last;
}
