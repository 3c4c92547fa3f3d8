/** Checks of meaning on a device type: what a schema cannot say. */
import type { Problem } from "../base/error.js";
import { dimensionOf } from "../base/quantity.js";
import { type Parsed, type Path, show, suggest } from "../base/schema.js";
import { checkPoints, codecForCheck, readableProblem } from "./check-point.js";
import { forbiddenWhy, isWritable, planWrite } from "./command.js";
import type { Actuator, DeviceType } from "./device-type.js";
import { encodingOf } from "./encoding.js";
import { verifyExample } from "./example.js";
import type { Finding } from "./finding.js";
import { inUnit } from "./parameter.js";

type Values = Readonly<Record<string, number | string>>;

/** All problems of meaning of a parsed device type; none when the schema already refused it. */
export function checkDeviceType(parsed: Parsed<DeviceType>): Problem[] {
  const type = parsed.value;
  if (type === undefined) return [];
  const findings = [
    ...checkName(type, parsed.file),
    ...checkParameters(type),
    ...checkPoints(type),
    ...checkIdentify(type),
    ...checkCommands(type),
    ...checkActuators(type),
    ...checkUnattended(type),
    ...checkForbidden(type),
  ];
  // Examples run the codec over the whole type: only worth it once the rest is right.
  if (findings.length === 0) {
    findings.push(...type.examples.flatMap((e, i) => verifyExample(type, e, ["examples", i])));
  }
  return findings.map(({ path, found, expected }) => parsed.problem(path, found, expected));
}

function checkName(type: DeviceType, file: string): Finding[] {
  const name = /([^/\\]+)[/\\]([^/\\]+)\.yaml$/.exec(file);
  const expected = `${name?.[1]}/${name?.[2]}`;
  if (name === null || type.type === expected) return [];
  return [
    { path: ["type"], found: show(type.type), expected: `"${expected}", as the file's path` },
  ];
}

function checkParameters(type: DeviceType): Finding[] {
  return Object.entries(type.parameters ?? {}).flatMap(([name, { unit, default: standard }]) => {
    if (standard === undefined || inUnit(standard, unit) !== undefined) return [];
    const expected = `a quantity in ${unit}`;
    return [{ path: ["parameters", name, "default"], found: show(standard), expected }];
  });
}

function checkIdentify(type: DeviceType): Finding[] {
  const findings: Finding[] = [];
  if (type.identify.length === 0 && type.identifyNote === undefined) {
    const expected =
      "what to read before the first write, or identifyNote saying why nothing can be";
    findings.push({ path: ["identify"], found: "nothing to identify by", expected });
  }
  type.identify.forEach((check, i) => {
    const problem = readableProblem(type, check.point);
    const path: Path = ["identify", i];
    if (problem !== undefined) {
      findings.push({ path: [...path, "point"], found: show(check.point), expected: problem });
    }
    if ((check.raw === undefined) === (check.rawRange === undefined)) {
      findings.push({ path, found: "raw and rawRange both or neither", expected: "one of them" });
    }
    const [lowest, highest] = check.rawRange ?? [0, 1];
    if (lowest > highest) {
      findings.push({ path, found: show(check.rawRange), expected: "the lower end first" });
    }
  });
  return findings;
}

function checkCommands(type: DeviceType): Finding[] {
  return Object.entries(type.commands ?? {}).flatMap(([name, steps]) =>
    steps.flatMap((step, i) => {
      const path: Path = ["commands", name, i];
      const findings = [
        ...checkWrites(type, step.write ?? {}, [...path, "write"]),
        ...checkReadings(type, step.expect ?? {}, [...path, "expect"]),
      ];
      if (step.write === undefined && step.expect === undefined && step.wait === undefined) {
        findings.push({
          path,
          found: "a step that does nothing",
          expected: "write, expect or wait",
        });
      }
      if (step.within !== undefined && step.expect === undefined) {
        findings.push({
          path,
          found: "within without expect",
          expected: "what to expect within it",
        });
      }
      return findings;
    }),
  );
}

function checkWrites(type: DeviceType, values: Values, path: Path): Finding[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const at = [...path, name];
    const point = type.points[name];
    if (point === undefined) {
      const expected = `a point, ${suggest(name, Object.keys(type.points))}`;
      return [{ path: at, found: show(name), expected }];
    }
    const unknown = unknownWord(type, name, value, at);
    if (unknown.length > 0) return unknown;
    const codec = codecForCheck(type, point);
    const plan = planWrite(type, new Map([[name, codec]]), name, value, 1);
    if (plan.ok) return [];
    return [
      { path: at, found: show(value), expected: `a write that works (${plan.error.message})` },
    ];
  });
}

/** Points that are compared with a value: it must be one the point can have. */
function checkReadings(type: DeviceType, values: Values, path: Path): Finding[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const at = [...path, name];
    const problem = readableProblem(type, name);
    if (problem !== undefined) return [{ path: at, found: show(name), expected: problem }];
    return unknownWord(type, name, value, at);
  });
}

