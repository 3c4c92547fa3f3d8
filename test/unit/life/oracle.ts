/** Reference answers computed elsewhere, with their sources, in `test/data/oracle`. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { LifeRow } from "../../../src/life/data.js";

export type Oracle = {
  units: string;
  data: { rows: { t: number; kind: string; n: number; mode?: string | null; x?: number[] }[] };
  // The files differ in what they hold; a test that reads a wrong path gets undefined and fails.
  reference: Record<string, Json>;
};

export type Json = { [key: string]: Json } & Json[] & number;

export function oracle(name: string): Oracle {
  const url = new URL(`../../../../test/data/oracle/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(fileURLToPath(url), "utf8")) as Oracle;
}

/** The rows of a data set as ours; covariates become the stresses x0, x1. */
export function rowsOf(set: Oracle): LifeRow[] {
  return set.data.rows.map((r) => ({
    kind: r.kind === "failure" ? "exact" : "right",
    time: r.t,
    count: r.n,
    stress: Object.fromEntries((r.x ?? []).map((x, i) => [`x${i}`, x])),
    ...(r.mode == null ? {} : { mode: r.mode }),
  }));
}

export function relativeError(got: number, want: number): number {
  return want === 0 ? Math.abs(got) : Math.abs(got / want - 1);
}
