import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../../src/base/error.js";
import { parseText } from "../../../src/base/schema.js";
import { readDeviceType } from "../../../src/device/load.js";
import { checkRig } from "../../../src/rig/check/check.js";
import { rigWarnings } from "../../../src/rig/check/warning.js";
import { RigFile } from "../../../src/rig/rig-file.js";
import { root } from "./bench.js";

const text = readFileSync(`${root}rigs/harmonic-one.yaml`, "utf8");
const names = ["delta/asda-a2", "ato/torque", "advantech/adam-4024", "omron/e5cc"];
const all = [...names, "witmotion/wtvb01-485", "eastron/sdm630"];
const types = new Map(
  all.flatMap((name) => {
    const type = readDeviceType(`${root}devices/${name}.yaml`).value;
    return type === undefined ? [] : [[name, type]];
  }),
);

/** What is said about harmonic-one with these replacements, as `field: found, expected`. */
function said(...replacements: [string, string][]): string[] {
  return checkRig(parsedWith(replacements), types).map(sentence);
}

/** What is warned of the budget. */
function warned(...replacements: [string, string][]): string[] {
  const all = rigWarnings(parsedWith(replacements), types);
  return all.filter(({ field }) => field === "tripBudget").map(sentence);
}

const sentence = (p: Problem) => `${p.field}: ${p.found}; ${p.expected}`;

function parsedWith(replacements: [string, string][]) {
  let changed = text;
  for (const [from, to] of replacements) {
    expect(changed).toContain(from);
    changed = changed.replace(from, to);
  }
  const parsed = parseText(RigFile, changed, "rigs/harmonic-one.yaml");
  expect(parsed.problems).toEqual([]);
  return parsed;
}

