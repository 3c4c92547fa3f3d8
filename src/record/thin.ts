/** What stands in a column for samples that are not kept. */
import { good, type Keep } from "../base/sample.js";

/** Samples side by side: `whole` is 1 where every sample is to be kept. */
export type ThinInput = {
  cycles: Float64Array;
  at: Float64Array;
  whole: Uint8Array;
  values: Float64Array;
  quality: Uint8Array;
};

/**
 * The column as the record keeps it: as long as before, so that means and counts stay right. Good values
 * that are not kept are stood for by the last one kept, or, for an interval, by the mean of those that
 * are not its least and its most. What is not good stays as it was.
 */
export function thinned(keep: Keep, input: ThinInput): Float64Array {
  if ("intervalMs" in keep) return byInterval(keep.intervalMs, input);
  if ("every" in keep) return repeated(input, (i) => input.cycles[i]! % keep.every === 0);
  return repeated(input, (i, last) => Math.abs(input.values[i]! - last) > keep.change);
}

function repeated(
  { values, quality, whole }: ThinInput,
  isKept: (i: number, last: number) => boolean,
): Float64Array {
  const out = values.slice();
  let last = Number.NaN;
  for (let i = 0; i < out.length; i++) {
    if (quality[i] !== good) last = Number.NaN;
    else if (Number.isNaN(last) || whole[i] === 1 || isKept(i, last)) last = values[i]!;
    else out[i] = last;
  }
  return out;
}

function byInterval(intervalMs: number, { at, values, quality, whole }: ThinInput): Float64Array {
  const out = values.slice();
  let now = Number.NaN;
  let places: number[] = [];
  for (let i = 0; i < out.length; i++) {
    const interval = Math.floor(at[i]! / intervalMs);
    if (interval !== now) {
      level(out, places);
      [now, places] = [interval, []];
    }
    if (quality[i] === good && whole[i] !== 1) places.push(i);
  }
  level(out, places);
  return out;
}

/** All of these places but the least and the most get the mean of the others. */
function level(values: Float64Array, places: readonly number[]): void {
  if (places.length < 3) return;
  let [least, most] = [places[0]!, places[0]!];
  for (const i of places) {
    if (values[i]! < values[least]!) least = i;
    if (values[i]! >= values[most]!) most = i;
  }
  const others = places.filter((i) => i !== least && i !== most);
  const mean = others.reduce((sum, i) => sum + values[i]!, 0) / others.length;
  for (const i of others) values[i] = mean;
}
