/** A simulated plant whose process has ended, brought back to where the record of its run left it. */
import type { EpochMs } from "../../base/clock.js";
import { good } from "../../base/sample.js";
import type { RecordReader } from "../../record/reader-port.js";
import type { Plant } from "../../sim/plant.js";

/**
 * Drives the plant with what was measured, so that wear, turns and temperatures are near what they were:
 * the followers lag behind the measured values by their time constants, twice. Without setpoints it coasts.
 */
export function bringBack(plant: Plant, reader: RecordReader): void {
  const columns = plant.inputs.map((name) =>
    reader.header.columns.findIndex((c) => c.name === name),
  );
  const inputs = new Float64Array(columns.length);
  let at = 0;
  for (const sample of reader.samples()) {
    plant.advance(sample.at - at, inputs);
    at = sample.at;
    columns.forEach((column, i) => {
      if (column >= 0 && sample.quality[column] === good) inputs[i] = sample.values[column]!;
    });
  }
  plant.advance(0, inputs.fill(0));
}

/** The wall clock when something was written last. */
export function lastWallOf(reader: RecordReader): EpochMs {
  let last = reader.header.startedWall;
  for (const event of reader.events()) last = Math.max(last, event.wall);
  for (const sample of reader.samples(reader.stored.lastSampleAt() ?? 0)) {
    last = Math.max(last, sample.wall);
  }
  return last;
}
