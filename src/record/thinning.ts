import type { RunMs } from "../base/clock.js";
import { isTrigger, type RecordEvent } from "./document/event.js";
import type { RunHeader } from "./document/run.js";
import { type ThinInput, thinned } from "./thin.js";

/** An event is committed with the sample it follows, or the next; a minute is more than enough. */
const settleMs = 60_000;

type Column = Pick<ThinInput, "values" | "quality">;

/**
 * Which samples the record keeps of which column. Around every trigger all of them, and those after the
 * last checkpoint too: a restart decides them again.
 */
export class Thinning {
  readonly #header: Pick<RunHeader, "columns" | "blackBox">;
  readonly #windows: { fromMs: RunMs; toMs: RunMs }[] = [];
  #checkpointAt = 0;

  constructor(header: Pick<RunHeader, "columns" | "blackBox">) {
    this.#header = header;
  }

  /** Does any column want less than every sample? */
  get isOn(): boolean {
    return this.#header.columns.some((c) => c.keep !== undefined);
  }

  note(events: readonly Pick<RecordEvent, "kind" | "at" | "data">[]): void {
    const { beforeMs, afterMs } = this.#around;
    for (const { kind, at, data } of events) {
      if (kind === "checkpoint") this.#checkpointAt = at;
      if (!isTrigger({ kind, data })) continue;
      this.#windows.push({ fromMs: at - beforeMs, toMs: at + afterMs });
    }
  }

  /** Samples up to here may be thinned, when the last one on the disk was taken at `lastAt`. */
  until(lastAt: RunMs): RunMs {
    if (!this.isOn) return Number.POSITIVE_INFINITY;
    return Math.min(this.#checkpointAt, lastAt - this.#around.beforeMs - settleMs);
  }

  /** For the samples of one chunk: gives the values of the column with this index as they are kept. */
  of(cycles: Float64Array, at: Float64Array): (index: number, column: Column) => Float64Array {
    const whole = Uint8Array.from(at, (ms) => (this.#isWhole(ms) ? 1 : 0));
    return (index, { values, quality }) => {
      const keep = this.#header.columns[index]?.keep;
      return keep === undefined ? values : thinned(keep, { cycles, at, whole, values, quality });
    };
  }

  get #around(): { beforeMs: number; afterMs: number } {
    return this.#header.blackBox ?? { beforeMs: 0, afterMs: 0 };
  }

  #isWhole(ms: RunMs): boolean {
    return this.#windows.some(({ fromMs, toMs }) => ms >= fromMs && ms <= toMs);
  }
}
