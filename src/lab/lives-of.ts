/** The lives that the records of runs tell, one per specimen, and their table. */
import { WearoutError } from "../base/error.js";
import { fromCanonical } from "../base/quantity.js";
import type { Column } from "../base/sample.js";
import { parseText } from "../base/schema.js";
import { type LifeTable, lifeTable, type Measure } from "../lives/life-table.js";
import {
  doubleNames,
  type Mixed,
  mixedNotes,
  noteConditions,
  notesOf,
  openNote,
  type RunsNote,
  refuseMixture,
} from "../lives/notes.js";
import { isWantedLife, isWantedRun, wantedOf } from "../lives/selection.js";
import type { Span, SpecimenLife } from "../lives/specimen-life.js";
import { type Counter, counters } from "../profile/exposure.js";
import { entersState, ofKind, type StoredEvent } from "../record/document/event.js";
import { columnTitle } from "../record/export.js";
import { runIds } from "../record/folder.js";
import { openRecord } from "../record/reader.js";
import type { RecordReader } from "../record/reader-port.js";
import { seriesOf } from "../record/series.js";
import { RigFile } from "../rig/rig-file.js";
import { type Station, stationsNow } from "./stations-now.js";

/** What a life may be counted in; hours stand for times. `name` is for the command line. */
const measures: Record<Counter, { name?: string; unit: string; per: number; says: string }> = {
  timeOnTestMs: { name: "time-on-test", unit: "h", per: 3.6e6, says: "time on test" },
  timeAtStressMs: { name: "time-at-stress", unit: "h", per: 3.6e6, says: "time at stress" },
  turns: { name: "turns", unit: "turns", per: 1, says: "turns" },
  loadCycles: { name: "load-cycles", unit: "cycles", per: 1, says: "load cycles" },
  damage: { name: "damage", unit: "L10", per: 1, says: "damage, in rated L10 lives" },
  energyJ: { unit: "J", per: 1, says: "energy through the specimen" },
};

/** What the lives of a table are counted in. */
export function measureOf(counter: Counter): Measure {
  const { unit, says } = measures[counter];
  return { unit, says };
}

/** `time-on-test`, `turns`: from the words of the command line. */
export const lifeMeasures: Readonly<Record<string, Counter>> = Object.fromEntries(
  counters.flatMap((c) => (measures[c].name === undefined ? [] : [[measures[c].name, c]])),
);

/** Stress is looked at from the first moment in Execute to the station's end. */
type Window = { from: number; to: number };

/**
 * The lives of a run. Of an open one as its record has them now (`stationsNow`): who is alive counts as
 * suspended at the last booked exposure, or lives would be lost just where trips end tests.
 */
export function livesOf(reader: RecordReader, measure: Counter): SpecimenLife[] {
  const stations = reader.summary?.stations ?? stationsNow(reader);
  const { header } = reader;
  const rig = rigOf(reader);
  const events = [...reader.events()];
  return stations.map((station) => {
    const window = windowOf(events, station);
    const kept = header.specimens.find((s) => s.station === station.station);
    return {
      run: header.id,
      startedWall: header.startedWall,
      simulated: header.simulated,
      specimen: station.specimen,
      lot: kept?.lot ?? station.product,
      group: `${header.id}/${rig?.stations[station.station]?.group ?? "all"}`,
      failed: station.outcome === "failed",
      mode: station.mode ?? "",
      life: spanOf(station, measure),
      interruptions: interruptionsWithin(events, window),
      remounts: remountsOf(events, station),
      informative: wasWithdrawn(events, station),
      stress: stressOf(reader, station, Object.keys(rig?.atStress ?? {}), window),
      exposure: exposuresOf(station),
    };
  });
}

function spanOf({ exposure }: Station, counter: Counter): Span {
  // JSON has null for a bound that is not known.
  const [least, most] = exposure[counter] ?? [0, null];
  const { per } = measures[counter];
  return [least / per, (most ?? Number.POSITIVE_INFINITY) / per];
}

/** Every counter; one without a bound is left out. */
function exposuresOf(station: Station): Record<string, Span> {
  const spans = counters.map((counter): [string, Span] => {
    const { unit } = measures[counter];
    const name = counter.replace(/(Ms|J)$/, "") + (["h", "J"].includes(unit) ? `_${unit}` : "");
    return [name, spanOf(station, counter)];
  });
  return Object.fromEntries(spans.filter(([, [, most]]) => Number.isFinite(most)));
}

