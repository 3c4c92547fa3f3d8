/**
 * The journal of a rig: what happened to it without a run, in one file that only grows. An event counts once
 * it is on the disk. Format and promises are in `docs/journal.md`.
 */
import { type Clock, type ElapsedMs, withDeadline } from "../../base/clock.js";
import { assert, WearoutError } from "../../base/error.js";
import type { Json } from "../../base/json.js";
import { valueProblems } from "../../base/schema.js";
import { canonicalJson } from "../canonical.js";
import { forbidden } from "../trouble.js";
import { ChainFile } from "./chain-file.js";
import { FileDisk, type JournalDisk } from "./disk.js";
import {
  type JournalEvent,
  type JournalKind,
  journalKinds,
  type StoredJournalEvent,
} from "./kinds.js";
import type { Unchained } from "./line.js";
import type { JournalPlace } from "./standing.js";

export type JournalOptions = {
  /** Sentences for people: what was found and set aside, that the disk refuses, that it takes again. */
  tell(sentence: string): void;
  /** While the journal is opened: what was written before, in order. */
  fold?(event: StoredJournalEvent): void;
  /** What a restart must know although the file begins anew: asked then, written behind its first event. */
  carry?(): readonly JournalEvent[];
  disk?: JournalDisk;
  deadlineMs?: number;
};

/** Longer than a disk takes that sleeps, shorter than a person waits. */
const usualDeadlineMs = 10_000;
/** A journal that could not be opened is tried again so often: each time it is read whole. */
const openAgainMs = 10_000;
/** A write takes no more commits when it is so long; with the longest one it stays below `longestBytes`. */
const batchCharacters = 64 * 1024;
const longestCharacters = 256 * 1024;

type Entry = {
  events: readonly Unchained[];
  characters: number;
  resolve: () => void;
  reject: (error: WearoutError) => void;
};

/**
 * Opens the journal of a rig and writes `opened` into it. Throws `RECORD_LOCKED` where another process writes
 * it. Whatever else is wrong keeps nobody from keeping the rig: it is told, `failing` says it, and it is tried
 * again with later events.
 */
export async function openJournal(
  place: JournalPlace,
  clock: Clock,
  options: JournalOptions,
): Promise<Journal> {
  const journal = new Journal(place, clock, options);
  await clock.outside(journal.begin());
  return journal;
}

/** Made by `openJournal`. */
export class Journal {
  readonly file: string;
  readonly #clock: Clock;
  readonly #options: JournalOptions;
  readonly #deadlineMs: number;
  readonly #chain: ChainFile;
  readonly #openedAt: ElapsedMs;
  #queue: Entry[] = [];
  #isWriting = false;
  #isClosed = false;
  /** Events that are not in the file and that it does not tell of yet, and why the last of them is not. */
  #refused = 0;
  #why = "";
  #failing: WearoutError | undefined;
  #openAgainAt: ElapsedMs = 0;

