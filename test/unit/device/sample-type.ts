import { type Parsed, parseText } from "../../../src/base/schema.js";
import { checkDeviceType } from "../../../src/device/check.js";
import { DeviceType, type Point } from "../../../src/device/device-type.js";

/** A small whole device type; tests change one thing in it. */
export const sampleText = `type: example/drive
maker: Example
model: Drive
title: a drive
source: [{ document: invented for tests }]
link: { framings: [rtu], mostRegistersPerRead: 16, mostRegistersPerWrite: 4 }
parameters: { full-scale: { unit: Nm, default: 50 Nm, title: full scale } }
identify: [{ point: state, rawRange: [0, 3] }]
points:
  setpoint: { table: holding, address: 0x10, as: s16, scale: 0.1, unit: rpm, range: [0, 3000], access: read-write, confidence: manual }
  ramp: { table: holding, address: 0x11, as: u32, unit: ms, access: read-write, confidence: manual }
  command: { table: holding, address: 0x20, as: u16, enum: { run: 1, stop: 6 }, unit: "1", access: write, write: { function: 6 }, confidence: manual }
  brake: { table: coil, address: 3, as: bit, unit: "1", access: read-write, confidence: manual }
  state: { table: input, address: 0, as: u16, enum: { stopped: 0, running: 1 }, unit: "1", access: read, confidence: manual }
  status: { table: input, address: 1, as: u16, bits: { fault: 3 }, unit: "1", access: read, confidence: manual }
  fault: { table: input, address: 1, as: bit, bit: 3, unit: "1", access: read, confidence: manual }
  torque: { table: input, address: 2, as: s16, scale: 0.001, times: full-scale, unit: Nm, badWhen: { point: status, bits: [fault] }, access: read, confidence: manual }
  decimals: { table: input, address: 3, as: u16, unit: "1", access: read, confidence: manual }
  temperature: { table: input, address: 4, as: s16, scaleFrom: { point: decimals, factors: { "0": 1, "1": 0.1 } }, unit: degC, sentinels: [0x8000], access: read, confidence: manual }
commands:
  start: [{ write: { command: run } }, { expect: { state: running }, within: 2 s }]
  stop: [{ write: { setpoint: 0 }, wait: 500 ms }, { write: { command: stop } }]
actuators: [{ point: setpoint, start: start, follows: { point: command, is: [run] }, safe: stop }]
noWatchdog: it is not real
forbidden: [{ table: holding, address: 0x12, values: [7], why: it bites }]
examples:
  - { from: ours, table: input, address: 0, words: [1, 8, 500], means: { state: running, torque: 25 } }
`;

/** Parsed and checked under the path its name wants. */
export function parseSample(text: string, file = "devices/example/drive.yaml"): Parsed<DeviceType> {
  const parsed = parseText(DeviceType, text, file);
  parsed.problems.push(...checkDeviceType(parsed));
  return parsed;
}

/** The sample with a piece replaced; the piece must be there. */
export function changed(from: string, to: string): string {
  if (!sampleText.includes(from)) throw new Error(`no "${from}" in the sample`);
  return sampleText.replace(from, to);
}

export function sampleType(): DeviceType {
  const { value, problems } = parseSample(sampleText);
  if (value === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));
  return value;
}

/** A holding register that may be written, with what a test says of it. */
export function point(facts: Partial<Point>): Point {
  return {
    ...{ table: "holding", address: 0, as: "u16", unit: "1" },
    ...{ access: "read-write", confidence: "manual" },
    ...facts,
  } as Point;
}
