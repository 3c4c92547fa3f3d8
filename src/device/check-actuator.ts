/** Checks of what a device type says about its actuators and how their faults are reset. */
import { type Path, show, suggest } from "../base/schema.js";
import { readableProblem } from "./check-point.js";
import { checkConditions, unknownWord } from "./check-value.js";
import { isWritable } from "./command.js";
import type { Actuator, CommandStep, DeviceType } from "./device-type.js";
import type { Finding } from "./finding.js";

export function checkActuators(type: DeviceType): Finding[] {
  const seen = new Set<string>();
  return (type.actuators ?? []).flatMap((actuator, i) => {
    const path: Path = ["actuators", i];
    const findings = [
      ...checkSetpoint(type, actuator, path),
      ...checkOwnCommands(type, actuator, path),
      ...checkFollows(type, actuator, [...path, "follows"]),
      ...checkConditions(type, actuator.acted, [...path, "acted"]),
      ...checkConditions(type, actuator.obeys, [...path, "obeys"]),
      ...checkConditions(type, actuator.requires, [...path, "requires"]),
    ];
    if (seen.has(actuator.point)) {
      const found = "an actuator a second time";
      findings.push({ path: [...path, "point"], found, expected: "each point once" });
    }
    seen.add(actuator.point);
    return findings;
  });
}

function checkSetpoint(type: DeviceType, actuator: Actuator, path: Path): Finding[] {
  const point = type.points[actuator.point];
  if (point !== undefined && isWritable(point)) return [];
  const expected =
    point === undefined
      ? suggest(actuator.point, Object.keys(type.points))
      : "a point that can be written";
  return [{ path: [...path, "point"], found: show(actuator.point), expected }];
}

/** What must be started must be stopped, and a safe command must take energy away. */
function checkOwnCommands(type: DeviceType, actuator: Actuator, path: Path): Finding[] {
  const findings: Finding[] = [];
  const commands = Object.keys(type.commands ?? {});
  const say = (key: string, found: string, expected: string) =>
    findings.push({ path: [...path, key], found, expected });
  for (const key of ["prepare", "start", "safe"] as const) {
    const command = actuator[key];
    if (command === undefined || commands.includes(command)) continue;
    say(key, show(command), `a command, ${suggest(command, commands)}`);
  }
  const { prepare, start, follows, safe } = actuator;
  if (safe === undefined && (start ?? follows) !== undefined) {
    say("safe", "nothing", "the command that stops what start starts (a plain output has neither)");
  }
  const moved = prepare === undefined ? undefined : movedBy(type, prepare);
  if (moved !== undefined)
    say("prepare", `one that writes ${moved}`, "a command that moves nothing");
  const steps = safe === undefined ? undefined : type.commands?.[safe];
  if (steps !== undefined && !steps.some(removes)) {
    say("safe", show(safe), "a command with a step that writes and does not only soften");
  }
  return findings;
}

function removes({ does, write }: CommandStep): boolean {
  return does !== "soften" && write !== undefined;
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

/** A reset of the device's own faults must not be a start in disguise. */
export function checkReset(type: DeviceType): Finding[] {
  const { reset, commands = {} } = type;
  if (reset === undefined) return [];
  const say = (found: string, expected: string) => [{ path: ["reset"], found, expected }];
  if (commands[reset] === undefined) {
    return say(show(reset), `a command, ${suggest(reset, Object.keys(commands))}`);
  }
  const moved = movedBy(type, reset);
  if (moved === undefined) return [];
  return say(`a reset that writes ${moved}`, "one that moves nothing by itself");
}

/** `setpoint = 5`: the first write of a command that is a setpoint or a start; undefined when none is. */
function movedBy(type: DeviceType, command: string): string | undefined {
  const actuators = type.actuators ?? [];
  const writes = (type.commands?.[command] ?? []).flatMap(({ write = {} }) =>
    Object.entries(write),
  );
  const found = writes.find(([point, value]) =>
    actuators.some((a) => a.point === point || isStart(type, a, point, value)),
  );
  return found === undefined ? undefined : found.join(" = ");
}

function isStart(type: DeviceType, { follows }: Actuator, point: string, value: number | string) {
  if (follows === undefined || follows.point !== point) return false;
  const raw = (word: number | string) =>
    typeof word === "number" ? word : type.points[point]?.enum?.[word];
  return follows.is.some((word) => raw(word) === raw(value));
}

/** What tells one unit from another must be readable. */
export function checkFingerprint(type: DeviceType): Finding[] {
  const names = type.fingerprint ?? [];
  return names.flatMap((name, i) => {
    const twice = names.indexOf(name) < i ? "each point once" : undefined;
    const expected = readableProblem(type, name) ?? twice;
    if (expected === undefined) return [];
    return [{ path: ["fingerprint", i], found: show(name), expected }];
  });
}
