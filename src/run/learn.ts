/** Baselines: what a specimen was like in a window of its profile, learnt once and then kept as it is. */
import { formatNumber, formatQuantity } from "../base/quantity.js";
import { good, type RunSample } from "../base/sample.js";
import { type Draft, emit } from "./draft.js";
import type { LearningContext } from "./run-context.js";
import type { Learnt } from "./state.js";
import { interruptBy } from "./suspend.js";

/** Looks at a sample with each baseline that is not learnt yet; freezes those whose window is over. */
export function learn(d: Draft, sample: RunSample): void {
  const { baselines } = d.context;
  if (baselines.length === 0 || d.s.learnt.every(({ isOver }) => isOver)) return;
  d.s.learnt = d.s.learnt.map((learnt, i) => {
    const baseline = baselines[i]!;
    if (learnt.isOver) return learnt;
    if (d.s.segment > baseline.segment) return freeze(d, learnt, baseline);
    return isInWindow(d, baseline, sample)
      ? withValue(learnt, sample.values[baseline.column]!)
      : learnt;
  });
}

function isInWindow(
  { s }: Draft,
  { segment, afterMs, column }: LearningContext,
  sample: RunSample,
) {
  if (s.packml !== "Execute" || s.segment !== segment) return false;
  return sample.at - s.segmentSince >= afterMs && sample.quality[column] === good;
}

/** Mean and squares around it, one value more (Welford 1962). */
function withValue(learnt: Learnt, value: number): Learnt {
  const samples = learnt.samples + 1;
  const off = value - learnt.mean;
  const mean = learnt.mean + off / samples;
  return { ...learnt, samples, mean, squares: learnt.squares + off * (value - mean) };
}

/** Of the values seen: their standard deviation. */
export function deviationOf({ samples, squares }: Learnt): number {
  return samples < 2 ? Number.NaN : Math.sqrt(squares / (samples - 1));
}

/** What scatters too much, or was hardly read, is no baseline: a person has to look before the test goes on. */
function freeze(d: Draft, learnt: Learnt, baseline: LearningContext): Learnt {
  const { name, station, role, unit } = baseline;
  const { samples, mean } = learnt;
  const deviation = deviationOf(learnt);
  const why = whyNot(learnt, deviation, baseline);
  const place = station === undefined ? "" : `${station} `;
  const numbers =
    samples === 0
      ? "no good sample"
      : `${formatQuantity(mean, unit)} ± ${formatQuantity(deviation, unit)} of ${samples} samples`;
  const text = `${place}baseline ${name}: ${role} ${numbers}${why === undefined ? "" : `, not used: ${why}`}`;
  const specimen = d.context.stations.find((s) => s.name === station)?.specimen;
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  const data = {
    ...{ name, role, samples, mean: samples === 0 ? null : mean, deviation: finite(deviation) },
    ...{ isUsed: why === undefined, ...(specimen === undefined ? {} : { specimen }) },
  };
  emit(d, "baseline", text, data, station);
  if (why !== undefined && d.s.packml === "Execute") interruptBy(d, "hold", text);
  return { ...learnt, isOver: true, value: why === undefined ? mean : Number.NaN };
}

function whyNot(
  { samples, mean }: Learnt,
  deviation: number,
  { samples: least, scatter }: LearningContext,
): string | undefined {
  if (samples < least) return `fewer than ${least} good samples`;
  const share = deviation / Math.abs(mean);
  if (share <= scatter) return undefined;
  return `it scatters by ${formatNumber(100 * share)} %, more than ${formatNumber(100 * scatter)} %`;
}

/** What was learnt of a column by a baseline of that name; NaN where nothing was. */
export function baselineAt({ context, s }: Draft, name: string, column: number): number {
  const i = context.baselines.findIndex((b) => b.name === name && b.column === column);
  return s.learnt[i]?.value ?? Number.NaN;
}
