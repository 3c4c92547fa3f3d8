import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/base/clock.js";
import type { DeviceType } from "../../src/device/device-type.js";
import type { Request } from "../../src/device/request.js";
import type { PlantName } from "../../src/sim/bench.js";
import { createSimBench, plantParameters, type Wire } from "../../src/sim/bench.js";

/** A clock that the test moves by hand. */
class HandClock implements Clock {
  now = 5;
  wall(): number {
    return this.now;
  }
  elapsed(): number {
    return this.now;
  }
  async sleep(): Promise<void> {}
  outside<T>(work: Promise<T>): Promise<T> {
    return work;
  }
}

const typeFacts = {
  maker: "test",
  model: "test",
  title: "test",
  source: [{ document: "test" }],
  link: { framings: ["tcp" as const] },
  identify: [],
  identifyNote: "test",
  examples: [{ from: "test" }],
};

const number = { table: "holding", as: "f32", confidence: "derived" } as const;

const drive: DeviceType = {
  ...typeFacts,
  type: "test/drive",
  points: {
    command: {
      table: "holding",
      address: 0,
      as: "u16",
      enum: { stop: 0, run: 1 },
      unit: "1",
      access: "read-write",
      confidence: "derived",
    },
    setpoint: { ...number, address: 1, unit: "rpm", access: "read-write" },
    speed: { ...number, address: 3, unit: "rpm", access: "read" },
    power: { ...number, address: 5, unit: "W", access: "read" },
  },
  commands: { safe: [{ write: { command: "stop" } }] },
  actuators: [{ point: "setpoint", follows: { point: "command", is: ["run"] }, safe: "safe" }],
};

const press: DeviceType = {
  ...typeFacts,
  type: "test/press",
  points: {
    force: { ...number, address: 0, unit: "kN", access: "read-write" },
    measured: { ...number, address: 2, unit: "kN", access: "read" },
  },
  commands: { safe: [{ write: { force: 0 } }] },
  actuators: [{ point: "force", safe: "safe" }],
};

const sensor: DeviceType = {
  ...typeFacts,
  type: "test/sensor",
  points: {
    temperature: { ...number, address: 0, unit: "degC", access: "read" },
    vibration: { ...number, address: 2, unit: "mm/s", access: "read" },
  },
};

const same = { toPoint: (v: number) => v, fromPoint: (v: number) => v };
const kilo = { toPoint: (v: number) => v / 1000, fromPoint: (v: number) => v * 1000 };

const wiring: Wire[] = [
  { device: "drive", point: "setpoint", signal: "speed", direction: "in", ...same },
  { device: "drive", point: "speed", signal: "speed", direction: "out", ...same },
  { device: "drive", point: "power", signal: "power", direction: "out", ...same },
  { device: "press", point: "force", signal: "load", direction: "in", ...kilo },
  { device: "press", point: "measured", signal: "load", direction: "out", ...kilo },
  {
    device: "sensor",
    point: "temperature",
    signal: "s1.housing-temperature",
    direction: "out",
    ...same,
  },
  { device: "sensor", point: "vibration", signal: "s1.vibration", direction: "out", ...same },
];

function bench(
  change: { wiring?: Wire[]; parameters?: Record<string, number>; seed?: number } = {},
) {
  const clock = new HandClock();
  const made = createSimBench({
    clock,
    seed: change.seed ?? 7,
    plant: "bearing",
    parameters: change.parameters ?? { noise: 0 },
    stations: [{ station: "s1", specimen: "a", kind: "ball-bearing", ratings: { C: 20_300 } }],
    devices: [
      { name: "drive", line: "fast", unit: 1, type: drive, parameters: {} },
      { name: "press", line: "fast", unit: 2, type: press, parameters: {} },
      { name: "sensor", line: "slow", unit: 1, type: sensor, parameters: {} },
    ],
    wiring: change.wiring ?? wiring,
  });
  return { clock, made };
}

type Made = ReturnType<typeof createSimBench>;

function send(made: Made, device: string, request: Request): readonly number[] {
  const answer = made.device(device).handle(request);
  if (!("words" in answer)) throw new Error(`${device} refused: ${JSON.stringify(answer)}`);
  return answer.words;
}

function write(made: Made, device: string, address: number, values: number[]): void {
  send(made, device, { kind: "write", table: "holding", address, values, single: false });
}

function writeFloat(made: Made, device: string, address: number, value: number): void {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  write(made, device, address, [view.getUint16(0), view.getUint16(2)]);
}

function readFloat(made: Made, device: string, address: number): number {
  const words = send(made, device, { kind: "read", table: "holding", address, count: 2 });
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, words[0]!);
  view.setUint16(2, words[1]!);
  return view.getFloat32(0);
}

