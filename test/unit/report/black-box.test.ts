import { describe, expect, it } from "vitest";
import { openRecord } from "../../../src/record/reader.js";
import { createRecord } from "../../../src/record/writer.js";
import { blackBoxFiles } from "../../../src/report/black-box.js";
import { newRoot } from "../record/fixture.js";
import { eventOf, header, ManualClock, sampleOf } from "../record/run.js";

describe("a black box as files", () => {
  it("has setpoints in the units of its samples, named in the title", async () => {
    const root = newRoot();
    const writer = await createRecord(root, header, new ManualClock());
    for (const cycle of [1, 2, 3]) writer.sample(sampleOf(cycle));
    await writer.commit([eventOf(3)]);
    await writer.close();
    const reader = openRecord(root, writer.id);
    const files = blackBoxFiles(reader, {
      ...{ number: 1, fromMs: 1000, toMs: 3000, frames: [] },
      triggers: [{ at: 2500, cycle: 2, kind: "trip", text: "too hot" }],
      roles: ["load", "speed", "coolant"],
      intents: [{ at: 2500, setpoints: [8120.1, 1500, 0.3] }],
    });
    reader.close();
    const text = (name: string) => Buffer.from(files.find((f) => f.name === name)!.data).toString();
    expect(text("samples.csv").split("\n")[0]).toContain("load_kN");
    expect(text("setpoints.csv")).toBe(
      "elapsed_s,load_kN,speed_rpm,coolant\n2.5,8.1201,1500,0.3\n",
    );
  });
});
