import type { DeviceType } from "../../../src/device/device-type.js";
import { SimDevice } from "../../../src/sim/sim-device.js";

const holding = {
  table: "holding",
  unit: "1",
  access: "read-write",
  confidence: "derived",
} as const;

/** A device type with one of everything that a simulated device must know how to do. */
export const exampleType: DeviceType = {
  type: "test/everything",
  maker: "nobody",
  model: "everything",
  title: "one of everything",
  source: [{ document: "this test" }],
  link: {
    framings: ["rtu", "tcp"],
    mostRegistersPerRead: 10,
    mostRegistersPerWrite: 4,
    gaps: false,
  },
  identify: [{ point: "model", raw: 0x1234 }],
  points: {
    model: { ...holding, address: 100, as: "u16", access: "read" },
    speed: { ...holding, address: 101, as: "s16", unit: "rpm", scale: 0.1, range: [-300, 300] },
    position: { ...holding, address: 102, as: "s32", order: "CDAB" },
    ratio: { ...holding, address: 104, as: "f32", range: [0, 0.1] },
    command: { ...holding, address: 107, as: "u16", enum: { stop: 0, run: 1, coast: 5 } },
    mode: { ...holding, address: 108, as: "u16", enum: { slow: 3, fast: 7 } },
    limit: { ...holding, address: 109, as: "u16", range: [50, 90], write: { address: 300 } },
    status: { ...holding, address: 110, as: "u16", access: "read", bits: { on: 0, alarm: 3 } },
    alarm: { ...holding, address: 110, as: "bit", bit: 3, access: "read" },
    decimals: { ...holding, address: 111, as: "u16", enum: { none: 0, one: 1 } },
    temperature: {
      ...{ ...holding, address: 112, as: "s16", unit: "degC", sentinels: [0x7fff] },
      scaleFrom: { point: "decimals", factors: { "1": 0.1, "2": 0.01 } },
    },
    valve: {
      ...{ ...holding, address: 113, as: "u16", unit: "mA", access: "read-write" },
      linear: [
        [0, 4],
        [4095, 20],
      ],
    },
    name: { ...holding, address: 114, as: "ascii", length: 3, access: "read" },
    probe: { ...holding, address: 117, as: "s16", unit: "degC", sentinels: [-32768] },
    restart: { ...holding, address: 200, as: "u16", access: "write", write: { readBack: "none" } },
    torque: { ...holding, table: "input", address: 0, as: "f32", unit: "Nm", access: "read" },
    lamp: { ...holding, table: "coil", address: 0, as: "bit" },
    pump: { ...holding, table: "coil", address: 1, as: "bit" },
    door: { ...holding, table: "discrete", address: 5, as: "bit", access: "read" },
  },
  commands: { stop: [{ write: { command: "stop" } }] },
  actuators: [
    { point: "speed", follows: { point: "command", is: ["run", 5] }, safe: "stop" },
    { point: "limit", safe: "stop" },
  ],
  forbidden: [
    { table: "holding", address: 107, values: [9], why: "runs backwards on a clone" },
    { table: "holding", address: 500, why: "erases the memory" },
  ],
  examples: [{ from: "this test", table: "holding", address: 100, words: [0x1234] }],
};

export function exampleDevice(unit = 1): SimDevice {
  return new SimDevice(exampleType, {}, unit);
}
