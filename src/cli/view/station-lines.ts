import { formatHours, formatSpan, formatTurns } from "../../base/quantity.js";
import { exposureOf } from "../../profile/exposure.js";
import type { RunContext } from "../../run/run-context.js";
import type { RunState } from "../../run/state.js";

/** `  s1 a: running, 3.2 h, 0.58 Mturns`: what each specimen has lived, as an interval where it is one. */
export function stationLines({ stations }: RunContext, state: RunState): string[] {
  return stations.map(({ name, specimen }, i) => {
    const { outcome, book } = state.stations[i]!;
    const { timeOnTestMs, turns } = exposureOf(book);
    const lived = `${formatSpan(timeOnTestMs, formatHours)}, ${formatSpan(turns, formatTurns)}`;
    return `  ${name} ${specimen}: ${outcome}, ${lived}`;
  });
}
