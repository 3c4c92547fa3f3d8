/**
 * What a journal costs: `node build/bench/journal.js [events] [commits]` (default 200 000 events, about a year of
 * one rig; 300 commits). Opening and folding the year, how long it keeps the event loop at most, and how long a
 * commit takes on this disk. Build first. Needs 100 MB of temporary disk.
 */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { RealClock } from "../src/base/clock.js";
import { openJournal } from "../src/record/journal/journal.js";
import type { JournalEvent, JournalKind } from "../src/record/journal/kinds.js";
import { eventLine, headerLine, journalLayout } from "../src/record/journal/line.js";
import type { JournalPlace } from "../src/record/journal/standing.js";

const count = Number(process.argv[2] ?? 200_000);
const commits = Number(process.argv[3] ?? 300);
const clock = new RealClock();
const root = mkdtempSync(join(tmpdir(), "wearout-bench-"));
const place: JournalPlace = {
  file: join(root, "bench.journal.jsonl"),
  rig: "bench",
  site: "/srv/site",
  machine: "machine",
  software: "wearout 0.1.0",
};

/** Mostly alarms and who was told of them, as a year of nights has. */
function event(n: number): JournalEvent {
  const station = `s${1 + (n % 4)}`;
  if (n % 3 === 0) {
    const data = { to: "lin", via: "terminal", delivered: true, about: n };
    return { kind: "told", text: `told lin of event ${n}`, data };
  }
  const text = `${station}: outer ring temperature ${(80 + (n % 170) / 10).toFixed(1)} degC is above 90 degC`;
  return {
    kind: "alarm",
    station,
    text,
    data: {
      change: n % 3 === 1 ? "raised" : "returned",
      rig: "bench",
      limit: "outer-ring-temperature",
      station,
    },
  };
}

function writeYear(): void {
  const { file: _, ...whose } = place;
  const first = headerLine({ journal: "rig", layout: journalLayout, ...whose, madeWall: 0 });
  const fd = openSync(place.file, "w");
  let { text, link } = first;
  for (let n = 1; n <= count; n++) {
    const line = eventLine(link, { ...event(n), at: n * 157_000.5, wall: 1.8e12 + n * 157_000 });
    link = line.link;
    text += line.text;
    if (text.length > 1e6 || n === count) {
      writeSync(fd, text);
      text = "";
    }
  }
  fsyncSync(fd);
  closeSync(fd);
}

function show(what: string, value: number, unit: string): void {
  process.stdout.write(`${what.padEnd(44)} ${value.toFixed(2).padStart(12)} ${unit}\n`);
}

/** Opens, folds and closes it; in ms. */
async function openYear(): Promise<number> {
  const kinds = new Map<JournalKind, number>();
  const from = clock.elapsed();
  const journal = await openJournal(place, clock, {
    tell: (text) => process.stderr.write(`${text}\n`),
    fold: ({ kind }) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1),
  });
  const ms = clock.elapsed() - from;
  await journal.close();
  return ms;
}

async function commitTimes(): Promise<number[]> {
  const journal = await openJournal(place, clock, { tell: () => {} });
  const times: number[] = [];
  for (let n = 1; n <= commits; n++) {
    const from = clock.elapsed();
    await journal.commit([event(n)]);
    times.push(clock.elapsed() - from);
  }
  await journal.close();
  return times.sort((a, b) => a - b);
}

try {
  writeYear();
  show(`${count} events`, statSync(place.file).size / 1e6, "MB");
  show("opened and folded, first time in the process", await openYear(), "ms");
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const times = [];
  for (let i = 0; i < 5; i++) times.push(await openYear());
  delay.disable();
  show("opened and folded, median of five", times.sort((a, b) => a - b)[2]!, "ms");
  show("event loop late meanwhile, p99", delay.percentile(99) / 1e6, "ms");
  show("event loop late meanwhile, at most", delay.max / 1e6, "ms");
  const commit = await commitTimes();
  show(`commit (synced), median of ${commits}`, commit[commits >> 1]!, "ms");
  show("commit (synced), p99", commit[Math.floor(commits * 0.99)]!, "ms");
} finally {
  rmSync(root, { recursive: true, force: true });
}
