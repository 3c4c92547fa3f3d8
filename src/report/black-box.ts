import { inflateSync } from "node:zlib";
import { formatDuration, formatQuantity } from "../base/quantity.js";
import { ofKind, type StoredEvent } from "../record/document/event.js";
import { cell, columnTitle, exportCsv, isoTime, line } from "../record/export.js";
import type { RecordReader } from "../record/reader-port.js";
import { everything } from "../record/selection.js";
import { seriesOf } from "../record/series.js";
import { seriesSvg } from "./series-svg.js";
import type { ZipEntry } from "./zip.js";

type Trigger = { at: number; cycle: number; kind: string; text: string };
type Intent = { at: number; setpoints: readonly number[] };
type Frame = {
  line: string;
  at: number;
  unit: number;
  direction: string;
  bytes: string;
  verdict: string;
};

/** A black box as `src/lab/black-box.ts` writes it. Times are on the run's clock, in ms. */
export type BlackBoxData = {
  number: number;
  fromMs: number;
  toMs: number;
  triggers: readonly Trigger[];
  roles: readonly string[];
  intents: readonly Intent[];
  frames: readonly Frame[];
};

/** All black boxes of a run, oldest first. */
export function blackBoxes(reader: RecordReader): BlackBoxData[] {
  return ofKind([...reader.events()], "attachment").flatMap(({ data: { name } }) => {
    if (!name.startsWith("black-box-")) return [];
    const data = reader.stored.attachment(name);
    return data === undefined ? [] : [JSON.parse(inflateSync(data).toString()) as BlackBoxData];
  });
}

/** What happened first of all that went wrong, and how exactly that is known. */
export type FirstOut = { event: StoredEvent; fromMs: number; toMs: number };

/**
 * The first alarm, trip or fault in the black box (ISA-18.2: first-out). A value is looked at once per
 * cycle: what a sample shows has happened after the sample before it.
 */
export function firstOut(reader: RecordReader, box: BlackBoxData): FirstOut | undefined {
  const event = eventsOf(reader, box).find(isTrouble);
  if (event === undefined) return undefined;
  let fromMs = event.at - reader.header.cycleMs;
  for (const sample of reader.samples(event.at - 10 * reader.header.cycleMs, event.at)) {
    if (sample.at < event.at) fromMs = sample.at;
  }
  return { event, fromMs, toMs: event.at };
}

function isTrouble({ kind, data }: StoredEvent): boolean {
  if (kind === "alarm") return data.change !== "returned";
  return kind === "trip" || kind === "fault" || kind === "failure";
}

function eventsOf(reader: RecordReader, { fromMs, toMs }: BlackBoxData): StoredEvent[] {
  const all = [...reader.events()];
  return all.filter((e) => e.kind !== "checkpoint" && e.at >= fromMs && e.at <= toMs);
}

/** The whole story for a person: first-out, values, and everything on one time base. */
export function blackBoxText(reader: RecordReader, box: BlackBoxData): string[] {
  const { header } = reader;
  const zero = box.triggers[0]!.at;
  const lines = [
    `${header.simulated ? "SIMULATED " : ""}${header.id}, black box ${box.number}: ${box.triggers[0]!.text}`,
    `zero of these times: ${formatDuration(zero)} after the start, ${isoTime(wallAt(reader, zero))}`,
    `from ${relative(box.fromMs - zero)} to ${relative(box.toMs - zero)}, every sample of every role`,
  ];
  const first = firstOut(reader, box);
  if (first !== undefined) {
    const between = `between ${relative(first.fromMs - zero)} and ${relative(first.toMs - zero)}`;
    lines.push(`first out: ${first.event.kind}, ${first.event.text}; ${between}`);
  }
  lines.push("", ...valueLines(reader, box, zero), "");
  for (const { at, what } of timeline(reader, box)) {
    const when = at < box.fromMs ? "before" : relative(at - zero);
    lines.push(`${when.padStart(12)}  ${what}`);
  }
  return lines;
}

function wallAt(reader: RecordReader, at: number): number {
  for (const sample of reader.samples(at)) return sample.wall - (sample.at - at);
  return reader.header.startedWall + at;
}

function relative(ms: number): string {
  return `${ms < 0 ? "-" : "+"}${(Math.abs(ms) / 1000).toFixed(3)} s`;
}

