import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DeviceType } from "../../../src/device/device-type.js";
import type { Table } from "../../../src/device/request.js";
import { SimDevice } from "../../../src/sim/sim-device.js";
import { exampleDevice, exampleType } from "./example-type.js";

function read(device: SimDevice, address: number, count: number, table: Table = "holding") {
  return device.handle({ kind: "read", table, address, count });
}

function write(device: SimDevice, address: number, ...values: number[]) {
  const single = values.length === 1;
  return device.handle({ kind: "write", table: "holding", address, values, single });
}

function wordsOf(answer: ReturnType<SimDevice["handle"]>): number[] {
  if (!("words" in answer)) throw new Error(JSON.stringify(answer));
  return [...answer.words];
}

describe("a simulated device at the beginning", () => {
  it("passes its own identification", () => {
    expect(wordsOf(read(exampleDevice(), 100, 1))).toEqual([0x1234]);
  });

  it("starts every point at 0 or the allowed value nearest to it", () => {
    const device = exampleDevice();
    const start = Object.keys(exampleType.points).map((name) => [name, device.get(name)]);
    expect(Object.fromEntries(start)).toEqual({
      ...{ model: 0x1234, speed: 0, position: 0, ratio: 0, command: 0, mode: 3, limit: 50 },
      ...{ status: 0, alarm: 0, decimals: 1, temperature: 0, valve: 4, name: Number.NaN },
      ...{ probe: 0, restart: 0, torque: 0, lamp: 0, pump: 0, door: 0 },
    });
  });

  it("begins in the lowest value of an identity range", () => {
    const identify = [{ point: "model", rawRange: [300, 399] as [number, number] }];
    const device = new SimDevice({ ...exampleType, identify }, {}, 1);
    expect(device.get("model")).toBe(300);
  });
});

describe("values of a simulated device", () => {
  it("are stored in the words the codec says", () => {
    const device = exampleDevice();
    device.set("speed", -12.5);
    device.set("position", -2);
    expect(wordsOf(read(device, 101, 3))).toEqual([0xff83, 0xfffe, 0xffff]);
    device.set("torque", 1);
    expect(wordsOf(read(device, 0, 2, "input"))).toEqual([0x3f80, 0]);
    device.set("name", "AB1");
    expect(wordsOf(read(device, 114, 3))).toEqual([0x4142, 0x3100, 0]);
    device.setWord("mode", "fast");
    expect(device.get("mode")).toBe(7);
  });

  it("follow the register that scales them", () => {
    const device = exampleDevice();
    device.set("temperature", 62.5);
    expect(wordsOf(read(device, 112, 1))).toEqual([625]);
  });

  it("that do not fit are refused by set, naming point and reason", () => {
    const device = exampleDevice();
    expect(() => device.set("speed", 301)).toThrow(/speed = 301.*outside -300 to 300 rpm/);
    expect(() => device.setWord("mode", "furious")).toThrow(/"furious" is no word/);
    expect(() => device.set("speed", "3kN")).toThrow(/found "3kN", expected a number in rpm/);
    expect(() => device.set("name", "seven characters")).toThrow(/3 registers/);
    expect(() => device.set("sped", 1)).toThrow(/no point "sped".*"speed"/);
  });

  it("saturate when a plant sets them, and NaN is the device's own sign for no value", () => {
    const device = exampleDevice();
    device.setIndex(device.indexOf("speed"), 1e9);
    expect(device.get("speed")).toBe(300);
    const probe = device.indexOf("probe");
    device.setIndex(probe, -1e9);
    expect(device.getIndex(probe)).toBe(-32767);
    device.setIndex(probe, Number.NaN);
    expect(wordsOf(read(device, 117, 1))).toEqual([0x8000]);
    expect(device.getIndex(probe)).toBeNaN();
    device.setIndex(device.indexOf("valve"), 99);
    expect(device.get("valve")).toBe(20);
  });
});

describe("reading a simulated device", () => {
  it("gives whole blocks, overlapping points and bits included", () => {
    const device = exampleDevice();
    device.set("alarm", 1);
    expect(wordsOf(read(device, 107, 5))).toEqual([0, 3, 50, 8, 1]);
    device.set("pump", 1);
    expect(wordsOf(read(device, 0, 2, "coil"))).toEqual([0, 1]);
  });

  it("refuses addresses no point names, holes and write-only points with exception 2", () => {
    const device = exampleDevice();
    for (const [address, count] of [
      [99, 1],
      [99, 2],
      [104, 4],
      [117, 2],
      [200, 1],
      [0, 1],
      [65535, 1],
    ]) {
      expect(read(device, address!, count!)).toEqual({ exception: 2 });
    }
    expect(read(device, 300, 1)).toEqual({ exception: 2 });
    expect(read(device, 5, 2, "discrete")).toEqual({ exception: 2 });
  });

  it("reads holes as 0 where the type allows gaps, but not beyond its points", () => {
    const type: DeviceType = { ...exampleType, link: { ...exampleType.link, gaps: true } };
    const device = new SimDevice(type, {}, 1);
    expect(wordsOf(read(device, 104, 5))).toEqual([0, 0, 0, 0, 3]);
    expect(read(device, 99, 2)).toEqual({ exception: 2 });
  });

  it("refuses more registers than the device can with exception 3", () => {
    const device = exampleDevice();
    expect(wordsOf(read(device, 107, 10))).toHaveLength(10);
    expect(read(device, 107, 11)).toEqual({ exception: 3 });
  });

  it("gives a snapshot that later changes leave alone", () => {
    const device = exampleDevice();
    const answer = read(device, 101, 1);
    device.set("speed", 5);
    expect(wordsOf(answer)).toEqual([0]);
  });

  it("lets the plant catch up before each answer", () => {
    const device = exampleDevice();
    let t = 0;
    device.beforeRead(() => device.set("torque", ++t));
    read(device, 0, 2, "input");
    write(device, 107, 1);
    expect(device.get("torque")).toBe(2);
  });

  it("answers nothing without power", () => {
    const device = exampleDevice();
    device.silent = true;
    expect(read(device, 100, 1)).toEqual({ silent: true });
    expect(write(device, 107, 1)).toEqual({ silent: true });
    expect(device.get("command")).toBe(0);
  });
});

