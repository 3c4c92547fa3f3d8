/** Checks of meaning on a device type: what a schema cannot say. */
import type { Problem } from "../base/error.js";
import { formatDuration, parseQuantity } from "../base/quantity.js";
import { type Parsed, type Path, show, suggest } from "../base/schema.js";
import { checkActuators, checkFingerprint, checkReset } from "./check-actuator.js";
import { checkModify } from "./check-modify.js";
import { bare, checkNames, withOwnNames } from "./check-name.js";
import { checkPoints, codecForCheck, readableProblem } from "./check-point.js";
import { checkConditions, unknownWord, type Values } from "./check-value.js";
import { checkUnattended } from "./check-watchdog.js";
import { forbiddenWhy, isWritable, planWrite, writeRequest } from "./command.js";
import type { DeviceType } from "./device-type.js";
import { encodingOf } from "./encoding.js";
import { verifyExample } from "./example.js";
import type { Finding } from "./finding.js";
import { inUnit } from "./parameter.js";

/** All problems of meaning of a parsed device type; none when the schema already refused it. */
export function checkDeviceType(parsed: Parsed<DeviceType>): Problem[] {
  if (parsed.value === undefined) return [];
  const type = withOwnNames(parsed.value);
  parsed.value = type;
  const names = checkNames(type);
  if (names.length > 0) return placed(parsed, names);
  const findings = [
    ...checkName(type, parsed.file),
    ...checkTiming(type),
    ...checkParameters(type),
    ...checkPoints(type),
    ...checkIdentify(type),
    ...checkCommands(type),
    ...checkActuators(type),
    ...checkReset(type),
    ...checkModify(type),
    ...checkFingerprint(type),
    ...checkUnattended(type),
    ...checkForbidden(type),
  ];
  const wrong = [...findings.map(({ path }) => path), ...(parsed.part?.hidden ?? [])];
  return placed(parsed, [...findings, ...checkExamples(type, wrong)]);
}

/** What every example runs through, whatever points it names. */
const shared = ["link", "parameters", "forbidden"];

/** An example is run where all that it runs through is right; `wrong` are the places that are not. */
function checkExamples(type: DeviceType, wrong: readonly Path[]): Finding[] {
  const isShared = ([section, entry]: Path) =>
    shared.includes(String(section)) || (section === "points" && entry === undefined);
  if (wrong.some(isShared)) return [];
  const gone = new Set(wrong.flatMap(([section, name]) => (section === "points" ? [name] : [])));
  const isGone = (name: string) =>
    gone.has(name) || gone.has(type.points[name]?.scaleFrom?.point ?? "");
  const points = Object.entries(type.points).filter(([name]) => !isGone(name));
  const right = { ...type, points: bare(Object.fromEntries(points)) };
  return type.examples.flatMap((example, i) => {
    const { reads = [], writes = {}, means = {} } = example;
    const names = [...reads, ...Object.keys(writes), ...Object.keys(means)];
    return names.some(isGone) ? [] : verifyExample(right, example, ["examples", i]);
  });
}

function placed(parsed: Parsed<DeviceType>, findings: readonly Finding[]): Problem[] {
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

/** No device answers in no time, and none needs longer than these. */
const timings = { turnaround: [1, 60_000], silence: [0, 10_000], pause: [0, 60_000] } as const;

function checkTiming({ link }: DeviceType): Finding[] {
  const said = Object.entries(timings) as [keyof typeof timings, readonly [number, number]][];
  return said.flatMap(([name, [least, most]]) => {
    const text = link[name];
    const ms = text === undefined ? least : (parseQuantity(text)?.value ?? least);
    if (ms >= least && ms <= most) return [];
    const expected = `a time from ${formatDuration(least)} to ${formatDuration(most)}`;
    return [{ path: ["link", name], found: show(text), expected }];
  });
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
        ...checkConditions(type, step.expect, [...path, "expect"]),
      ];
      if (step.write === undefined && step.expect === undefined && step.wait === undefined) {
        findings.push({
          path,
          found: "a step that does nothing",
          expected: "write, expect or wait",
        });
      }
      if (step.within !== undefined && step.expect === undefined && step.does !== "soften") {
        const found = "within without expect";
        findings.push({ path, found, expected: "what to expect within it, or does: soften" });
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

/** No word of an enum may offer what the type forbids. */
function checkForbidden(type: DeviceType): Finding[] {
  return Object.entries(type.points).flatMap(([name, point]) => {
    if (!isWritable(point) || encodingOf(point).registers !== 1) return [];
    return Object.entries(point.enum ?? {}).flatMap(([word, raw]) => {
      const encoded = codecForCheck(type, point).encode(raw);
      if (!encoded.ok) return [];
      const request = writeRequest(point, encoded.words);
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
