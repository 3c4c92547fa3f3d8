/** Failure times of published growth tests with the digits printed beside them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type PublishedGrowth = {
  source: string;
  /** None: stopped at the last failure. */
  end?: number;
  times?: number[];
  systems?: number[][];
  printed: Record<string, string>;
};

export function growthPublished(name: string): PublishedGrowth {
  const url = new URL("../../../../test/data/oracle/growth-published.json", import.meta.url);
  const all = JSON.parse(readFileSync(fileURLToPath(url), "utf8")) as {
    sets: Record<string, PublishedGrowth>;
  };
  return all.sets[name]!;
}