  constructor(place: JournalPlace, clock: Clock, options: JournalOptions) {
    const { disk = new FileDisk(place.file), deadlineMs = usualDeadlineMs } = options;
    this.file = place.file;
    this.#clock = clock;
    this.#options = options;
    this.#deadlineMs = deadlineMs;
    this.#openedAt = clock.elapsed();
    this.#chain = new ChainFile(place, disk, {
      tell: options.tell,
      opened: (text, data) => this.#stamped({ kind: "opened", text, data }),
      carried: () => (options.carry?.() ?? []).map((event) => this.#stamped(event)),
      wall: () => clock.wall(),
    });
  }

  /** Why the last write was refused; undefined as soon as one succeeds again. */
  get failing(): WearoutError | undefined {
    return this.#failing;
  }

  /** Number of the last event that is on the disk; undefined where none can be written. */
  get lastSeq(): number | undefined {
    return this.#failing === undefined ? this.#chain.lastSeq : undefined;
  }

  /** Of `openJournal` only. */
  async begin(): Promise<void> {
    try {
      await this.#chain.open((event) => this.#options.fold?.(event));
    } catch (error) {
      if (error instanceof WearoutError && error.code === "RECORD_LOCKED") throw error;
      this.#refuse(this.#refusal(error), 0);
    }
  }

  /**
   * Resolves when these events are on the disk (synced), all or none of them. Rejects with `RECORD_FAILED` when
   * they cannot be, or not within the deadline (then they may be written after all); a later commit may
   * succeed, and writes first how many were refused. Commits are written in the order of the calls.
   */
  async commit(events: readonly JournalEvent[]): Promise<void> {
    if (this.#isClosed) throw this.#refusal(new Error("it is closed"));
    const stamped = events.map((event) => this.#stamped(event));
    for (const event of stamped) refuseMisfit(event);
    const characters = stamped.reduce((sum, event) => sum + JSON.stringify(event).length, 0);
    assert(characters <= longestCharacters, "a commit of the journal is short");
    await this.#clock.outside(this.#queued(stamped, characters));
  }

  /** Never waits, never throws: for what nothing is done because of. What is refused is told and counted. */
  append(events: readonly JournalEvent[]): void {
    this.commit(events).catch((error: WearoutError) => {
      if (error.code === "DEFECT") this.#options.tell(error.message);
    });
  }

  /** Writes what waits, then `closed`, and lets the file go; that also when it rejects because of the others. */
  async close(text = "the rig is let go"): Promise<void> {
    const last = this.commit([{ kind: "closed", text, data: {} }]);
    this.#isClosed = true;
    try {
      await last;
    } finally {
      const closed = this.#clock.outside(this.#chain.close());
      await withDeadline(this.#clock, closed, this.#deadlineMs, () => {});
    }
  }

  #stamped(event: JournalEvent): Unchained {
    const at = this.#clock.elapsed() - this.#openedAt;
    return { ...event, at, wall: this.#clock.wall() };
  }

  async #queued(events: readonly Unchained[], characters: number): Promise<void> {
    let entry: Entry | undefined;
    const written = new Promise<void>((resolve, reject) => {
      entry = { events, characters, resolve, reject };
      this.#queue.push(entry);
    });
    void this.#pump();
    await withDeadline(this.#clock, written, this.#deadlineMs, () => this.#late(entry));
  }

  #late(entry: Entry | undefined): never {
    const isWaiting = entry !== undefined && this.#queue.includes(entry);
    this.#queue = this.#queue.filter((e) => e !== entry);
    const error = this.#refusal(new Error(`the disk has not answered for ${this.#deadlineMs} ms`));
    this.#refuse(error, isWaiting ? entry.events.length : 0);
    throw error;
  }

  async #pump(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#queue.length > 0) await this.#round(this.#nextBatch());
    this.#isWriting = false;
  }

  #nextBatch(): Entry[] {
    let characters = 0;
    const end = this.#queue.findIndex((entry) => {
      const isFull = characters > batchCharacters;
      characters += entry.characters;
      return isFull;
    });
    return this.#queue.splice(0, end < 0 ? this.#queue.length : end);
  }

  async #round(batch: readonly Entry[]): Promise<void> {
    const events = batch.flatMap((entry) => entry.events);
    try {
      await this.#open();
      const gap = this.#gap();
      const refused = this.#refused;
      await this.#chain.put([...gap, ...events]);
      this.#works();
      // What was given up meanwhile is for the next one to tell.
      this.#refused -= refused;
      for (const entry of batch) entry.resolve();
    } catch (error) {
      const refusal = this.#refusal(error);
      this.#refuse(refusal, events.length);
      for (const entry of batch) entry.reject(refusal);
    }
  }

  /** Where it could not be opened so far. */
  async #open(): Promise<void> {
    if (this.#chain.isOpen) return;
    if (this.#failing !== undefined && this.#clock.elapsed() < this.#openAgainAt)
      throw this.#failing;
    this.#openAgainAt = this.#clock.elapsed() + openAgainMs;
    await this.#chain.open(() => {});
  }

  /** Events that are not in the file are counted in it. */
  #gap(): Unchained[] {
    const refused = this.#refused;
    if (refused === 0) return [];
    const text = `${counted(refused)} could not be written: ${this.#why}`;
    return [this.#stamped({ kind: "fault", text, data: { source: "journal", refused } })];
  }

  #works(): void {
    if (this.#failing !== undefined) {
      const missing = `not in it: ${counted(this.#refused)}`;
      this.#options.tell(`the journal ${this.file} is written again; ${missing}`);
    }
    this.#failing = undefined;
  }

  #refuse(error: WearoutError, events: number): void {
    if (this.#failing === undefined) {
      const whose = "the rig is kept all the same, what happens is not in it";
      this.#options.tell(`${error.message}; ${whose}`);
    }
    this.#failing = error;
    this.#why = error.message;
    this.#refused += events;
  }

  #refusal(error: unknown): WearoutError {
    if (error instanceof WearoutError && error.code !== "FILE_UNREADABLE") return error;
    const closed = forbidden(this.file, "write");
    const why = `${(error as Error).message}${closed === undefined ? "" : `; ${closed}`}`;
    return new WearoutError("RECORD_FAILED", `the journal ${this.file} cannot be written: ${why}`);
  }
}

function counted(events: number): string {
  return events === 1 ? "1 event" : `${events} events`;
}

/** A schema is the truth of each kind: what does not fit is a mistake of whoever made it. */
function refuseMisfit({ kind, data }: Unchained): void {
  const written = JSON.parse(canonicalJson(data as unknown as Json)) as unknown;
  const [misfit] = valueProblems(journalKinds[kind as JournalKind], written);
  assert(misfit === undefined, `an event "${kind}" of the journal fits its schema (${misfit})`);
}
