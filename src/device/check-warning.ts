/** What is allowed in a device type and yet makes it weaker than its author may think. */
import type { Problem } from "../base/error.js";
import type { Parsed } from "../base/schema.js";
import type { Actuator } from "./actuator.js";
import type { DeviceType } from "./device-type.js";
import type { Finding } from "./finding.js";

/** Warnings about a type; none when the file has problems. They never keep it from being used. */
export function deviceTypeWarnings(parsed: Parsed<DeviceType>): Problem[] {
  const type = parsed.value;
  if (type === undefined || parsed.problems.length > 0) return [];
  const findings = [...warnIdentity(type), ...(type.actuators ?? []).flatMap(warnActuator(type))];
  return findings.map(({ path, found, expected }) => {
    return { ...parsed.problem(path, found, expected), severity: "warning" };
  });
}

/** A drive at work must still be the drive it was at rest, or its safe values are not sent to it. */
function warnIdentity(type: DeviceType): Finding[] {
  const expected = "one that is the same whatever the device does, or identifyWeak naming it";
  const told = new Set((type.identifyWeak ?? "").split(/[^A-Za-z0-9-]+/));
  const identity = type.identify
    .map(({ point }, i) => ({ point, path: ["identify", i, "point"] }))
    .filter(({ point }) => !told.has(point));
  const print = (type.fingerprint ?? []).map((point, i) => ({ point, path: ["fingerprint", i] }));
  return [...identity, ...print].flatMap(({ point, path }) => {
    const why = changesBecause(type, point);
    if (why === undefined) return [];
    return [{ path, found: `"${point}", which may change with the state (${why})`, expected }];
  });
}

/** Why a point is no constant of its unit; undefined when nothing in the type says so. */
function changesBecause(type: DeviceType, name: string): string | undefined {
  const steps = Object.values(type.commands ?? {}).flat();
  if (steps.some((s) => s.write !== undefined && name in s.write)) return "a command writes it";
  if (steps.some((s) => s.expect !== undefined && name in s.expect)) return "a command expects it";
  if ((type.actuators ?? []).some((a) => stateOf(a).includes(name))) {
    return "it shows what an actuator does";
  }
  const { shows = {}, activeWhile = {} } = type.watchdog ?? {};
  if (name in shows || name in activeWhile) return "the watchdog changes it";
  return looksLikeState(type, name);
}

/** Settings that the type itself calls constant are none, whatever they look like. */
function looksLikeState(type: DeviceType, name: string): string | undefined {
  const settings = [
    ...(type.fingerprint ?? []),
    ...Object.keys(type.watchdog?.required ?? {}),
    ...(type.actuators ?? []).flatMap((a) => Object.keys(a.requires ?? {})),
  ];
  if (settings.includes(name)) return undefined;
  if (type.points[name]?.bits !== undefined) return "it carries flags";
  return type.points[name]?.enum === undefined ? undefined : "its words may be states";
}

function stateOf({ point, follows, acted, obeys }: Actuator): string[] {
  const shown = [acted, obeys].flatMap((conditions) => Object.keys(conditions ?? {}));
  return [point, ...shown, ...(follows === undefined ? [] : [follows.point])];
}

function warnActuator(type: DeviceType) {
  return (actuator: Actuator, i: number): Finding[] => {
    const written = [...safeWrites(type, actuator)];
    const findings: Finding[] = [];
    if (written.every((name) => type.points[name]?.write?.persist === "eeprom")) {
      const found = "a safe path that only writes EEPROM, which wears out when it is repeated";
      const expected = "a safe command that writes a register in RAM";
      findings.push({ path: ["actuators", i], found, expected });
    }
    if (actuator.acted === undefined && !written.some((name) => isReadBack(type, name))) {
      const found = "a safe state that only the device's reply confirms";
      const expected = "acted: what the device shows then, or a point that is read back";
      findings.push({ path: ["actuators", i], found, expected });
    }
    return findings;
  };
}

/** Points that making it safe writes; a plain output has its setpoint alone. */
function safeWrites(type: DeviceType, { safe, point }: Actuator): ReadonlySet<string> {
  const command = safe === undefined ? [] : (type.commands?.[safe] ?? []);
  const steps = command.filter((step) => step.does !== "soften");
  const names = steps.flatMap((step) => Object.keys(step.write ?? {}));
  return new Set(names.length === 0 ? [point] : names);
}

function isReadBack(type: DeviceType, name: string): boolean {
  const { write, access } = type.points[name] ?? {};
  return (write?.readBack ?? (access === "read-write" ? "value" : "echo")) === "value";
}
