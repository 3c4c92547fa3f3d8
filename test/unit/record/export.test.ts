import { describe, expect, it } from "vitest";
import type { RecordEvent } from "../../../src/record/document/event.js";
import { exportCsv, exportEventsCsv, isoTime } from "../../../src/record/export.js";
import { openRecord } from "../../../src/record/reader.js";
import { everything } from "../../../src/record/selection.js";
import { createRecord } from "../../../src/record/writer.js";
import { newRoot } from "./fixture.js";
import { epoch, eventOf, header, ManualClock, sampleOf } from "./run.js";

async function recorded(): Promise<string> {
  const root = newRoot();
  const writer = await createRecord(root, header, new ManualClock());
  const row = (cycle: number, values: number[], quality: number[]) =>
    writer.sample({
      ...sampleOf(cycle),
      values: Float64Array.from(values),
      quality: Uint8Array.from(quality),
    });
  row(1, [1500, 4100, 0.1 + 0.2], [0, 0, 0]);
  row(2, [1500.5, 4100.1, Number.NaN], [0, 1, 3]);
  row(3, [-1e-7, 123456.789, 1 / 3], [0, 0, 0]);
  await writer.commit([
    { ...eventOf(3, 'stopped, "by hand"'), station: "s1" },
    { ...eventOf(3), data: {} } as RecordEvent,
  ]);
  await writer.close();
  return root;
}

describe("CSV export", () => {
  it("shows each value in the rig's unit, an empty cell for none, and what is not good", async () => {
    const reader = openRecord(await recorded(), "bench-1");
    expect([...exportCsv(reader)].join("")).toBe(
      [
        "time,elapsed_s,cycle,speed_rpm,load_kN,s1.vibration_mm/s,quality",
        "2026-01-01T00:00:01.000Z,1,1,1500,4.1,0.3,",
        "2026-01-01T00:00:02.000Z,2,2,1500.5,4.1001,,load=held s1.vibration=bad",
        "2026-01-01T00:00:03.000Z,3,3,-1e-7,123.456789,0.333333333333333,",
        "",
      ].join("\n"),
    );
    reader.close();
  });

  it("rounds times of day to the nearest millisecond, as the Parquet does", () => {
    expect(isoTime(epoch + 713.4)).toBe("2026-01-01T00:00:00.713Z");
    expect(isoTime(epoch + 713.6)).toBe("2026-01-01T00:00:00.714Z");
  });

  it("exports a range", async () => {
    const reader = openRecord(await recorded(), "bench-1");
    const range = { ...everything(reader.header.columns), from: 1500, to: 2000 };
    expect([...exportCsv(reader, range)].join("").split("\n")).toEqual([
      expect.stringMatching(/^time,/),
      expect.stringMatching(/^2026-01-01T00:00:02.000Z,2,2,/),
      "",
    ]);
    reader.close();
  });

  it("quotes the texts of events", async () => {
    const reader = openRecord(await recorded(), "bench-1");
    const wall = new Date(epoch).toISOString();
    expect([...exportEventsCsv(reader)].join("")).toBe(
      [
        "seq,time,elapsed_s,cycle,kind,station,text,data",
        `1,${wall},3,3,checkpoint,s1,"stopped, ""by hand""","{""a"":[1,""ß""],""cycle"":3,""z"":1}"`,
        `2,${wall},3,3,checkpoint,,event after sample 3,{}`,
        "",
      ].join("\n"),
    );
    reader.close();
  });
});
