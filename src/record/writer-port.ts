/** The writing side of a record, as others see it. */
import type { WearoutError } from "../base/error.js";
import type { RunSample } from "../base/sample.js";
import type { RecordEvent } from "./document/event.js";
import type { RunSummary } from "./document/run.js";

/** Something beside events and samples: a black box, a photograph, a report. Its digest is in the chain. */
export type Attachment = { name: string; data: Uint8Array };

/** When it is attached; its digest is added to `data`. */
export type AttachmentNote = Omit<Extract<RecordEvent, { kind: "attachment" }>, "kind" | "data"> & {
  data: { number?: number };
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
  sample(sample: RunSample): void;
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
  attach(attachment: Attachment, note: AttachmentNote): void;
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
