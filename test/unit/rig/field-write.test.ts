import { describe, expect, it } from "vitest";
import { compilePoints } from "../../../src/device/codec.js";
import { DeviceSession } from "../../../src/rig/session.js";
import { writeValue } from "../../../src/rig/steps.js";
import { SimDevice } from "../../../src/sim/sim-device.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { parseSample, sampleText } from "../device/sample-type.js";
import { StubLine } from "./bench.js";

const text = sampleText.replace(
  "  brake:",
  `  lamp: { table: holding, address: 0x30, as: bit, bit: 4, unit: "1", access: read-write, write: { readFirst: true }, confidence: manual }
  level: { table: holding, address: 0x30, as: u8, byte: high, unit: "1", range: [0, 9], access: read-write, write: { readFirst: true }, confidence: manual }
  valve: { table: holding, address: 0x30, as: bit, bit: 0, unit: "1", access: read-write, write: { function: 22 }, confidence: manual }
  both: { table: holding, address: 0x34, as: u16, unit: "1", range: [0, 99], access: read-write, write: { function: 23 }, confidence: manual }
  brake:`,
);

function bench() {
  const { value: type, problems } = parseSample(text);
  if (type === undefined) throw new Error(JSON.stringify(problems));
  const clock = new VirtualClock(0);
  const parameters = { "full-scale": 50 };
  const device = new SimDevice(type, parameters, 1);
  const line = new StubLine("l", new Map([[1, device]]), clock);
  const timing = { turnaroundMs: 10, silenceMs: 0 };
  const codecs = compilePoints(type, parameters);
  const loaded = { name: "d", line: "l", unit: 1, type, parameters, codecs, timing };
  const session = new DeviceSession(loaded, line, clock);
  const run = { session, lane: "write", clock, goesOn: () => true } as const;
  const write = (point: string, value: number) => writeValue(run, point, value);
  return { clock, device, line, session, write };
}

describe("a field that is read first", () => {
  it("leaves its neighbours and is read back by its own bits", async () => {
    const { device, line, write } = bench();
    device.set("level", 7);
    expect(await write("lamp", 1)).toBeUndefined();
    expect([device.get("lamp"), device.get("level")]).toEqual([1, 7]);
    const kinds = line.sent.map(({ request }) => request.kind);
    expect(kinds).toEqual(["read", "write", "read"]);
    expect(line.writes()[0]?.request).toMatchObject({ values: [0x0710] });
    expect(line.writes()[0]?.request).not.toHaveProperty("mask");
  });

  it("is not written at all when the answer of the read got lost", async () => {
    const { device, line, write } = bench();
    device.set("level", 7);
    line.lostAnswers = 1;
    expect(await write("lamp", 1)).toMatchObject({ code: "write-failed" });
    expect(line.writes()).toEqual([]);
    expect(device.get("level")).toBe(7);
  });

  it("does not bring back what another such write changed at the same time", async () => {
    const { device, write } = bench();
    expect(await Promise.all([write("lamp", 1), write("level", 5)])).toEqual([
      undefined,
      undefined,
    ]);
    expect([device.get("lamp"), device.get("level")]).toEqual([1, 5]);
  });

  it("is withdrawn when a stop was sent between the read and the write", async () => {
    const { clock, line, session, write } = bench();
    line.delayMs = 20;
    const writing = write("lamp", 1);
    await clock.sleep(10);
    const stop = {
      kind: "write",
      table: "holding",
      address: 0x20,
      values: [6],
      single: true,
    } as const;
    await session.exchange(stop, "stop");
    expect(await writing).toMatchObject({ detail: "lamp: withdrawn for a stop" });
    expect(line.writes().map(({ request }) => request.address)).toEqual([0x20]);
  });
});

describe("fields and function 23", () => {
  it("function 22 is one frame, confirmed by its own bits", async () => {
    const { device, line, session, write } = bench();
    device.set("level", 9);
    expect(await write("valve", 1)).toBeUndefined();
    expect(line.writes()[0]?.request).toMatchObject({ mask: 1, values: [1] });
    expect([device.get("valve"), device.get("level")]).toEqual([1, 9]);
    expect(session.confirmed("valve")?.words).toEqual([1]);
  });

  it("function 23 is confirmed by what it read in the same exchange", async () => {
    const { device, line, write } = bench();
    expect(await write("both", 42)).toBeUndefined();
    expect(device.get("both")).toBe(42);
    expect(line.sent).toHaveLength(1);
    line.says.set(1, [41]);
    expect(await write("both", 43)).toMatchObject({ detail: "both reads back 41 instead of 43" });
  });
});
