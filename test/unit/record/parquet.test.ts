import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, it } from "vitest";
import { exportParquet } from "../../../src/record/parquet/parquet.js";
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

  it("goes on over the end of a row group, also where a column has no value at all", async () => {
    const rows = 70_000;
    const long = newRoot();
    const writer = await createRecord(long, header, new ManualClock(), {
      flushMs: Number.POSITIVE_INFINITY,
      flushSamples: 4096,
    });
    for (let n = 1; n <= rows; n++) {
      const sample = sampleOf(n);
      [sample.values[2], sample.quality[2]] = [Number.NaN, 4];
      writer.sample(sample);
    }
    await writer.end(summaryOf(writer.id));
    const reader = openRecord(long, writer.id);
    const path = join(long, "long.parquet");
    writeFileSync(path, Buffer.concat([...exportParquet(reader, everything(columns))]));
    reader.close();
    const all = await ask(`SELECT count(*), sum(cycle)::DOUBLE, count("s1.vibration_mm/s"),
      epoch_ms(min(time)), epoch_ms(max(time)), min(quality), max(quality) FROM '${path}'`);
    const [first, last] = [sampleOf(1), sampleOf(rows)];
    const times = [BigInt(first.wall), BigInt(last.wall)];
    const lacking = "s1.vibration=never";
    expect(all).toEqual([[BigInt(rows), (rows * (rows + 1)) / 2, 0n, ...times, lacking, lacking]]);
    const groups = await ask(`SELECT row_group_num_rows FROM parquet_metadata('${path}')
      WHERE path_in_schema = 'time' ORDER BY row_group_id`);
    expect(groups.length).toBe(2);
    const end = Number(groups[0]?.[0]);
    const edge = await ask(`SELECT cycle, epoch_ms(time), elapsed_s, speed_rpm FROM '${path}'
      WHERE cycle BETWEEN ${end - 3} AND ${end + 3} ORDER BY cycle`);
    const ours = Array.from({ length: 7 }, (_, i) => sampleOf(end - 3 + i));
    expect(edge).toEqual(ours.map((s) => [s.cycle, BigInt(s.wall), s.at / 1000, s.values[0]]));
  });
});