/** Each role in the time before the first trigger, and after it. */
function valueLines(reader: RecordReader, box: BlackBoxData, zero: number): string[] {
  return reader.header.columns.map((column, index) => {
    const say = (from: number, to: number) => {
      const { min, max, count } = seriesOf(reader, index, from, to, 1, "samples");
      if (!(count[0]! > 0)) return "no values";
      return `${formatQuantity(min[0]!, column.unit)} to ${formatQuantity(max[0]!, column.unit)}`;
    };
    const before = say(box.fromMs, zero);
    return `${column.name.padEnd(26)} before ${before}; after ${say(zero, Math.max(box.toMs, zero))}`;
  });
}

/** Events, intents and frames in the order of time. */
function timeline(reader: RecordReader, box: BlackBoxData): { at: number; what: string }[] {
  const events = eventsOf(reader, box).map((e) => ({ at: e.at, what: `${e.kind}: ${e.text}` }));
  const intents = box.intents.map((i) => ({
    at: i.at,
    what: `setpoints: ${intentText(reader, box, i)}`,
  }));
  const frames = box.frames.map((f) => ({
    at: f.at,
    what: `frame ${f.line} unit ${f.unit} ${f.direction}: ${spaced(f.bytes)} (${f.verdict})`,
  }));
  return [...events, ...intents, ...frames].sort((a, b) => a.at - b.at);
}

function intentText(reader: RecordReader, { roles }: BlackBoxData, { setpoints }: Intent): string {
  return roles
    .map((role, i) => `${role} ${formatQuantity(setpoints[i]!, unitOf(reader, role))}`)
    .join(", ");
}

function spaced(hex: string): string {
  return hex.replace(/(..)(?=.)/g, "$1 ");
}

const pictureBuckets = 880;
const mostPanels = 12;

/** The black box as files for a ZIP: the text, tables of everything, and a picture. */
export function blackBoxFiles(reader: RecordReader, box: BlackBoxData): ZipEntry[] {
  const { columns } = reader.header;
  const range = { ...everything(columns), from: box.fromMs, to: box.toMs };
  const bytes = (text: string) => new Uint8Array(Buffer.from(text));
  return [
    { name: "black-box.txt", data: bytes(`${blackBoxText(reader, box).join("\n")}\n`) },
    { name: "samples.csv", data: bytes([...exportCsv(reader, range)].join("")) },
    { name: "events.csv", data: bytes(eventsCsv(reader, box)) },
    { name: "setpoints.csv", data: bytes(intentsCsv(reader, box)) },
    { name: "frames.csv", data: bytes(framesCsv(box)) },
    { name: "picture.svg", data: bytes(picture(reader, box)) },
  ];
}

function eventsCsv(reader: RecordReader, box: BlackBoxData): string {
  const head = line(["seq", "elapsed_s", "cycle", "kind", "station", "text", "data"]);
  const rows = eventsOf(reader, box).map((e) => {
    const when = [String(e.seq), String(e.at / 1000), String(e.cycle)];
    return line([...when, e.kind, e.station ?? "", e.text, JSON.stringify(e.data)]);
  });
  return head + rows.join("");
}

/** In the units of the samples, so that both can be laid over each other. */
function intentsCsv(reader: RecordReader, { roles, intents }: BlackBoxData): string {
  const units = roles.map((role) => unitOf(reader, role));
  const titles = roles.map((name, i) => columnTitle({ name, unit: units[i]! }));
  const rows = intents.map(({ at, setpoints }) =>
    line([String(at / 1000), ...setpoints.map((value, i) => cell(value, units[i]!))]),
  );
  return line(["elapsed_s", ...titles]) + rows.join("");
}

function unitOf({ header }: RecordReader, role: string): string {
  return header.columns.find((c) => c.role === role)?.unit ?? "1";
}

function framesCsv({ frames }: BlackBoxData): string {
  const head = line(["elapsed_s", "line", "unit", "direction", "bytes", "verdict"]);
  const rows = frames.map((f) =>
    line([String(f.at / 1000), f.line, String(f.unit), f.direction, f.bytes, f.verdict]),
  );
  return head + rows.join("");
}

function picture(reader: RecordReader, box: BlackBoxData): string {
  const { id, columns, cycleMs, simulated } = reader.header;
  const to = Math.max(box.toMs, box.fromMs + 1);
  return seriesSvg({
    title: `${id}, black box ${box.number}`,
    subtitle: `${simulated ? "SIMULATED · " : ""}${box.triggers[0]!.text}`,
    series: columns
      .slice(0, mostPanels)
      .map((_, index) => seriesOf(reader, index, box.fromMs, to, pictureBuckets, "samples")),
    cycleMs,
    marks: box.triggers.map(({ at, kind, text }) => ({ atMs: at, kind, text })),
  });
}