/** Means of the roles that the rig calls its stress, and of temperatures, of the station or the rig. */
function stressOf(
  reader: RecordReader,
  { station }: Station,
  roles: readonly string[],
  { from, to }: Window,
): Record<string, number> {
  const { columns } = reader.header;
  const wanted = columns.flatMap((c, i) => {
    const named = roles.includes(c.role) || c.dimension === "temperature";
    return named && (c.station === undefined || c.station === station) ? [{ c, i }] : [];
  });
  const means = wanted.map(({ c, i }): [string, number] => {
    const mean = seriesOf(reader, i, from, to, 1).mean[0]!;
    return [columnTitle(ofRole(c)), fromCanonical(mean, c.unit)];
  });
  return Object.fromEntries(means.filter(([, mean]) => !Number.isNaN(mean)));
}

/** One column for all stations. */
function ofRole(column: Column): Column {
  return { ...column, name: column.role };
}

function windowOf(events: readonly StoredEvent[], { station }: Station): Window {
  const started = events.find((e) => entersState(e, "Execute"));
  const failed = events.find((e) => e.kind === "failure" && e.station === station);
  return { from: started?.at ?? 0, to: (failed ?? events.at(-1))?.at ?? 0 };
}

function interruptionsWithin(events: readonly StoredEvent[], { to }: Window): number {
  return events.filter((e) => e.kind === "interruption" && e.at <= to).length;
}

function remountsOf(events: readonly StoredEvent[], { station }: Station): number {
  return ofKind(events, "disposition").filter((e) => e.station === station && e.data.remounted)
    .length;
}

/** Taken off while it was suspect: that it ended then says something of its life. */
function wasWithdrawn(events: readonly StoredEvent[], { station, informative }: Station): boolean {
  if (informative === true) return true;
  return events.some(
    (e) => e.kind === "disposition" && e.station === station && e.data.decision === "withdrawn",
  );
}

/** From the file that was kept, not from one that may have changed since. */
function rigOf(reader: RecordReader): RigFile | undefined {
  const kept = reader.header.files.find((f) => f.kind === "rig");
  return kept === undefined ? undefined : parseText(RigFile, kept.text, kept.name).value;
}

export type RunsQuestion = {
  /** As written: `lot=B7,profile=x`; `all` for every run. */
  selection: string;
  /** Ids; none: all runs of the folder. */
  runs: readonly string[];
  /** What the lives are counted in. */
  measure: Counter;
  /** Only runs that have ended; else the living of open ones count as suspended. */
  ended: boolean;
  recordsRoot: string;
};

/** What was found, and what of it was left aside, in words for a person. */
export type RunsAnswer = { table: LifeTable; runs: readonly string[]; notes: readonly RunsNote[] };

/**
 * The life table of the runs that a selection names. Throws `USAGE` when it names none or mixes
 * real and simulated specimens, and what reading a record throws.
 */
export function askRuns(question: RunsQuestion): RunsAnswer {
  const wanted = wantedOf(question.selection);
  const ids = question.runs.length > 0 ? question.runs : runIds(question.recordsRoot);
  const lives: SpecimenLife[] = [];
  const [used, notes]: [string[], RunsNote[]] = [[], []];
  const mixed: Mixed = { conditions: new Set(), products: new Set() };
  for (const id of ids) {
    const reader = openRecord(question.recordsRoot, id);
    try {
      if (!isWantedRun(reader.header, wanted)) continue;
      const { condition } = reader;
      if (condition !== "ended") notes.push(openNote(id, condition, question.ended));
      if (condition !== "ended" && question.ended) continue;
      const found = livesOf(reader, question.measure);
      const own = found.filter((life) => isWantedLife(life, reader.header, wanted));
      if (own.length > 0) used.push(id);
      noteConditions(mixed, reader.header, own);
      lives.push(...own);
    } finally {
      reader.close();
    }
  }
  if (lives.length === 0) nothing(question, ids.length, notes);
  refuseMixture(lives);
  notes.push(...doubleNames(lives), ...mixedNotes(mixed));
  const table = lifeTable(lives, measureOf(question.measure));
  return { table, runs: used, notes: [...notes, ...notesOf(table)] };
}

function nothing(question: RunsQuestion, looked: number, notes: readonly RunsNote[]): never {
  const said = question.selection === "" ? "" : `--runs ${question.selection}: `;
  const why = notes.map(({ en }) => `; ${en}`).join("");
  const text = `${said}no life among ${looked === 1 ? "1 run" : `${looked} runs`} under ${question.recordsRoot}${why}`;
  throw new WearoutError("USAGE", text);
}
