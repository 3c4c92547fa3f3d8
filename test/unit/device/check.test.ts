import { describe, expect, it } from "vitest";
import { formatProblem } from "../../../src/base/error.js";
import { changed, parseSample, sampleText } from "./sample-type.js";

const problemsOf = (text: string, file?: string) => parseSample(text, file).problems;

describe("a device type's meaning", () => {
  it("the sample has no problem", () => {
    expect(problemsOf(sampleText).map(formatProblem)).toEqual([]);
  });

  it.each<[string, string, string, string, RegExp]>([
    [
      "a bit table of words",
      "address: 3, as: bit",
      "address: 3, as: u16",
      "points.brake.as",
      /"bit"/,
    ],
    ["a register bit without number", "as: bit, bit: 3", "as: bit", "points.fault.as", /0 to 15/],
    [
      "ascii without length",
      "address: 3, as: u16",
      "address: 3, as: ascii",
      "points.decimals.length",
      /ascii/,
    ],
    [
      "an address beyond the end",
      "address: 0x11",
      "address: 65535",
      "points.ramp.address",
      /65535/,
    ],
    [
      "wider than a read",
      "mostRegistersPerRead: 16",
      "mostRegistersPerRead: 1",
      "points.ramp.as",
      /at most 1/,
    ],
    [
      "wider than a write",
      "mostRegistersPerWrite: 4",
      "mostRegistersPerWrite: 1",
      "points.ramp.as",
      /at most 1/,
    ],
    [
      "no turnaround",
      "mostRegistersPerRead: 16",
      "turnaround: 0 ms, mostRegistersPerRead: 16",
      "link.turnaround",
      /1 ms to 1 min/,
    ],
    [
      "a silence too long",
      "mostRegistersPerRead: 16",
      "silence: 2 min, mostRegistersPerRead: 16",
      "link.silence",
      /0 ms to 10 s/,
    ],
    [
      "a negative pause",
      "mostRegistersPerRead: 16",
      "pause: -1 ms, mostRegistersPerRead: 16",
      "link.pause",
      /0 ms to 1 min/,
    ],
    [
      "an unknown parameter",
      "times: full-scale",
      "times: ful-scale",
      "points.torque.times",
      /"full-scale"/,
    ],
    [
      "a default of another dimension",
      "default: 50 Nm",
      "default: 50 N",
      "parameters.full-scale.default",
      /Nm/,
    ],
    [
      "a table with a scale",
      "scale: 0.1,",
      "scale: 0.1, linear: [[0, 0], [1, 1]],",
      "points.setpoint.linear",
      /one or the other/,
    ],
    [
      "a table that turns back",
      "scale: 0.1,",
      "linear: [[0, 0], [2, 5], [4, 3]],",
      "points.setpoint.linear",
      /only rise or only fall/,
    ],
    [
      "a table out of order",
      "scale: 0.1,",
      "linear: [[4, 0], [2, 5]],",
      "points.setpoint.linear",
      /rise/,
    ],
    [
      "an enum with a scale",
      "enum: { stopped",
      "scale: 2, enum: { stopped",
      "points.state.enum",
      /raw/,
    ],
    [
      "an enum beyond its encoding",
      "running: 1",
      "running: 65536",
      "points.state.enum.running",
      /65535/,
    ],
    [
      "an enum with one value twice",
      "run: 1, stop: 6",
      "run: 6, stop: 6",
      "points.command.enum",
      /one word each/,
    ],
    [
      "a sentinel beyond its encoding",
      "[0x8000]",
      "[0x18000]",
      "points.temperature.sentinels[0]",
      /32767/,
    ],
    ["a bit beyond its width", "fault: 3", "fault: 16", "points.status.bits.fault", /0 to 15/],
    [
      "an empty range",
      "range: [0, 3000]",
      "range: [3000, 0]",
      "points.setpoint.range",
      /lower end/,
    ],
    [
      "a write to an input",
      'address: 3, as: u16, unit: "1", access: read',
      'address: 3, as: u16, unit: "1", access: read-write',
      "points.decimals.access",
      /no way to write/,
    ],
    [
      "a written register bit",
      'bit: 3, unit: "1", access: read',
      'bit: 3, unit: "1", access: read-write',
      "points.fault.access",
      /no way to write/,
    ],
    [
      "write facts nobody uses",
      'address: 3, as: u16, unit: "1", access: read',
      'address: 3, as: u16, unit: "1", access: read, write: { function: 6 }',
      "points.decimals.write",
      /none/,
    ],
    [
      "a coil function on registers",
      "function: 6",
      "function: 5",
      "points.command.write.function",
      /6 or 16/,
    ],
    [
      "one register for two",
      "as: u32, unit: ms, access: read-write",
      "as: u32, unit: ms, access: read-write, write: { function: 6 }",
      "points.ramp.write.function",
      /16/,
    ],
    [
      "an unknown scale source",
      "point: decimals",
      "point: decimal",
      "points.temperature.scaleFrom.point",
      /"decimals"/,
    ],
    [
      "a scale source that cannot be read",
      "point: decimals",
      "point: command",
      "points.temperature.scaleFrom.point",
      /can be read/,
    ],
    [
      "an unknown quality point",
      "badWhen: { point: status",
      "badWhen: { point: statuss",
      "points.torque.badWhen.point",
      /"status"/,
    ],
    [
      "an unknown quality bit",
      "bits: [fault]",
      "bits: [falt]",
      "points.torque.badWhen.bits[0]",
      /"fault"/,
    ],
    [
      "overlapping registers",
      "address: 0x11",
      "address: 0x0f",
      "points.ramp.address",
      /of its own/,
    ],
    [
      "two numbers at one address",
      "address: 3, as: u16",
      "address: 2, as: u16",
      "points.decimals.address",
      /of its own/,
    ],
    [
      "an unknown identity point",
      "identify: [{ point: state",
      "identify: [{ point: stat",
      "identify[0].point",
      /"state"/,
    ],
    ["an identity without value", ", rawRange: [0, 3]", "", "identify[0]", /one of them/],
    [
      "no identity and no reason",
      "identify: [{ point: state, rawRange: [0, 3] }]",
      "identify: []",
      "identify",
      /identifyNote/,
    ],
    [
      "a command on an unknown point",
      "{ write: { command: run } }",
      "{ write: { comand: run } }",
      "commands.start[0].write.comand",
      /"command"/,
    ],
    [
      "an unknown word",
      "{ write: { command: run } }",
      "{ write: { command: rum } }",
      "commands.start[0].write.command",
      /"run"/,
    ],
    [
      "a command on a read-only point",
      "{ write: { command: run } }",
      "{ write: { torque: 1 } }",
      "commands.start[0].write.torque",
      /read only/,
    ],
    [
      "a value out of range",
      "{ write: { setpoint: 0 }",
      "{ write: { setpoint: 3001 }",
      "commands.stop[0].write.setpoint",
      /outside 0 to 3000/,
    ],
    [
      "a forbidden write",
      "{ write: { setpoint: 0 }",
      "{ write: { ramp: 7 }",
      "commands.stop[0].write.ramp",
      /it bites/,
    ],
    [
      "an expectation on what cannot be read",
      "expect: { state: running }",
      "expect: { command: run }",
      "commands.start[1].expect.command",
      /can be read/,
    ],
    [
      "a number for a word",
      "expect: { state: running }",
      "expect: { torque: running }",
      "commands.start[1].expect.torque",
      /a number/,
    ],
    [
      "a step without deed",
      "{ write: { command: run } }",
      "{}",
      "commands.start[0]",
      /write, expect or wait/,
    ],
    [
      "a time for nothing",
      "{ write: { command: run } }",
      "{ wait: 1 s, within: 1 s }",
      "commands.start[0]",
      /expect/,
    ],
    ["an unknown safe command", "safe: stop", "safe: stopp", "actuators[0].safe", /"stop"/],
    [
      "an unknown start command",
      "start: start",
      "start: go",
      "actuators[0].start",
      /one of start, stop/,
    ],
    [
      "an actuator that cannot be written",
      "[{ point: setpoint",
      "[{ point: torque",
      "actuators[0].point",
      /written/,
    ],
    [
      "an unknown actuator",
      "[{ point: setpoint",
      "[{ point: setpont",
      "actuators[0].point",
      /"setpoint"/,
    ],
    [
      "an unknown point to follow",
      "follows: { point: command",
      "follows: { point: comand",
      "actuators[0].follows.point",
      /"command"/,
    ],
    ["an unknown word to follow", "is: [run]", "is: [runn]", "actuators[0].follows.is[0]", /"run"/],
    [
      "actuators without watchdog or reason",
      "noWatchdog: it is not real\n",
      "",
      "actuators",
      /noWatchdog/,
    ],
    [
      "a watchdog on an unknown point",
      "noWatchdog: it is not real",
      "watchdog: { required: { stat: 1 }, doesNotCover: much }",
      "watchdog.required.stat",
      /"state"/,
    ],
    [
      "a keepalive of a read-only point",
      "noWatchdog:",
      "keepalive: { write: [torque], every: 1 s }\nnoWatchdog:",
      "keepalive.write[0]",
      /writable/,
    ],
    [
      "a word that is forbidden",
      "address: 0x12, values: [7]",
      "address: 0x20, values: [6]",
      "points.command.enum.stop",
      /none/,
    ],
  ])("%s is a problem", (_what, from, to, field, expected) => {
    const problems = problemsOf(changed(from, to));
    const found = problems.find((p) => p.field === field);
    expect(found?.expected, problems.map(formatProblem).join("\n")).toMatch(expected);
    expect(found?.line).toBeGreaterThan(1);
  });

  it("an actuator without safe command is a problem of the schema", () => {
    const [problem] = problemsOf(changed(", safe: stop", ""));
    expect(problem?.field).toBe("actuators[0].safe");
    expect(problem?.found).toBe("nothing");
  });

  it("the type must be called as its path", () => {
    const [problem] = problemsOf(sampleText, "devices/example/motor.yaml");
    expect(problem?.expected).toMatch(/"example\/motor"/);
  });

  it("all problems come at once", () => {
    const text = changed("safe: stop", "safe: halt").replace("fault: 3", "fault: 16");
    const fields = problemsOf(text).map((p) => p.field);
    expect(fields).toEqual(["points.status.bits.fault", "actuators[0].safe"]);
  });
});
