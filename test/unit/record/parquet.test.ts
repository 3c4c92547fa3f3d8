import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, it } from "vitest";
import { exportParquet } from "../../../src/record/parquet.js";
import { openRecord } from "../../../src/record/reader.js";
import { columnsNamed, everything } from "../../../src/record/selection.js";
import { createRecord } from "../../../src/record/writer.js";
import { newRoot } from "./fixture.js";
import { columns, epoch, header, ManualClock, sampleOf, summaryOf } from "./run.js";

const root = newRoot();
const file = join(root, "run.parquet");
const samples = 9000;

/** Some readings are not there. */
function made(cycle: number) {
  const sample = sampleOf(cycle);
  if (cycle % 100 === 0) [sample.values[2], sample.quality[2]] = [Number.NaN, 3];
  return sample;
}

beforeAll(async () => {
  const options = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 512 };
  const writer = await createRecord(root, header, new ManualClock(), options);
  for (let n = 1; n <= samples; n++) writer.sample(made(n));
  await writer.end(summaryOf(writer.id));
  const reader = openRecord(root, writer.id);
  writeFileSync(file, Buffer.concat([...exportParquet(reader, everything(columns))]));
  reader.close();
});

/** DuckDB's own reader. */
async function ask(sql: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  return (await connection.runAndReadAll(sql)).getRowsJS();
}

describe("Parquet export", () => {
  it("agrees with our own reader value by value when DuckDB reads it", async () => {
    const rows = await ask(`SELECT epoch_ms(time), elapsed_s, cycle, speed_rpm, load_kN,
      "s1.vibration_mm/s", quality FROM '${file}' ORDER BY cycle`);
    const reader = openRecord(root, "bench-1");
    const ours = [...reader.samples()].map((s) => {
      const vibration = Number.isNaN(s.values[2]) ? null : s.values[2];
      const quality = s.quality[2] === 3 ? "s1.vibration=bad" : "";
      const values = [s.values[0], s.values[1]! / 1000, vibration];
      return [BigInt(s.wall), s.at / 1000, s.cycle, ...values, quality];
    });
    reader.close();
    expect(rows).toEqual(ours);
    expect(rows.length).toBe(samples);
  });

  it("has times as timestamps, and units and run in the file", async () => {
    const types = await ask(
      `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '${file}')`,
    );
    expect(Object.fromEntries(types)).toMatchObject({ time: "TIMESTAMP", load_kN: "DOUBLE" });
    const keys = await ask(`SELECT decode(key), decode(value) FROM parquet_kv_metadata('${file}')`);
    const metadata = new Map(keys as [string, string][]);
    expect(JSON.parse(metadata.get("wearout.units") ?? "")).toMatchObject({ load_kN: "kN" });
    expect(JSON.parse(metadata.get("wearout.run") ?? "")).toMatchObject({
      id: "bench-1",
      simulated: true,
      startedWall: epoch,
    });
  });

  it("holds the chosen columns and time only", async () => {
    const reader = openRecord(root, "bench-1");
    const part = {
      ...everything(columns),
      columns: columnsNamed(["load"], columns),
      from: 10_000,
      to: 19_999,
      everyMs: 5000,
    };
    const chosen = join(root, "part.parquet");
    writeFileSync(chosen, Buffer.concat([...exportParquet(reader, part)]));
    reader.close();
    const means = [12, 17].map((n) => (sampleOf(n).values[1] ?? 0) / 1000);
    const rows = await ask(`SELECT elapsed_s, load_kN FROM '${chosen}'`);
    expect(rows.map((r) => r[0])).toEqual([10, 15]);
    for (const [i, mean] of means.entries()) expect(rows[i]?.[1]).toBeCloseTo(mean, 9);
  });
});
