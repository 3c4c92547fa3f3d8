/** The lives that a run's record tells: rows for `lives`, one per specimen. */
import { fromCanonical } from "../base/quantity.js";
import type { Column } from "../base/sample.js";
import { parseText } from "../base/schema.js";
import type { Measure } from "../lives/life-table.js";
import type { Span, SpecimenLife } from "../lives/specimen-life.js";
import { type Counter, counters } from "../profile/exposure.js";
import { entersState, ofKind, type StoredEvent } from "../record/document/event.js";
import { columnTitle } from "../record/export.js";
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
