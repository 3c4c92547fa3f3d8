/** What the writer and its worker thread say to each other. */
import type { EpochMs } from "../base/clock.js";
import type { Block } from "./block.js";
import type { RecordEvent } from "./document/event.js";
import type { RunHeader } from "./document/run.js";
import type { Attachment } from "./writer-port.js";

/** With a header the worker makes the database, else it continues the one in the folder. */
export type WorkerData = {
  folder: string;
  header: RunHeader | undefined;
  /** Keep room for events, and look at the space that is left. */
  watchSpace: boolean;
};

/** One transaction: samples, then events, then at the very end the summary. */
export type WriteRequest = {
  id: number;
  block: Block | undefined;
  events: readonly RecordEvent[];
  /** Somebody waits for this request, and nothing that can come later goes with it. */
  urgent: boolean;
  attachments: readonly Attachment[];
  /** Wall time of the events. */
  wall: EpochMs;
  /** Canonical JSON of the summary, when the run ends. */
  summary: string | undefined;
  /** Close the database and end the thread, also when the write failed. */
  close: boolean;
};

/** Answers come in the order of the requests; the first one, of id 0, tells that the worker is open. */
export type Answer = {
  id: number;
  /** Why nothing of the request was kept; undefined when all of it is on the disk. */
  failed: string | undefined;
  /** Samples given up so far because the disk refused more than memory should hold. */
  lostSamples: number;
  /** Why the run should not go on; undefined while there is room. */
  short: string | undefined;
};