describe("checks of a rig file", () => {
  it("says nothing about a right one", () => {
    expect(said()).toEqual([]);
  });

  it("wants exactly one of serial and tcp, and the wire's format with serial", () => {
    expect(
      said(["    tcp: 127.0.0.1:1503\n", "    tcp: 127.0.0.1:1503\n    serial: /dev/a\n"]),
    ).toEqual(["lines.io: both serial and tcp; one of them"]);
    expect(said(["    tcp: 127.0.0.1:1503\n", ""])).toEqual([
      "lines.io: neither serial nor tcp; one of them",
    ]);
    expect(said(['    baud: 38400\n    format: "8N2"\n', ""])).toEqual([
      "lines.drive.baud: nothing; the line's baud, as 19200",
      "lines.drive.format: nothing; the format, as 8E1",
    ]);
  });

  it("takes units 0 and 255 and an IPv6 address over TCP, and refuses such units on a wire (L10)", () => {
    const meter = "line: io, unit: 41";
    for (const unit of [0, 248, 255]) {
      expect(said([meter, `line: io, unit: ${unit}`])).toEqual([]);
      expect(said(["line: drive, unit: 1", `line: drive, unit: ${unit}`])).toEqual([
        `devices.servo.unit: ${unit} on a line that speaks RTU; 1 to 247; 0 and 255 only over Modbus TCP`,
      ]);
    }
    for (const tcp of ["[::1]:502", "[fe80::1%eth0]:502", "plc.local:502"]) {
      expect(said(["tcp: 127.0.0.1:1503", `tcp: "${tcp}"`])).toEqual([]);
    }
    for (const tcp of ["::1:502", "[::1]", "[::1]:", "a b:c"]) {
      const changed = text.replace("tcp: 127.0.0.1:1503", `tcp: "${tcp}"`);
      expect(parseText(RigFile, changed, "a").problems.length, tcp).toBe(1);
    }
  });

  it("refuses times that no device or gateway needs, with the range", () => {
    const tcp = "    tcp: 127.0.0.1:1503\n";
    for (const pause of ["-1 s", "1 h"]) {
      expect(said([tcp, `${tcp}    pauseAfterConnect: ${pause}\n`])).toEqual([
        `lines.io.pauseAfterConnect: "${pause}"; a time from 0 ms to 1 min`,
      ]);
    }
    const meter = "line: io, unit: 41, turnaround: 50 ms";
    expect(
      said([meter, `line: io, unit: 41, turnaround: 0 ms, pause: -1 ms, silence: 20 s`]),
    ).toEqual([
      'devices.meter.turnaround: "0 ms"; a time from 1 ms to 1 min',
      'devices.meter.silence: "20 s"; a time from 0 ms to 10 s',
      'devices.meter.pause: "-1 ms"; a time from 0 ms to 1 min',
    ]);
  });

  it("suggests the unit that is meant, and nothing false of limits beside a wrong ceiling", () => {
    const ceiling = /ceiling: (.*) Nm/.exec(text)![1]!;
    for (const unit of ["N·m", "N m", "NM"]) {
      expect(said([`ceiling: ${ceiling} Nm`, `ceiling: ${ceiling} ${unit}`])).toEqual([
        `actuators.output-torque.ceiling: "${ceiling} ${unit}"; a torque; did you mean "${ceiling} Nm"?`,
      ]);
    }
  });

  it("asks for the unit of a constant that is a bare number", () => {
    const changed = text.replace(
      /^roles:\n/m,
      "roles:\n  lever:\n    unit: mm\n    constant: 4.2\n",
    );
    const [problem] = parseText(RigFile, changed, "a").problems;
    expect(problem).toMatchObject({ field: "roles.lever.constant", found: "4.2" });
    expect(problem?.expected).toBe(
      'a quantity with its unit, as "4.2 kN", or { perRun: [lowest, highest] }',
    );
  });

  it("has no echo on a Modbus TCP line", () => {
    const tcp = "    tcp: 127.0.0.1:1503\n";
    expect(said([tcp, `${tcp}    localEcho: true\n`])).toEqual([
      "lines.io.localEcho: true on a Modbus TCP line; no such key: only a line that speaks RTU or ASCII echoes",
    ]);
  });

  it("takes what is said of a connection only where there is one", () => {
    const keys = "pauseAfterConnect: 1 s\n    tolerate: [unit, transaction]";
    expect(said(["tcp: 127.0.0.1:1503", `tcp: 127.0.0.1:1503\n    ${keys}`])).toEqual([]);
    expect(said(["baud: 38400", `baud: 38400\n    ${keys}`])).toEqual([
      "lines.drive.pauseAfterConnect: 1 s on a line without a connection; no such key: it belongs to a tcp line",
      "lines.drive.tolerate: unit, transaction on a line that speaks RTU; no such key: it belongs to a Modbus TCP line",
    ]);
    const serialServer = `tcp: 127.0.0.1:1503\n    framing: rtu\n    ${keys}`;
    expect(said(["tcp: 127.0.0.1:1503", serialServer])).toContain(
      "lines.io.tolerate: unit, transaction on a line that speaks RTU; no such key: it belongs to a Modbus TCP line",
    );
  });

  it("wants eight data bits for RTU, and devices that speak ASCII on a line that does", () => {
    const format = '    baud: 38400\n    format: "8N2"\n';
    const seven = '    baud: 38400\n    format: "7E1"\n';
    expect(said([format, seven])).toEqual([
      "lines.drive.format: 7E1 on a line that speaks RTU; eight data bits, or framing: ascii",
    ]);
    expect(said([format, `${seven}    framing: ascii\n`])).toEqual([
      "devices.servo.line: delta/asda-a2 (rtu) on a line that speaks ASCII; a line that speaks rtu",
    ]);
    expect(said([format, `${format}    framing: rtu\n`])).toEqual([
      "lines.drive.framing: rtu on a serial line; no framing (RTU is usual), or ascii",
    ]);
    expect(
      said(["    tcp: 127.0.0.1:1503\n", "    tcp: 127.0.0.1:1503\n    framing: ascii\n"]),
    ).toEqual(["lines.io.framing: ascii on a tcp line; rtu, or none: ascii is for serial lines"]);
  });

  it("wants one way of keeping less of a role, that the role and the cycle allow", () => {
    const keep = (of: string) =>
      said(["read: thermometer.pv", `read: thermometer.pv, keep: { ${of} }`]).map((line) =>
        line.replace("stations.s1.roles.housing-temperature.", ""),
      );
    expect(keep("every: 10")).toEqual([]);
    expect(keep("change: 0.5 K")).toEqual([]);
    expect(keep("interval: 3 s")).toEqual([]);
    expect(keep("")).toEqual(["keep: nothing; every, change or interval"]);
    expect(keep("every: 10, interval: 1 min")).toEqual([
      "keep: every and interval; every, change or interval",
    ]);
    expect(keep("change: 0.5 mm/s")).toEqual([
      'keep.change: "0.5 mm/s" (a velocity); a temperature difference, in K or the like',
    ]);
    expect(keep("change: 0 K")).toEqual(['keep.change: "0 K"; more than 0']);
    expect(keep("interval: 2 s")).toEqual(['keep.interval: "2 s"; three cycles (of 1 s) or more']);
  });

  it("suggests the nearest line, device, point and type", () => {
    const found = said(
      ["line: drive", "line: drvie"],
      ["type: omron/e5cc", "type: omron/e5c"],
      ["read: torque-in.torque", "read: torque-in.torqe"],
      ["read: meter.total-power", "read: metre.total-power"],
    ).join("\n");
    expect(found).toContain('devices.servo.line: the unknown line "drvie"; "drive" (did you mean');
    expect(found).toContain('the unknown device type "omron/e5c"; "omron/e5cc" (did you mean');
    expect(found).toContain('the unknown point "torqe" of ato/torque; "torque" (did you mean');
    expect(found).toContain('the unknown device "metre"; "meter" (did you mean');
  });

  it("checks parameters of devices", () => {
    expect(said(["torque-step: 0.01 Nm", "torque-step: 0.01 rpm"])).toEqual([
      'devices.torque-out.parameters.torque-step: "0.01 rpm"; torque of one count (decimals set at the display) in Nm',
    ]);
  });

  it("wants linear pairs that rise and have the dimensions of point and role", () => {
    expect(said(['["20 mA", "120 Nm"]', '["20 mA", "0 Nm"]'])).toContain(
      'roles.output-torque.linear[1]: ["20 mA","0 Nm"]; pairs that rise on both sides',
    );
    expect(said(['["20 mA", "120 Nm"]', '["20 V", "120 N"]'])).toEqual([
      'roles.output-torque.linear[1][0]: "20 V"; a current',
      'roles.output-torque.linear[1][1]: "120 N"; a torque',
    ]);
  });

  it("checks inputs, arity, dimensions and circles of derivations", () => {
    const of = "of: [input-torque, input-speed, output-torque, output-speed]";
    expect(said([of, "of: [input-torque, input-speed]"])[0]).toBe(
      "roles.efficiency.derive.of: 2 roles; input torque, input speed, output torque, output speed",
    );
    expect(said([of, "of: [input-speed, input-torque, output-torque, output-speed]"])).toEqual([
      "roles.efficiency.derive.of: speed, torque, torque, speed; input torque, input speed, output torque, output speed",
    ]);
    expect(said([`by: efficiency, ${of}`, "by: mean, of: [input-speed]"])).toEqual([
      'roles.efficiency.unit: "%" (ratio); a unit of speed',
    ]);
    expect(said([`by: efficiency, ${of}`, "by: mean, of: [efficiency]"])).toEqual([
      "roles.efficiency.derive: a derivation that waits for itself (efficiency); derivations without a circle",
    ]);
    expect(said([`by: efficiency, ${of}`, "by: ratio, of: [power, power], factor: 2"])).toEqual([
      "roles.efficiency.derive.factor: a factor for ratio; no factor",
    ]);
  });

  it("wants one source per role", () => {
    const role = "unit: Nm, read: torque-in.torque";
    expect(said([role, `${role}, derive: { by: mean, of: [output-torque] }`])).toEqual([
      "roles.input-torque: a role both bound to a point and derived; one source",
    ]);
  });

  it("wants an actuator for what is written, and only for that", () => {
    const found = said([
      "  output-torque:\n    ceiling: 120 Nm",
      "  input-torque:\n    ceiling: 120 Nm",
    ]);
    expect(found).toContain(
      'actuators.input-torque: the role "input-torque", which writes nothing; a role with write',
    );
    expect(found).toContain(
      'roles.output-torque.write: the role "output-torque" is written but has no actuator; an entry actuators.output-torque',
    );
  });

  it("wants floor <= safe <= ceiling, the role's dimension, and values the point can carry", () => {
    expect(said(["safe: 0 rpm", "safe: 4100 rpm"])).toEqual([
      'actuators.input-speed.safe: "4100 rpm" beside the ceiling "4000 rpm"; floor <= safe <= ceiling',
    ]);
    expect(said(["ramp: 20 Nm/s", "ramp: 20 Nm"])).toEqual([
      'actuators.output-torque.ramp: "20 Nm"; a torque per time; did you mean "20 Nm/s"?',
    ]);
    expect(said(["ceiling: 4000 rpm", "ceiling: 4000 Nm"])).toEqual([
      'actuators.input-speed.ceiling: "4000 Nm"; a speed',
    ]);
    const [problem] = said(
      ["ceiling: 120 Nm", "ceiling: 150 Nm"],
      ["above: 140 Nm", "above: 160 Nm"],
    );
    expect(problem).toContain(
      "actuators.output-torque.ceiling: 150 Nm, which brake.output-0 cannot carry",
    );
  });

  it("refuses a limit that could never act and masks the guard cannot know", () => {
    expect(said(["above: 4300 rpm", "above: 43000 rpm"])).toEqual([
      'limits[0].above: "43000 rpm", far above the ceiling of "input-speed"; at most 5000 rpm: 25 % above the ceiling 4000 rpm',
    ]);
    expect(said(["    for: 2 s\n", "    for: 2 s\n    mask: { whileRamping: true }\n"])).toEqual([
      "limits[3].mask.whileRamping: the mask whileRamping on a trip; a trip of a rig masked by afterStart only",
    ]);
  });

  it("wants exposure and atStress to speak of roles that exist and have a setpoint", () => {
    expect(said(["  load: output-torque\n", "  load: output-torqe\n"])[0]).toMatch(
      /^exposure.load: the unknown role "output-torqe"; "output-torque" \(did you mean that\?\)/,
    );
    expect(said(["  output-torque: 10 %", "  output-speed: 10 %"])).toEqual([
      'atStress.output-speed: the role "output-speed", which has no setpoint; a role with a setpoint, "input-speed" (did you mean that?) or one of output-torque, input-speed',
    ]);
  });

  it("refuses a trip budget the wiring cannot hold, with the figures", () => {
    const [problem] = said(["tripBudget: 4 s", "tripBudget: 500 ms"]);
    expect(problem).toMatch(
      /^tripBudget: 500 ms, but a stop may need \d+ ms \(line io: \d+ ms for .* in the way, \d+ ms to stop; line drive: /,
    );
    expect(
      said(["    tcp: 127.0.0.1:1503\n    baud: 19200\n", "    tcp: 127.0.0.1:1503\n"]),
    ).toEqual(["lines.io.baud: nothing; the baud behind the gateway: tripBudget needs it"]);
  });

  const saying = "turnaround: 50 ms";
  const neededMs = (rig: string, budget: string) => {
    const parsed = parseText(RigFile, rig.replace(/tripBudget: .*/, budget), "harmonic-one.yaml");
    return checkRig(parsed, types).map((p) => ({
      ms: Number(/may need (\d+) ms/.exec(p.found)?.[1]),
      ...p,
    }));
  };

  it("a budget that only the usual turnaround breaks is warned about with figure, line and devices, not refused", () => {
    const unsaid = text.replaceAll(`    ${saying}\n`, "").replaceAll(`, ${saying}`, "");
    const [stated] = neededMs(text, "tripBudget: 1 ms");
    const [usual] = neededMs(unsaid, "tripBudget: 1 ms");
    expect(usual!.ms).toBeGreaterThan(stated!.ms + 50);
    const [warned, ...more] = neededMs(unsaid, `tripBudget: ${stated!.ms} ms`);
    expect(more).toEqual([]);
    expect(warned).toMatchObject({ severity: "warning", ms: usual!.ms, field: "tripBudget" });
    expect(warned!.line).toBe(text.split("\n").findIndex((l) => l.startsWith("tripBudget")) + 1);
    expect(warned!.expected).toBe(
      "turnaround of servo, torque-in, torque-out, brake, thermometer, vibration, meter (as 100 ms are allowed where none is stated), or a larger budget",
    );
    expect(neededMs(text, `tripBudget: ${stated!.ms - 1} ms`)[0]?.severity).toBeUndefined();
    expect(neededMs(unsaid, `tripBudget: ${stated!.ms - 1} ms`)[0]?.severity).toBeUndefined();
  });

  it("what a rig says of a device's time counts in the budget", () => {
    const [usual] = neededMs(text, "tripBudget: 1 ms");
    const slower = (says: string) =>
      neededMs(text.replace(saying, `${saying}, ${says}`), "tripBudget: 1 ms")[0]!.ms;
    expect(slower("pause: 100 ms")).toBeGreaterThan(usual!.ms + 100);
    expect(slower("silence: 100 ms")).toBeGreaterThan(usual!.ms + 100);
    const [slow] = neededMs(text.replace(saying, "turnaround: 150 ms"), "tripBudget: 1 ms");
    expect(slow!.ms).toBeGreaterThan(usual!.ms + 100);
  });

  it("refuses isolation by what never trips", () => {
    expect(
      said(["reaction: trip", "reaction: warn\n    isolate: true"]).filter((p) =>
        /isolate/.test(p),
      ),
    ).toEqual([
      expect.stringMatching(
        /^limits\[\d\].isolate: isolate on a limit with reaction warn: nothing would be isolated; reaction: trip$/,
      ),
    ]);
  });

  it("warns of a trip budget that braking before it lets go may overspend, and refuses nothing", () => {
    expect(said(["tripBudget: 4 s", "tripBudget: 1500 ms"])).toEqual([]);
    const [warning] = warned(["tripBudget: 4 s", "tripBudget: 1500 ms"]);
    expect(warning).toMatch(/^tripBudget: 1500 ms, but a stop may need [23]\d{3} ms .*braking/);
    expect(warned(["tripBudget: 4 s", "tripBudget: 5 s"])).toEqual([]);
  });

  it("refuses names that are no names", () => {
    const { problems } = parseText(
      RigFile,
      text.replace("  s1:\n", "  S1:\n"),
      "harmonic-one.yaml",
    );
    expect(problems.map(sentence)).toEqual([
      'stations.S1: "S1"; a name of small letters, digits and hyphens, as s1',
    ]);
  });
});