function run(made: Made, speed: number, loadKn: number): void {
  writeFloat(made, "drive", 1, speed);
  write(made, "drive", 0, [1]);
  writeFloat(made, "press", 0, loadKn);
}

describe("a simulated bench", () => {
  it("moves the plant by registers written and shows it in registers read", () => {
    const { clock, made } = bench();
    run(made, 3000, 5);
    clock.now += 60_000;
    expect(readFloat(made, "drive", 3)).toBe(3000);
    expect(readFloat(made, "press", 2)).toBe(5);
    expect(readFloat(made, "sensor", 0)).toBeGreaterThan(23);
    expect(readFloat(made, "sensor", 2)).toBeGreaterThan(1);
    expect(made.truth().stations[0]!.turns).toBeGreaterThan(2800);
  });

  it("drives nothing while the device does not follow its setpoint, and runs down when it stops", () => {
    const { clock, made } = bench();
    writeFloat(made, "drive", 1, 3000);
    clock.now += 60_000;
    expect(readFloat(made, "drive", 3)).toBe(0);
    write(made, "drive", 0, [1]);
    clock.now += 60_000;
    expect(readFloat(made, "drive", 3)).toBe(3000);
    write(made, "drive", 0, [0]);
    clock.now += 2000;
    expect(readFloat(made, "drive", 3)).toBeLessThan(2500);
    clock.now += 60_000;
    expect(readFloat(made, "drive", 3)).toBe(0);
  });

  it("lets a setpoint act from the instant of its write, not before", () => {
    const { clock, made } = bench();
    clock.now += 3_600_000;
    run(made, 1000, 1);
    expect(made.truth().stations[0]!.turns).toBe(0);
    clock.now += 10_000;
    // 2 s of ramp at 500 rpm/s, then the lag of 0.3 s: the textbook sum of turns.
    const turns = (1000 + 8000 - 0.3 * 1000) / 60;
    expect(made.truth().stations[0]!.turns).toBeCloseTo(turns, 6);
  });

  it("gives the same words whichever device is asked first", () => {
    const devices = ["drive", "press", "sensor"];
    const trace = (order: readonly string[]) => {
      const { clock, made } = bench({ parameters: { wear: 5000 } });
      run(made, 3000, 6);
      const all: string[] = [];
      for (let i = 0; i < 300; i++) {
        clock.now += 1000.25;
        const words = new Map(
          order.map((name) => {
            const count = name === "drive" ? 7 : 4;
            return [name, send(made, name, { kind: "read", table: "holding", address: 0, count })];
          }),
        );
        all.push(devices.map((name) => words.get(name)!.join()).join(" "));
      }
      return all;
    };
    const forward = trace(devices);
    expect(trace(devices.toReversed())).toEqual(forward);
    expect(new Set(forward).size).toBe(forward.length);
  });

  it("gives the plant its seed", () => {
    const life = (seed: number) => bench({ seed }).made.truth().stations[0]!.lifeTurns;
    expect(life(7)).toBe(life(7));
    expect(life(8)).not.toBe(life(7));
  });

  it("takes a device without power for one that drives nothing", () => {
    const { clock, made } = bench();
    run(made, 3000, 5);
    clock.now += 60_000;
    made.device("drive").silent = true;
    made.refresh();
    clock.now += 60_000;
    made.device("drive").silent = false;
    expect(readFloat(made, "drive", 3)).toBe(0);
    expect(readFloat(made, "press", 2)).toBe(5);
  });

  it("gives each line its devices by unit", () => {
    const { made } = bench();
    expect(made.lines).toEqual(["fast", "slow"]);
    expect([...made.units("fast").keys()]).toEqual([1, 2]);
    expect(made.units("slow").get(1)).toBe(made.device("sensor"));
  });

  it("refuses wires to nowhere and parameters nobody knows", () => {
    const to = (change: Partial<Wire>) => () => bench({ wiring: [{ ...wiring[0]!, ...change }] });
    expect(to({ signal: "torque" })).toThrow("input torque");
    expect(to({ signal: "torque", direction: "out" })).toThrow("output torque");
    expect(to({ device: "nobody" })).toThrow("device nobody");
    expect(to({ point: "nothing" })).toThrow("nothing");
    expect(() => bench({ parameters: { waer: 2 } })).toThrow("waer");
  });

  it("names every plant parameter with dimension and default", () => {
    for (const plant of ["bearing", "harmonic"] satisfies PlantName[]) {
      expect(plantParameters(plant)["wear"]).toMatchObject({ dimension: "ratio", default: 1 });
    }
  });
});
