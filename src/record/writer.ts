import { rmSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { Cancel, type Clock } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import type { Json } from "../base/json.js";
import type { RunSample } from "../base/sample.js";
import { BlockBuilder } from "./block.js";
import { canonicalJson, hashBytes } from "./canonical.js";
import type { RecordEvent } from "./document/event.js";
import type { RunHeader, RunSummary } from "./document/run.js";
import { claimFolder, runFolder } from "./folder.js";
import { keepTexts } from "./kept-texts.js";
import { type Controller, failure, type Lock, refusable, takeLock } from "./lock.js";
import type { Answer, WorkerData, WriteRequest } from "./protocol.js";
import { openRecord } from "./reader.js";
import { syncFolder } from "./replace.js";
import type { Attachment, AttachmentNote, RecordWriter } from "./writer-port.js";

/**
 * A block of samples goes to the disk when it holds `flushSamples` or is `flushMs` old. A virtual run
 * passes `flushMs: Infinity`, so that its bytes depend on counts only; the room on the disk is then not
 * watched, for nothing of a virtual run waits for a person.
 */
export type WriterOptions = { flushMs: number; flushSamples: number };

export const defaultWriterOptions: WriterOptions = { flushMs: 1000, flushSamples: 512 };

/** More unanswered requests than this, and `pressure` asks the run to wait. */
const backlogLimit = 64;

/**
 * Makes the folder `<rig>-<n>` under the root and starts its record. Throws `RECORD_FAILED` and leaves
 * nothing behind when that cannot be written.
 */
export async function createRecord(
  root: string,
  header: Omit<RunHeader, "id">,
  clock: Clock,
  options: WriterOptions = defaultWriterOptions,
): Promise<RecordWriter> {
  const id = refusable(root, () => claimFolder(root, header.rig));
  const folder = join(root, id);
  let lock: Lock | undefined;
  try {
    lock = refusable(folder, () => takeLock(folder));
    const parts = { folder, header: { ...header, id }, lock, clock, options };
    refusable(folder, () => keepTexts(folder, parts.header));
    const writer = await openWriter(parts, true);
    syncFolder(root);
    return writer;
  } catch (error) {
    lock?.release(false);
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Goes on with the record of a run that has not ended. Throws `RECORD_UNKNOWN`, `RECORD_LOCKED` (naming
 * the other process), `RECORD_DAMAGED`, `STATE_REFUSED` (it has ended) or `RECORD_FAILED`.
 */
export async function reopenRecord(
  root: string,
  id: string,
  clock: Clock,
  options: WriterOptions = defaultWriterOptions,
): Promise<RecordWriter> {
  const folder = runFolder(root, id);
  const lock = refusable(folder, () => takeLock(folder));
  try {
    const header = headerOfOpenRun(root, id);
    return await openWriter({ folder, header, lock, clock, options }, false);
  } catch (error) {
    lock.release(false);
    throw error;
  }
}

function headerOfOpenRun(root: string, id: string): RunHeader {
  const reader = openRecord(root, id);
  try {
    const { header, summary } = reader;
    if (summary === undefined) return header;
    throw new WearoutError("STATE_REFUSED", `run ${id} has ended (${summary.outcome})`);
  } finally {
    reader.close();
  }
}

type Parts = {
  folder: string;
  header: RunHeader;
  lock: Lock;
  clock: Clock;
  options: WriterOptions;
};

async function openWriter(parts: Parts, fresh: boolean): Promise<RecordWriter> {
  const writer = new Writer(parts, fresh);
  await writer.opened();
  return writer;
}

/** A request that the worker has not answered yet. */
type Waiting = { resolve: () => void; reject: (error: WearoutError) => void };

class Writer implements RecordWriter {
  readonly id: string;
  readonly folder: string;
  readonly takenOver: Controller | undefined;
  readonly #lock: Lock;
  readonly #clock: Clock;
  readonly #options: WriterOptions;
  readonly #block: BlockBuilder;
  readonly #worker: Worker;
  /** Oldest first; the worker answers in this order. */
  readonly #waiting = new Map<number, Waiting>();
  #lastRequest = 0;
  #timer: Cancel | undefined;
  #failing: WearoutError | undefined;
  #dead: WearoutError | undefined;
  #closing: Promise<void> | undefined;
  #lostSamples = 0;
  #short: string | undefined;
  /** Events and attachments that go with the next request. */
  #appended: RecordEvent[] = [];
  #attached: Attachment[] = [];
  #relieved: (() => void)[] = [];
  readonly #opened: Promise<void>;

  constructor({ folder, header, lock, clock, options }: Parts, fresh: boolean) {
    this.id = header.id;
    this.folder = folder;
    this.takenOver = lock.takenOver;
    this.#lock = lock;
    this.#clock = clock;
    this.#options = options;
    this.#block = new BlockBuilder(header.columns.length, options.flushSamples);
    const watchSpace = options.flushMs !== Number.POSITIVE_INFINITY;
    const workerData: WorkerData = { folder, header: fresh ? header : undefined, watchSpace };
    // The options of this process (`--input-type`, `--inspect`) are not for the worker.
    const forWorker = { workerData, execArgv: [] };
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), forWorker);
    this.#opened = this.#expect(0);
    this.#worker.on("message", (answer: Answer) => this.#onAnswer(answer));
    this.#worker.on("error", (error) => this.#onDeath(error.message));
    this.#worker.on("exit", () => this.#onDeath("its worker thread has ended"));
  }

  opened(): Promise<void> {
    return this.#clock.outside(this.#opened);
  }

  get backlog(): number {
    return this.#waiting.size;
  }

  get failing(): WearoutError | undefined {
    return this.#failing;
  }

  get short(): string | undefined {
    return this.#short;
  }

  get lostSamples(): number {
    return this.#lostSamples;
  }

  sample(sample: RunSample): void {
    this.#block.add(sample);
    if (this.#block.full) this.#flush();
    else if (this.#block.count === 1 && this.#appended.length === 0) this.#startTimer();
  }

  commit(events: readonly RecordEvent[]): Promise<void> {
    return this.#clock.outside(this.#post({ events, urgent: true }));
  }

  append(events: readonly RecordEvent[]): void {
    // Samples that wait, or events, have a timer already.
    if (this.#block.count === 0 && this.#appended.length === 0) this.#startTimer();
    this.#appended.push(...events);
  }

  attach({ name, data }: Attachment, note: AttachmentNote): void {
    const digest = { name, bytes: data.byteLength, sha256: hashBytes(data) };
    this.append([{ ...note, kind: "attachment", data: { ...note.data, ...digest } }]);
    this.#attached.push({ name, data });
  }

  pressure(): Promise<void> | undefined {
    if (this.#waiting.size <= backlogLimit) return undefined;
    return this.#clock.outside(new Promise((resolve) => this.#relieved.push(resolve)));
  }

  async end(summary: RunSummary): Promise<void> {
    const text = canonicalJson(summary as unknown as Json);
    await this.#clock.outside(this.#post({ summary: text }));
    await this.close();
  }

  close(): Promise<void> {
    if (this.#closing === undefined) {
      const wrote = this.#lastRequest > 0 || this.#appended.length > 0 || this.#block.count > 0;
      const closed = this.#clock.outside(this.#post({ close: true }));
      this.#closing = closed.finally(() => this.#lock.release(wrote));
    }
    return this.#closing;
  }

  /** Nobody awaits a flush: `failing` tells how it went, and its samples stay with the worker. */
  #flush(): void {
    this.#post({}).catch(() => {});
  }

  #startTimer(): void {
    if (this.#options.flushMs === Number.POSITIVE_INFINITY) return;
    const timer = new Cancel();
    this.#timer = timer;
    void this.#clock.sleep(this.#options.flushMs, timer).then(() => {
      if (!timer.cancelled) this.#flush();
    });
  }

  /** Everything sampled so far goes first, in the same message. */
  #post(what: Partial<Omit<WriteRequest, "id" | "block" | "attachments">>): Promise<void> {
    this.#timer?.cancel();
    const block = this.#block.take();
    if (this.#dead !== undefined || this.#closing !== undefined) {
      this.#lostSamples += block?.count ?? 0;
      return Promise.reject(this.#dead ?? failure(this.folder, "it is closed"));
    }
    this.#lastRequest++;
    const id = this.#lastRequest;
    const wall = this.#clock.wall();
    const events = [...this.#appended, ...(what.events ?? [])];
    const attachments = this.#attached;
    [this.#appended, this.#attached] = [[], []];
    const request = {
      id,
      attachments,
      block,
      wall,
      urgent: false,
      summary: undefined,
      close: false,
      ...what,
      events,
    };
    const transfer = block === undefined ? [] : [block.data.buffer];
    this.#worker.postMessage(request satisfies WriteRequest, transfer);
    return this.#expect(id);
  }

  #expect(id: number): Promise<void> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #onAnswer(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    this.#lostSamples = answer.lostSamples;
    this.#short = answer.short;
    this.#failing = answer.failed === undefined ? undefined : failure(this.folder, answer.failed);
    if (this.#failing === undefined) waiting?.resolve();
    else waiting?.reject(this.#failing);
    if (this.#waiting.size === 0) this.#relieve();
  }

  #onDeath(why: string): void {
    if (this.#dead !== undefined) return;
    this.#dead = failure(this.folder, why);
    if (this.#closing === undefined) this.#failing = this.#dead;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#dead);
    this.#waiting.clear();
    this.#relieve();
  }

  #relieve(): void {
    for (const resolve of this.#relieved.splice(0)) resolve();
  }
}
