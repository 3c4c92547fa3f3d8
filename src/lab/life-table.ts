import { fromCanonical } from "../base/quantity.js";
import type { Column } from "../base/sample.js";
import { parseText } from "../base/schema.js";
import { type Counter, counters, type Exposure } from "../profile/exposure.js";
import { columnTitle } from "../record/export.js";
import type { RecordReader, RunSummary, StoredEvent } from "../record/record.js";
import { seriesOf } from "../record/series.js";
import { RigFile } from "../rig/rig-file.js";

/**
 * Life data of one run as `wearout life` reads them, one row per specimen. `time` is the exposure asked
 * for. A failure whose exposure is known as [at least, at most] is an interval (I) with `time_high`; a
 * suspension (S) counts what it surely had.
 */
export type LifeTable = { columns: readonly LifeColumn[]; rows: readonly (readonly string[])[] };
export type LifeColumn = { name: string; says: string };

/** What a life may be counted in; hours stand for times. */
const measures: Record<Counter, { unit: string; factor: number; says: string }> = {
  timeOnTestMs: { unit: "h", factor: 1 / 3.6e6, says: "time on test" },
  timeAtStressMs: { unit: "h", factor: 1 / 3.6e6, says: "time at stress" },
  turns: { unit: "1", factor: 1, says: "turns" },
  loadCycles: { unit: "1", factor: 1, says: "load cycles" },
  damage: { unit: "1", factor: 1, says: "damage, as a share of the rated L10 life" },
  energyJ: { unit: "J", factor: 1, says: "energy through the specimen" },
};

/** `time-on-test`, `turns`: names for the command line. */
export const lifeMeasures: Record<string, Counter> = {
  "time-on-test": "timeOnTestMs",
  "time-at-stress": "timeAtStressMs",
  turns: "turns",
  "load-cycles": "loadCycles",
  damage: "damage",
};

type Station = RunSummary["stations"][number];

/** Stress is looked at from the first moment in Execute to the station's end. */
type Span = { from: number; to: number };

/** The life table of an ended run; undefined while there is no summary. */
export function lifeTable(reader: RecordReader, measure: Counter): LifeTable | undefined {
  const { summary, header } = reader;
  if (summary === undefined) return undefined;
  const rig = rigOf(reader);
  const events = [...reader.events()];
  const cells = summary.stations.map((station) => {
    const span = spanOf(events, station);
    return {
      ...identity(station, measure),
      group: `${header.id}/${rig?.stations[station.station]?.group ?? "all"}`,
      lot: station.product,
      system: station.specimen,
      interruptions: String(interruptionsWithin(events, span)),
      simulated: header.simulated ? "1" : "0",
      ...stress(reader, station, Object.keys(rig?.atStress ?? {}), span),
      ...exposures(station),
    } as Record<string, string>;
  });
  const names = [...new Set(cells.flatMap((row) => Object.keys(row)))];
  const complete = names.filter(
    (n) => optional.has(n) || cells.every((row) => row[n] !== undefined),
  );
  const columns = complete.map((name) => ({ name, says: describe(name, measure) }));
  return { columns, rows: cells.map((row) => complete.map((name) => row[name] ?? "")) };
}

const optional = new Set(["time_high", "mode"]);

function identity({ outcome, mode, exposure }: Station, measure: Counter): Record<string, string> {
  const { factor } = measures[measure];
  const [least, most] = (exposure as unknown as Exposure)[measure];
  const [time, high] = [String(least * factor), most === null ? "" : String(most * factor)];
  if (outcome !== "failed") return { time, time_high: "", status: "S", mode: "" };
  const exact = time === high || high === "";
  return { time, time_high: exact ? "" : high, status: exact ? "F" : "I", mode: mode ?? "" };
}

/** Every counter as [at least, at most]; one without a bound is left out. */
function exposures({ exposure }: Station): Record<string, string> {
  const pairs = counters.flatMap((counter) => {
    const { unit, factor } = measures[counter];
    const name = counter.replace(/(Ms|J)$/, "") + (unit === "1" ? "" : `_${unit}`);
    const [least, most] = (exposure as unknown as Exposure)[counter];
    if (most === null || !Number.isFinite(most)) return [];
    return [
      [`${name}_at_least`, String(least * factor)],
      [`${name}_at_most`, String(most * factor)],
    ];
  });
  return Object.fromEntries(pairs);
}

/** Means of the roles that the rig calls its stress, of the station or of the whole rig. */
function stress(
  reader: RecordReader,
  { station }: Station,
  roles: readonly string[],
  { from, to }: Span,
): Record<string, string> {
  const { columns } = reader.header;
  const wanted = columns.flatMap((c, i) => {
    const named = roles.includes(c.role) || c.dimension === "temperature";
    return named && (c.station === undefined || c.station === station) ? [{ c, i }] : [];
  });
  const means = wanted.map(({ c, i }) => {
    const mean = seriesOf(reader, i, from, to, 1).mean[0]!;
    return [columnTitle(ofRole(c)), Number.isNaN(mean) ? undefined : shown(mean, c)] as const;
  });
  return Object.fromEntries(means.filter((m): m is [string, string] => m[1] !== undefined));
}

function shown(mean: number, { unit }: Column): string {
  return String(Number(fromCanonical(mean, unit).toPrecision(6)));
}

/** One column for all stations. */
function ofRole(column: Column): Column {
  return { ...column, name: column.role };
}

function spanOf(events: readonly StoredEvent[], { station }: Station): Span {
  const started = events.find((e) => e.kind === "state" && e.data["to"] === "Execute");
  const failed = events.find((e) => e.kind === "failure" && e.station === station);
  return { from: started?.at ?? 0, to: (failed ?? events.at(-1))?.at ?? 0 };
}

function interruptionsWithin(events: readonly StoredEvent[], { to }: Span): number {
  return events.filter((e) => e.kind === "interruption" && e.at <= to).length;
}

/** From the file that was kept, not from one that may have changed since. */
function rigOf(reader: RecordReader): RigFile | undefined {
  const kept = reader.header.files.find((f) => f.kind === "rig");
  return kept === undefined ? undefined : parseText(RigFile, kept.text, kept.name).value;
}

function describe(name: string, measure: Counter): string {
  const { says, unit } = measures[measure];
  const fixed: Record<string, string> = {
    time: `${says}${unit === "1" ? "" : ` in ${unit}`}, at least`,
    time_high: "the same at most, where a failure is known as an interval",
    status: "F failure, I failure between time and time_high, S suspension",
    mode: "what failed, as the rig saw it",
    group: "run and sudden-death group",
    lot: "product",
    system: "specimen",
    interruptions: "times the run was held or suspended before the end",
    simulated: "1: no real specimen",
  };
  return (
    fixed[name] ?? (/_at_(least|most)$/.test(name) ? "exposure" : "mean over its time on test")
  );
}
