/**
 * What a run writes down. One folder per run, complete by itself: `run.db` holds the header, the
 * events (synced, hash-chained) and the samples (blobs in group commits).
 */
import type { ElapsedMs, EpochMs } from "../base/clock.js";
import type { Column, Sample } from "../base/sample.js";

/** What happened. Inputs to `run.step` are recorded too, so that a run can be folded again. */
export const eventKinds = [
  "run-started",
  "input",
  "state",
  "step",
  "alarm",
  "failure",
  "trip",
  "safe",
  "fault",
  "checkpoint",
  "interruption",
  "run-ended",
] as const;
export type EventKind = (typeof eventKinds)[number];

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [k: string]: Json };

export type RecordEvent = {
  kind: EventKind;
  /** On the run's clock, zero at the start of the run. */
  at: ElapsedMs;
  /** Number of the sample the event follows; 0 before the first. */
  cycle: number;
  station?: string;
  /** One sentence for people. */
  text: string;
  data: { readonly [k: string]: Json };
};

/** An event as stored: numbered, stamped and chained. */
export type StoredEvent = RecordEvent & { seq: number; wall: EpochMs; hash: string };

/** A file the run depends on, kept whole with its hash (SHA-256 of the text, hex). */
export type KeptFile = {
  kind: "rig" | "profile" | "product" | "device-type";
  name: string;
  text: string;
};

export type RunHeader = {
  id: string;
  rig: string;
  profile: string;
  simulated: boolean;
  seed?: number;
  software: string;
  startedWall: EpochMs;
  cycleMs: number;
  columns: readonly Column[];
  specimens: readonly { station: string; specimen: string; product: string }[];
  /** Parameter values given for this run, as written. */
  parameters: { readonly [name: string]: string };
  files: readonly KeptFile[];
};

/** How a run came out; written once at its end. Exposure as in `profile/exposure.ts`. */
export type RunSummary = {
  id: string;
  rig: string;
  profile: string;
  simulated: boolean;
  seed: number | null;
  state: string;
  outcome: string;
  reason: string;
  startedWall: EpochMs;
  endedWall: EpochMs;
  exposure: Json;
  stations: readonly {
    station: string;
    specimen: string;
    product: string;
    outcome: string;
    mode: string | null;
    exposure: Json;
  }[];
  alarms: readonly Json[];
  events: readonly Json[];
};

/** The writing side; the work is done in a worker thread. */
export interface RecordWriter {
  readonly id: string;
  readonly folder: string;
  /** Never waits: the sample is copied into the next group commit (at most `flushMs` later). */
  sample(sample: Sample): void;
  /**
   * Resolves when these events, and all samples given before them, are on the disk (full sync).
   * Rejects with `RECORD_FAILED` when they cannot be (disk full, read-only); nothing of them is then kept.
   */
  commit(events: readonly RecordEvent[]): Promise<void>;
  /** Writes the summary, flushes, closes and releases the folder. */
  end(summary: RunSummary): Promise<void>;
  /** Flushes and releases without a summary: the run stays open for a later resume. */
  close(): Promise<void>;
}

/** The reading side; safe in another process while the writer works. */
export interface RecordReader {
  readonly header: RunHeader;
  readonly summary: RunSummary | undefined;
  events(afterSeq?: number): IterableIterator<StoredEvent>;
  samples(from?: ElapsedMs, to?: ElapsedMs): IterableIterator<Sample>;
  close(): void;
}
