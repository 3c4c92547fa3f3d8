import { emptyExposure, exposureOf } from "../profile/exposure.js";
import type { StoredOf } from "../record/document/event.js";
import type { RunSummary } from "../record/document/run.js";
import type { RecordReader } from "../record/reader-port.js";
import { stateFromJson } from "../run/checkpoint.js";

export type Station = RunSummary["stations"][number];

/**
 * The stations of a run that has no summary yet. Who has failed has the exposure that was written with the
 * failure; the others have what the last checkpoint says: so much they surely lived. A run that was
 * interrupted in order wrote one last; one whose controller died has one of an hour ago at most.
 */
export function stationsNow(reader: RecordReader): Station[] {
  const failures = new Map<string | undefined, StoredOf<"failure">>();
  let checkpoint: StoredOf<"checkpoint"> | undefined;
  for (const event of reader.events()) {
    if (event.kind === "failure") failures.set(event.station, event);
    if (event.kind === "checkpoint") checkpoint = event;
  }
  const kept = checkpoint === undefined ? [] : stateFromJson(checkpoint.data.state).stations;
  return reader.header.specimens.map(({ station, specimen, product }, i): Station => {
    const failure = failures.get(station);
    const booked = exposureOf(kept[i]?.book ?? emptyExposure());
    const others = kept[i]?.outcome === "censored" ? "censored" : "running";
    return {
      station,
      specimen,
      product,
      outcome: failure === undefined ? others : "failed",
      mode: failure?.data.mode ?? null,
      exposure: failure?.data.exposure ?? booked,
      ...(kept[i]?.informative === true ? { informative: true as const } : {}),
    };
  });
}
