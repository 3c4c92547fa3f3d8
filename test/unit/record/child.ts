/** A second process for the record's tests: `child.js <what> <root> <id>`. */
import { createInterface } from "node:readline";
import { WearoutError } from "../../../src/base/error.js";
import { pruneRun, roomOfRuns } from "../../../src/record/admin.js";
import { compactRun } from "../../../src/record/compact.js";
import { listRuns, openRecord } from "../../../src/record/reader.js";
import { sqliteVersion } from "../../../src/record/sqlite.js";
import { verifyChain } from "../../../src/record/verify/verify.js";
import { createRecord, reopenRecord } from "../../../src/record/writer.js";
import type { RecordWriter } from "../../../src/record/writer-port.js";
import { opened, placeIn, stateEvent } from "./journal/rig.js";
import { eventOf, header, ManualClock, sampleOf } from "./run.js";

const [what = "", root = "", id = ""] = process.argv.slice(2);
const clock = new ManualClock();

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function report(error: unknown): void {
  if (!(error instanceof WearoutError)) throw error;
  print(`${error.code} ${error.message}`);
}

/** Writes samples and events without end; prints the number of each acknowledged event. */
async function write(writer: RecordWriter, from: number): Promise<void> {
  for (let n = from; ; n++) {
    writer.sample(sampleOf(n));
    await writer.commit([eventOf(n)]);
    print(String(n));
  }
}

/** One commit of some size per line on stdin; prints `ok` or the error. */
async function writeOnDemand(): Promise<void> {
  const writer = await createRecord(root, header, clock).catch(report);
  if (writer !== undefined) await writeLines(writer);
  process.stdin.destroy();
}

async function writeLines(writer: RecordWriter): Promise<void> {
  print(writer.id);
  let n = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === "end") break;
    n++;
    writer.sample(sampleOf(n));
    const done = writer.commit([eventOf(n, "x".repeat(Number(line)))]);
    await done.then(() => print(`ok ${n}`), report);
  }
  await writer.close();
  print("closed");
}

function read(): void {
  const reader = openRecord(root, id);
  const { events, ok } = verifyChain(reader);
  let samples = 0;
  for (const _ of reader.samples()) samples++;
  print(JSON.stringify({ condition: reader.condition, events, ok, samples }));
  reader.close();
}

/** Journals one event after another; prints the number of each acknowledged one. */
async function keepJournal(): Promise<void> {
  const { journal } = await opened(placeIn(root));
  for (let n = 1; ; n++) {
    await journal.commit([stateEvent(n)]);
    print(String(n));
  }
}

const jobs: Record<string, () => unknown> = {
  "write-new": async () => write(await createRecord(root, header, clock), 1),
  "write-on": async () => {
    const reader = openRecord(root, id);
    const last = [...reader.events()].length;
    reader.close();
    await write(await reopenRecord(root, id, clock), last + 1);
  },
  "write-on-demand": writeOnDemand,
  reopen: async () => {
    await reopenRecord(root, id, clock).then((w) => w.close(), report);
  },
  "keep-journal": () => keepJournal().catch(report),
  read,
  "compact-again": () => {
    print("compacting");
    for (;;) compactRun(root, id);
  },
  "read-until-told": async () => {
    const reader = openRecord(root, id);
    [...reader.events()];
    print("reading");
    for await (const _ of createInterface({ input: process.stdin })) break;
    reader.close();
    process.stdin.destroy();
  },
  "list-as-another": () => {
    // What is loaded late must be loaded before: the next user may not read where it lies.
    print(sqliteVersion());
    if (process.getuid?.() === 0) {
      process.setgroups?.([]);
      process.setgid?.(65_534);
      process.setuid?.(65_534);
    }
    print(JSON.stringify(listRuns(root)));
    print(JSON.stringify(roomOfRuns(root, 0).map((r) => r.bytes)));
    for (const job of [() => compactRun(root, id), () => pruneRun(root, id)]) {
      try {
        job();
      } catch (error) {
        report(error);
      }
    }
  },
};
await jobs[what]?.();
