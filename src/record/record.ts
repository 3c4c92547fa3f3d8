/**
 * What a run writes down. One folder per run, complete by itself: `run.db` holds the header, the
 * events (synced, hash-chained) and the samples (blobs in group commits). Tables, chain and lock are
 * described in `docs/record.md`.
 */
import type { ElapsedMs, EpochMs } from "../base/clock.js";
import type { WearoutError } from "../base/error.js";
import type { Column, Sample } from "../base/sample.js";
import type { Batch, Scratch } from "./batch.js";

/** What happened. Inputs to `run.step` are recorded too, so that a run can be folded again. */
export const eventKinds = [
  "input",
  "state",
  "step",
  "alarm",
  "failure",
  "trip",
  "disposition",
  "safe",
  "fault",
  "checkpoint",
  "interruption",
  "clock",
  "attachment",
  "run-ended",
] as const;
export type EventKind = (typeof eventKinds)[number];

/** Events that open a black box, around which every sample is kept. */
export const triggerKinds: readonly EventKind[] = ["trip", "failure"];

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

/**
 * An event as stored: numbered from 1, stamped with `clock.wall()` of its commit, and chained. A number
 * in `data` that is not finite is stored as null.
 */
export type StoredEvent = RecordEvent & { seq: number; wall: EpochMs; hash: string };

/** A file the run depends on, kept whole with its hash (SHA-256 of the text, hex). */
export type KeptFile = {
  kind: "rig" | "profile" | "product" | "device-type";
  name: string;
  text: string;
};

/** Something beside events and samples: a black box, a photograph, a report. Its digest is in the chain. */
export type Attachment = { name: string; data: Uint8Array };

/** Whether somebody sets the wall clock, and by what that is known; `unknown` is never taken for set. */
export type TimeSync = {
  state: "synchronised" | "not synchronised" | "unknown";
  source: string;
};

export type RunHeader = {
  id: string;
  rig: string;
  profile: string;
  simulated: boolean;
  seed?: number;
  software: string;
  startedWall: EpochMs;
  /** At the start; a `clock` event tells every change. Simulated time has none. */
  timeSync?: TimeSync;
  cycleMs: number;
  columns: readonly Column[];
  /** Around every trigger all samples are kept; only where a column says `keep`. */
  blackBox?: { beforeMs: number; afterMs: number };
  specimens: readonly { station: string; specimen: string; product: string; lot?: string }[];
  /** Parameter values given for this run, as written. */
  parameters: { readonly [name: string]: string };
  /** Values of roles that the rig has given per run, as written; only where there are any. */
  constants?: { readonly [role: string]: string };
  /** What the simulated plant was given beyond its rig file; only of simulated runs. */
  plant?: { readonly [name: string]: number };
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
    /** Taken off while it was suspect: that it ended says something of its life. */
    informative?: true;
  }[];
  /** Cycles while there was a controller; older records have none. */
  cycles?: { planned: number; done: number; missed: number };
  alarms: readonly Json[];
  events: readonly Json[];
  /** What each line of the rig counted until the end of the run; older records have none. */
  lines?: Readonly<Record<string, Json>>;
};

/**
 * The writing side; the work is done in a worker thread, and every wait for it goes through
 * `clock.outside`. Made by `createRecord` and `reopenRecord`.
 */
export interface RecordWriter {
  readonly id: string;
  readonly folder: string;
  /** The dead controller this one took the folder over from; tell it to people and book it. */
  readonly takenOver: { pid: number; host: string } | undefined;
  /** Requests (blocks of samples and commits) that the worker has not answered yet. */
  readonly backlog: number;
  /**
   * Why the last write was refused; undefined as soon as one succeeds again. Samples of a refused write
   * are kept in memory (64 MB) and go with the next one, so look at this once per cycle.
   */
  readonly failing: WearoutError | undefined;
  /**
   * Why the run should not go on although its record is kept yet: little room on the disk, or samples
   * that wait for it. Undefined while all is well. Events have room of their own (4 MB). Also that the
   * record's folder or files were removed, renamed, replaced or overwritten: noticed with the next write,
   * at most `flushMs` after a sample, and for good. Nothing is refused then but the end of the run.
   */
  readonly short: string | undefined;
  /** Samples given up because the disk refused them for too long or the worker died. */
  readonly lostSamples: number;
  /** Never waits: the sample is copied into the next group commit (at most `flushMs` later). */
  sample(sample: Sample): void;
  /**
   * Undefined while the worker keeps up. Else resolves when it has caught up: a run in virtual time
   * awaits it now and then, or its memory grows without bound. A real run may ignore it.
   */
  pressure(): Promise<void> | undefined;
  /**
   * Resolves when these events, and all samples given before them, are on the disk (full sync).
   * Rejects with `RECORD_FAILED` when they cannot be (disk full, read-only); none of the events is then
   * kept, and a later commit may succeed. Commits are written in the order of the calls.
   */
  commit(events: readonly RecordEvent[]): Promise<void>;
  /**
   * Never waits: these events go with the next group commit, in order with all others. For checkpoints:
   * nothing is done because of them, and without the samples before them they are of no use. A refused
   * write loses them.
   */
  append(events: readonly RecordEvent[]): void;
  /**
   * Never waits: the attachment goes with the next group commit, and an event with its SHA-256 beside
   * it (`data`: name, bytes, sha256, and what is given). A refused write loses both.
   */
  attach(attachment: Attachment, event: Omit<RecordEvent, "kind">): void;
  /**
   * Writes the summary into the database and beside it as `summary.json`, closes and releases the
   * folder. When it rejects, the record is still open: call it again or `close`.
   */
  end(summary: RunSummary): Promise<void>;
  /**
   * Flushes and releases without a summary: the run stays open for a later resume. Releases the folder
   * also when it rejects because the last samples cannot be written.
   */
  close(): Promise<void>;
}

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
  samples(from?: ElapsedMs, to?: ElapsedMs): IterableIterator<Sample>;
  /**
   * The same by column; the first and last one may hold samples outside. With `scratch` the arrays of a
   * batch are written over by the next one.
   */
  batches(from?: ElapsedMs, to?: ElapsedMs, scratch?: Scratch): IterableIterator<Batch>;
  close(): void;
}

/** The very texts that the hashes are made of. */
export interface StoredText {
  readonly layout: number;
  header(): string;
  /** The hash of the last chunk of samples; before the first, the header's. */
  lastChunkHash(): string;
  /** By name; undefined when there is none. */
  attachment(name: string): Uint8Array | undefined;
  /** Samples that are not folded yet. */
  hotSamples(): number;
  /** When the last sample on the disk was taken, on the run's clock. */
  lastSampleAt(): ElapsedMs | undefined;
  /** The chunks that hold anything from `from` to `to`; undefined when none does. */
  chunksWithin(
    from: ElapsedMs,
    to: ElapsedMs,
  ): { first: number; last: number; toMs: ElapsedMs } | undefined;
  /** Packed rollups (`rollup.ts`) of one column, a chunk each. */
  rollups(place: number, levelMs: number, first: number, last: number): { data: Uint8Array }[];
  /** Undefined until the run has ended; `hash` chains the summary to the last event. */
  end(): { summary: string; hash: string } | undefined;
  files(): readonly { kind: string; name: string; text: string; hash: string }[];
  events(afterSeq?: number): IterableIterator<{ seq: number; body: string; hash: string }>;
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
  condition: RunCondition | "damaged" | "unreadable";
  outcome: string | null;
  startedWall: EpochMs | null;
  endedWall: EpochMs | null;
  /** What is wrong with a damaged or unreadable record. */
  problem: string | null;
};
