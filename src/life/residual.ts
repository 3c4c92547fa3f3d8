import type { LifeRow } from "./data.js";

/**
 * Lives as standardised residuals, ((t - location) / scale)^shape for a Weibull: if the model holds they
 * are a sample of the standard distribution (Cox and Snell 1968; Meeker and Escobar 1998, 17.6). `at`
 * gives the model of a row: mu, sigma and location of its life.
 */
export function residualRows(
  rows: readonly LifeRow[],
  at: (row: LifeRow) => { mu: number; sigma: number; location: number },
): LifeRow[] {
  return rows.flatMap((row) => {
    const { mu, sigma, location } = at(row);
    const of = (t: number) => Math.exp((Math.log(t - location) - mu) / sigma);
    // Taken off before anything can fail: no residual.
    if (row.time <= location) return [];
    const high = row.timeHigh === undefined ? {} : { timeHigh: of(row.timeHigh) };
    const { entry = Number.NaN, ...rest } = row;
    const watched = entry > location ? { entry: of(entry) } : {};
    return [{ ...rest, time: of(row.time), ...high, ...watched }];
  });
}