describe("writing to a simulated device", () => {
  it("changes the points and tells which", () => {
    const device = exampleDevice();
    const seen: string[][] = [];
    device.onWrite((points) => seen.push([...points]));
    expect(write(device, 101, 1500, 7, 0)).toEqual({ words: [] });
    expect([device.get("speed"), device.get("position")]).toEqual([150, 7]);
    write(device, 103, 1);
    expect(device.get("position")).toBe(65543);
    expect(seen).toEqual([["speed", "position"], ["position"]]);
  });

  it("goes to the write address and shows at the read address", () => {
    const device = exampleDevice();
    expect(write(device, 300, 75)).toHaveProperty("words");
    expect(device.get("limit")).toBe(75);
    expect(wordsOf(read(device, 109, 1))).toEqual([75]);
    expect(write(device, 109, 75)).toEqual({ exception: 2 });
  });

  it("refuses read-only and unknown registers with exception 2, changing nothing", () => {
    const device = exampleDevice();
    for (const values of [[1], [1, 100]]) {
      expect(write(device, 100, ...values)).toEqual({ exception: 2 });
    }
    expect(write(device, 110, 1)).toEqual({ exception: 2 });
    expect(write(device, 106, 1)).toEqual({ exception: 2 });
    expect(device.get("speed")).toBe(0);
  });

  it("refuses values out of range or enum, and too many, with exception 3, changing nothing", () => {
    const device = exampleDevice();
    expect(write(device, 101, 3001)).toEqual({ exception: 3 });
    expect(write(device, 101, 100, 0, 0, 0xffff)).toEqual({ exception: 3 });
    expect(write(device, 107, 2)).toEqual({ exception: 3 });
    expect(write(device, 112, 0x7fff)).toEqual({ exception: 3 });
    expect(write(device, 101, 1, 2, 3, 0, 0)).toEqual({ exception: 3 });
    expect([device.get("speed"), device.get("command")]).toEqual([0, 0]);
  });

  it("takes a range limit that a float cannot hold exactly, and nothing beyond it", () => {
    const device = exampleDevice();
    const words = new DataView(new ArrayBuffer(4));
    const send = (value: number) => {
      words.setFloat32(0, value);
      return write(device, 104, words.getUint16(0), words.getUint16(2));
    };
    expect(send(0.1)).toHaveProperty("words");
    expect(send(0.1001)).toEqual({ exception: 3 });
    expect(send(Number.NaN)).toEqual({ exception: 3 });
    expect(device.get("ratio")).toBeCloseTo(0.1, 8);
  });

  it("refuses what the type forbids with exception 4 and counts it", () => {
    const device = exampleDevice();
    expect(write(device, 107, 9)).toEqual({ exception: 4 });
    expect(write(device, 500, 0)).toEqual({ exception: 4 });
    expect(device.forbiddenWrites).toBe(2);
    write(device, 107, 1);
    expect(device.forbiddenWrites).toBe(2);
  });

  it("is not confirmed where the device does not answer by design", () => {
    const device = exampleDevice();
    expect(write(device, 200, 6)).toEqual({ silent: true });
    expect(device.get("restart")).toBe(6);
  });

  it("writes coils", () => {
    const device = exampleDevice();
    const request = {
      kind: "write",
      table: "coil",
      address: 0,
      values: [1, 1],
      single: false,
    } as const;
    expect(device.handle(request)).toHaveProperty("words");
    expect([device.get("lamp"), device.get("pump")]).toEqual([1, 1]);
  });

  it("never leaves a value outside range, whatever is sent where", () => {
    const word = fc.integer({ min: 0, max: 65535 });
    const anyWrite = fc.record({
      address: fc.oneof(
        fc.integer({ min: 95, max: 120 }),
        fc.integer({ min: 295, max: 305 }),
        word,
      ),
      values: fc.array(word, { minLength: 1, maxLength: 6 }),
    });
    fc.assert(
      fc.property(fc.array(anyWrite, { maxLength: 20 }), (writes) => {
        const device = exampleDevice();
        for (const { address, values } of writes) write(device, address, ...values);
        expect(Math.abs(device.get("speed"))).toBeLessThanOrEqual(300);
        expect([0, 1, 5]).toContain(device.get("command"));
        expect([3, 7]).toContain(device.get("mode"));
        expect(device.get("limit")).toBeGreaterThanOrEqual(50);
        expect(device.get("limit")).toBeLessThanOrEqual(90);
        expect([device.get("model"), device.get("status")]).toEqual([0x1234, 0]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("the setpoint an actuator follows", () => {
  it("is there while the device follows it, and not otherwise", () => {
    const device = exampleDevice();
    device.set("speed", 120);
    expect(device.activeSetpoint(0)).toBeUndefined();
    device.setWord("command", "run");
    expect(device.activeSetpoint(0)).toBe(120);
    device.set("command", 5);
    expect(device.activeSetpoint(0)).toBe(120);
    expect(device.activeSetpoint(1)).toBe(50);
    expect(device.activeSetpoint(2)).toBeUndefined();
  });
});