function unknownWord(type: DeviceType, name: string, value: number | string, path: Path) {
  const words = Object.keys(type.points[name]?.enum ?? {});
  if (typeof value === "number" || words.includes(value)) return [];
  const expected = words.length === 0 ? "a number: this point has no enum" : suggest(value, words);
  return [{ path, found: show(value), expected }];
}

function checkActuators(type: DeviceType): Finding[] {
  const commands = Object.keys(type.commands ?? {});
  const seen = new Set<string>();
  return (type.actuators ?? []).flatMap((actuator, i) => {
    const findings: Finding[] = [];
    const say = (key: string, found: string, expected: string) =>
      findings.push({ path: ["actuators", i, key], found, expected });
    const point = type.points[actuator.point];
    if (point === undefined) {
      say("point", show(actuator.point), suggest(actuator.point, Object.keys(type.points)));
    } else if (!isWritable(point))
      say("point", show(actuator.point), "a point that can be written");
    if (seen.has(actuator.point)) say("point", "an actuator a second time", "each point once");
    seen.add(actuator.point);
    for (const key of ["start", "safe"] as const) {
      const command = actuator[key];
      if (command === undefined || commands.includes(command)) continue;
      say(key, show(command), `a command, ${suggest(command, commands)}`);
    }
    findings.push(...checkFollows(type, actuator, ["actuators", i, "follows"]));
    return findings;
  });
}

/** The point may be one that is only written: the device then follows after that command. */
function checkFollows(type: DeviceType, { follows }: Actuator, path: Path): Finding[] {
  if (follows === undefined) return [];
  const { point, is } = follows;
  if (type.points[point] === undefined) {
    const expected = `a point, ${suggest(point, Object.keys(type.points))}`;
    return [{ path: [...path, "point"], found: show(point), expected }];
  }
  return is.flatMap((value, i) => unknownWord(type, point, value, [...path, "is", i]));
}

/** Keepalive, watchdog, or the reason why there is none. */
function checkUnattended(type: DeviceType): Finding[] {
  const { watchdog, noWatchdog, actuators = [], keepalive } = type;
  const findings = [
    ...checkReadings(type, watchdog?.required ?? {}, ["watchdog", "required"]),
    ...checkReadings(type, watchdog?.shows ?? {}, ["watchdog", "shows"]),
    ...checkWatchdog(type),
  ];
  if (actuators.length > 0 && watchdog === undefined && noWatchdog === undefined) {
    const expected = "watchdog, or noWatchdog saying what stands in for it";
    findings.push({ path: ["actuators"], found: "actuators without a watchdog", expected });
  }
  if (watchdog !== undefined && noWatchdog !== undefined) {
    findings.push({ path: ["noWatchdog"], found: "a watchdog and noWatchdog", expected: "one" });
  }
  keepalive?.write.forEach((name, i) => {
    const point = type.points[name];
    if (point !== undefined && isWritable(point)) return;
    const expected = `a writable point, ${suggest(name, Object.keys(type.points))}`;
    findings.push({ path: ["keepalive", "write", i], found: show(name), expected });
  });
  return findings;
}

/** The time must be one, and what feeds must be writable. */
function checkWatchdog({ watchdog, points }: DeviceType): Finding[] {
  const findings: Finding[] = [];
  const { timeFrom, fedBy = [] } = watchdog ?? {};
  const unit = timeFrom === undefined ? "s" : points[timeFrom]?.unit;
  if (timeFrom !== undefined && (unit === undefined || dimensionOf(unit) !== "time")) {
    const expected = `a point with a time, ${suggest(timeFrom, Object.keys(points))}`;
    findings.push({ path: ["watchdog", "timeFrom"], found: show(timeFrom), expected });
  }
  fedBy.forEach((name, i) => {
    const point = points[name];
    if (point !== undefined && isWritable(point)) return;
    const expected = `a writable point, ${suggest(name, Object.keys(points))}`;
    findings.push({ path: ["watchdog", "fedBy", i], found: show(name), expected });
  });
  return findings;
}

/** No word of an enum may offer what the type forbids. */
function checkForbidden(type: DeviceType): Finding[] {
  return Object.entries(type.points).flatMap(([name, point]) => {
    if (!isWritable(point) || encodingOf(point).registers !== 1) return [];
    return Object.entries(point.enum ?? {}).flatMap(([word, raw]) => {
      const address = point.write?.address ?? point.address;
      const table = point.table === "coil" ? "coil" : "holding";
      const request = {
        kind: "write",
        table,
        address,
        values: [raw & 0xffff],
        single: true,
      } as const;
      const why = forbiddenWhy(type, request);
      if (why === undefined) return [];
      return [
        {
          path: ["points", name, "enum", word],
          found: `a forbidden write (${why})`,
          expected: "none",
        },
      ];
    });
  });
}
