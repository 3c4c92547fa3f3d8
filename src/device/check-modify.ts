/** Checks of fields that are written by reading their register first: what is old by then may undo a stop. */
import type { Path } from "../base/schema.js";
import { isWritable } from "./command.js";
import type { DeviceType, Point } from "./device-type.js";
import { encodingOf } from "./encoding.js";
import type { Finding } from "./finding.js";

/**
 * Between the read and the write of such a field its register may change. Where a safe command writes that
 * register, the old copy would bring back what was stopped; where the field itself is the safe command, a
 * lost read would keep the energy on. Both are refused, and a keepalive that repeats such a field.
 */
export function checkModify(type: DeviceType): Finding[] {
  const findings: Finding[] = [];
  const safe = safePoints(type);
  for (const [name, point] of modifiedPoints(type)) {
    const shared = safe.find((other) => overlap(point, type.points[other]!));
    const path: Path = ["points", name, "write", "readFirst"];
    if (shared !== undefined) {
      const found = `a register read first that making safe writes ("${shared}")`;
      const expected = "function 22, or the whole register as one point";
      findings.push({ path, found, expected });
    }
    if (type.keepalive?.write.includes(name) === true) {
      findings.push({ path, found: "a keepalive that must read first", expected: "none" });
    }
  }
  return findings;
}

function modifiedPoints(type: DeviceType): [string, Point][] {
  return Object.entries(type.points).filter(
    ([, point]) => point.write?.readFirst === true && isWritable(point),
  );
}

/** Every point that bringing an actuator to its safe state may write. */
function safePoints(type: DeviceType): string[] {
  const names = (type.actuators ?? []).flatMap(({ point, safe }) => {
    const steps = safe === undefined ? [] : (type.commands?.[safe] ?? []);
    return [point, ...steps.flatMap((step) => Object.keys(step.write ?? {}))];
  });
  return [...new Set(names)].filter((name) => type.points[name] !== undefined);
}

function overlap(a: Point, b: Point): boolean {
  const [from, to] = stretch(a);
  const [other, end] = stretch(b);
  return b.table === "holding" && from < end && other < to;
}

function stretch(point: Point): [number, number] {
  const at = point.write?.address ?? point.address;
  return [at, at + encodingOf(point).registers];
}
