/** The reading side of a record, as others see it. */
import type { EpochMs, RunMs } from "../base/clock.js";
import type { RunSample } from "../base/sample.js";
import type { Batch, Scratch } from "./batch.js";
import type { StoredEvent } from "./document/event.js";
import type { RunHeader, RunSummary } from "./document/run.js";
import type { StoredText } from "./stored-text.js";

/** `interrupted`: no summary and no controller at work; the run can be resumed. */
export type RunCondition = "running" | "ended" | "interrupted";

/** The reading side; safe in another process while the writer works. Made by `openRecord`. */
export interface RecordReader {
  readonly folder: string;
  readonly header: RunHeader;
  /** Read anew at each look; undefined until the run has ended. */
  readonly summary: RunSummary | undefined;
  readonly condition: RunCondition;
  /** As they were stored, for verification. */
  readonly stored: StoredText;
  /** In order of `seq`. Throws `RECORD_DAMAGED` at the first one that cannot be read. */
  events(afterSeq?: number): IterableIterator<StoredEvent>;
  /** Those with `from <= at <= to`, in order. Samples not yet flushed are not seen. */
  samples(from?: RunMs, to?: RunMs): IterableIterator<RunSample>;
  /**
   * The same by column; the first and last one may hold samples outside. With `scratch` the arrays of a
   * batch are written over by the next one.
   */
  batches(from?: RunMs, to?: RunMs, scratch?: Scratch): IterableIterator<Batch>;
  close(): void;
}

/**
 * One line of `run list`. A run that is damaged, or that this user or this version cannot read, is listed
 * too, with what is known of it.
 */
export type RunListing = {
  id: string;
  rig: string;
  profile: string;
  specimens: readonly string[];
  simulated: boolean;
  /** `parked`: interrupted, and put down by a person so that its rig is free. */
  condition: RunCondition | "parked" | "damaged" | "unreadable";
  /** Of a parked run: stations whose specimens stay in place. */
  mounted?: readonly string[];
  outcome: string | null;
  startedWall: EpochMs | null;
  endedWall: EpochMs | null;
  /** What is wrong with a damaged or unreadable record. */
  problem: string | null;
};
