import { formatDuration } from "../base/quantity.js";

/** Round numbers for an axis, as 1, 2 or 5 times a power of ten, from the first inside to the last. */
export function ticks(low: number, high: number, about: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10);
  return steps(low, high, step);
}

/** What a person counts time in, in ms. */
const timeSteps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 20, 30].map((s) => s * 1000),
  ...[1, 2, 5, 10, 20, 30].map((min) => min * 60_000),
  ...[1, 2, 3, 6, 12].map((h) => h * 3_600_000),
  ...[1, 2, 5, 7, 14, 28, 56, 112].map((d) => d * 86_400_000),
] as const;

/** Round times on an axis of ms. */
export function timeTicks(low: number, high: number, about: number): number[] {
  const rough = (high - low) / about;
  return steps(low, high, timeSteps.find((s) => s >= rough) ?? timeSteps.at(-1)!);
}

/**
 * One label per time, no two alike: `2 d`, `30 min`; far from zero and close together `11 d 9:10`, with
 * seconds where the step is below a minute.
 */
export function timeLabels(times: readonly number[]): string[] {
  const plain = times.map((ms) => (ms === 0 ? "0" : formatDuration(ms)));
  if (new Set(plain).size === plain.length) return plain;
  const step = times[1]! - times[0]!;
  return times.map((ms) => clockLabel(ms, step));
}

function clockLabel(ms: number, step: number): string {
  const whole = Math.floor(ms / 60_000);
  const days = Math.floor(whole / 1440);
  const hours = Math.floor(whole / 60) % 24;
  const minutes = String(whole % 60).padStart(2, "0");
  const seconds = (ms / 1000 - whole * 60).toFixed(step < 1000 ? 3 : 0);
  const rest = step < 60_000 ? `:${seconds.padStart(step < 1000 ? 6 : 2, "0")}` : "";
  return `${days === 0 ? "" : `${days} d `}${hours}:${minutes}${rest}`;
}

function steps(low: number, high: number, step: number): number[] {
  const found: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i++) found.push(i * step);
  return found;
}

/** Least and most, of however many values; of none the infinities, the least above the most. */
export function extremes(values: Iterable<number>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** Room above and below, so that a line does not lie on the frame; a constant stands in the middle. */
export function padded(low: number, high: number): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const room = high > low ? (high - low) * 0.06 : Math.max(Math.abs(low) * 0.05, 0.5);
  return [low - room, high + room];
}
