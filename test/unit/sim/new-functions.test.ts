import { describe, expect, it } from "vitest";
import type { WriteRequest } from "../../../src/device/request.js";
import { SimDevice } from "../../../src/sim/sim-device.js";
import { parseSample, sampleText } from "../device/sample-type.js";

const text = sampleText.replace(
  "  brake:",
  `  lamp: { table: holding, address: 0x30, as: bit, bit: 4, unit: "1", access: read-write, write: { function: 22 }, confidence: manual }
  level: { table: holding, address: 0x30, as: u8, byte: high, unit: "1", range: [0, 9], access: read-write, write: { readFirst: true }, confidence: manual }
  brake:`,
);

function device(): SimDevice {
  const { value, problems } = parseSample(text);
  if (value === undefined) throw new Error(JSON.stringify(problems));
  return new SimDevice(value, { "full-scale": 50 }, 1);
}

function masked(address: number, mask: number, value: number): WriteRequest {
  const values = [value];
  return { kind: "write", table: "holding", address, values, single: true, mask };
}

describe("a simulated device", () => {
  it("carries a mask write out on the bits it names, and tells who was written", () => {
    const d = device();
    const written: string[] = [];
    d.onWrite((points) => written.push(...points));
    d.set("level", 7);
    expect(d.handle(masked(0x30, 0x0010, 0x0010))).toEqual({ words: [] });
    expect([d.get("lamp"), d.get("level")]).toEqual([1, 7]);
    expect(written).toEqual(["lamp"]);
    expect(d.handle(masked(0x30, 0x0010, 0))).toEqual({ words: [] });
    expect([d.get("lamp"), d.get("level")]).toEqual([0, 7]);
  });

  it("refuses a mask write beyond the range of the field, and where nothing can be written", () => {
    const d = device();
    expect(d.handle(masked(0x30, 0xff00, 0x0a00))).toEqual({ exception: 3 });
    expect(d.get("level")).toBe(0);
    expect(d.handle(masked(0x40, 1, 1))).toEqual({ exception: 2 });
  });

  it("writes, then reads, where both are asked at once", () => {
    const d = device();
    const request: WriteRequest = {
      ...{ kind: "write", table: "holding", address: 0x10, values: [70], single: false },
      reads: { address: 0x10, count: 3 },
    };
    expect(d.handle(request)).toEqual({ words: [70, 0, 0] });
    expect(d.get("setpoint")).toBe(7);
    expect(d.handle({ ...request, values: [30001] })).toEqual({ exception: 3 });
    expect(d.get("setpoint")).toBe(7);
  });
});
