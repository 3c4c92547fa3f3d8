import { join } from "node:path";
import { WearoutError } from "../base/error.js";
import type { RunSample } from "../base/sample.js";
import { Batch, type Scratch } from "./batch.js";
import type { StoredEvent, StoredOf } from "./document/event.js";
import { inputIn } from "./document/input-in.js";
import type { KeptFile, RunHeader, RunSummary } from "./document/run.js";
import { rigOfId, runFolder, runIds } from "./folder.js";
import { quickListing } from "./listing.js";
import { isLocked } from "./lock.js";
import type { RecordReader, RunCondition, RunListing } from "./reader-port.js";
import { damaged, RunFile } from "./run-file.js";
import type { StoredText } from "./stored-text.js";

/**
 * Opens a run's record for reading, also while another process writes it. Throws `RECORD_UNKNOWN`
 * (naming near ids) or `RECORD_DAMAGED`.
 */
export function openRecord(root: string, id: string): RecordReader {
  return openFolder(runFolder(root, id));
}

function openFolder(folder: string): RecordReader {
  const file = new RunFile(folder);
  try {
    return new Reader(folder, file);
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Every run under a root, damaged ones too. */
export function listRuns(root: string): RunListing[] {
  return runIds(root).map((id) => listed(root, id));
}

function listed(root: string, id: string): RunListing {
  const folder = join(root, id);
  try {
    return quickListing(folder, id) ?? listing(folder, id);
  } catch (error) {
    if (error instanceof WearoutError) return brokenListing(root, id, error);
    throw error;
  }
}

/** Runs of a rig that were interrupted and can be gone on with. */
export function unfinishedRuns(root: string, rig: string): RunListing[] {
  const ids = runIds(root).filter((id) => rigOfId(id) === rig);
  return ids.map((id) => listed(root, id)).filter((run) => run.condition === "interrupted");
}

/** How an open run was put down; undefined of one that was not, or was gone on with since. */
export function parkIn(events: Iterable<StoredEvent>): StoredOf<"park"> | undefined {
  let parked: StoredOf<"park"> | undefined;
  for (const event of events) {
    if (event.kind === "park") parked = event;
    else if (inputIn(event)?.kind === "interrupted") parked = undefined;
  }
  return parked;
}

function listing(folder: string, id: string): RunListing {
  const reader = openFolder(folder);
  try {
    const { header, condition, summary } = reader;
    const parked = condition === "interrupted" ? parkIn(reader.events()) : undefined;
    return {
      id,
      rig: header.rig,
      profile: header.profile,
      specimens: header.specimens.map((s) => s.specimen),
      simulated: header.simulated,
      condition: parked === undefined ? condition : "parked",
      ...(parked === undefined ? {} : { mounted: parked.data.mounted }),
      outcome: summary?.outcome ?? null,
      startedWall: header.startedWall,
      endedWall: summary?.endedWall ?? null,
      problem: null,
    };
  } finally {
    reader.close();
  }
}

/** A folder that a controller holds is not damaged, its record is only just being made. */
function brokenListing(root: string, id: string, error: WearoutError): RunListing {
  const broken = error.code === "FILE_UNREADABLE" ? "unreadable" : "damaged";
  const condition = broken === "damaged" && isLocked(join(root, id)) ? "running" : broken;
  const nothing = { profile: "", specimens: [], simulated: false, outcome: null };
  return {
    id,
    rig: rigOfId(id),
    ...nothing,
    condition,
    startedWall: null,
    endedWall: null,
    problem: error.message,
  };
}

class Reader implements RecordReader {
  readonly folder: string;
  readonly #file: RunFile;
  readonly header: RunHeader;

  constructor(folder: string, file: RunFile) {
    this.folder = folder;
    this.#file = file;
    const header = this.#parse<RunHeader>(file.header(), "its header is");
    const files = file.files().map(({ kind, name, text }) => ({ kind, name, text }) as KeptFile);
    this.header = { ...header, files };
  }

  get stored(): StoredText {
    return this.#file;
  }

  get summary(): RunSummary | undefined {
    const end = this.#file.end();
    return end === undefined ? undefined : this.#parse<RunSummary>(end.summary, "its summary is");
  }

  get condition(): RunCondition {
    if (this.#file.end() !== undefined) return "ended";
    if (isLocked(this.folder)) return "running";
    // It may have ended between the two looks.
    return this.#file.end() === undefined ? "interrupted" : "ended";
  }

  *events(afterSeq = 0): Generator<StoredEvent> {
    for (const { seq, body, hash } of this.#file.events(afterSeq)) {
      const event = this.#parse<StoredEvent>(body, `events before ${seq} can be read, ${seq} is`);
      // A torn page may leave another row, or something else that is JSON, in the place of an event.
      if (event?.seq !== seq || typeof event.kind !== "string") {
        throw damaged(this.folder, `events before ${seq} can be read, ${seq} is no event`);
      }
      yield { ...event, hash };
    }
  }

  *samples(from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): Generator<RunSample> {
    for (const batch of this.batches(from, to)) {
      for (const sample of batch.samples()) {
        if (sample.at >= from && sample.at <= to) yield sample;
      }
    }
  }

  *batches(
    from = Number.NEGATIVE_INFINITY,
    to = Number.POSITIVE_INFINITY,
    scratch?: Scratch,
  ): Generator<Batch> {
    const columns = this.header.columns.length;
    for (const piece of this.#file.pieces(from)) {
      const batch = new Batch(this.#file, piece, columns, scratch);
      if (batch.fromMs > to) return;
      yield batch;
    }
  }

  close(): void {
    this.#file.close();
  }

  #parse<T>(text: string, what: string): T {
    try {
      return JSON.parse(text) as T;
    } catch {
      throw damaged(this.folder, `${what} not JSON`);
    }
  }
}
