import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openForReading } from "../../src/record/sqlite.js";
import { removeFolders, simulate } from "./harness.js";

afterAll(removeFolders);

/** Everything the run wrote: chained events, and the samples in chunks with their rollups. */
async function written(seed: number): Promise<unknown[]> {
  const run = await simulate({
    rig: "bearing-four",
    profile: "bearing-constant-load",
    specimens: ["a", "b", "c", "d"],
    parameters: { length: "1 h" },
    seed,
  });
  run.reader.close();
  const db = openForReading(join(run.test.folder, "run.db"));
  const tables = ["event", "sample_block", "chunk", "chunk_column", "rollup"];
  const rows = tables.flatMap((t) => db.prepare(`SELECT * FROM ${t}`).all());
  db.close();
  return rows;
}

describe("a virtual run", () => {
  it("writes the same bytes for the same seed, other ones for another", async () => {
    const [one, again, other] = [await written(7), await written(7), await written(8)];
    expect(one.length).toBeGreaterThan(10);
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });
});
