/** Checks of what a device does when nobody talks to it: keepalive, watchdog, or why there is none. */
import { dimensionOf } from "../base/quantity.js";
import { type Path, show, suggest } from "../base/schema.js";
import { checkConditions } from "./check-value.js";
import { isWritable } from "./command.js";
import type { DeviceType } from "./device-type.js";
import type { Finding } from "./finding.js";

export function checkUnattended(type: DeviceType): Finding[] {
  const { watchdog, noWatchdog, actuators = [], keepalive } = type;
  const findings = [...checkWatchdog(type), ...checkFeeding(type)];
  if (actuators.length > 0 && watchdog === undefined && noWatchdog === undefined) {
    const expected = "watchdog, or noWatchdog saying what stands in for it";
    findings.push({ path: ["actuators"], found: "actuators without a watchdog", expected });
  }
  if (watchdog !== undefined && noWatchdog !== undefined) {
    findings.push({ path: ["noWatchdog"], found: "a watchdog and noWatchdog", expected: "one" });
  }
  return [...findings, ...checkWritten(type, keepalive?.write ?? [], ["keepalive", "write"])];
}

/** Its points must be readable, and its time must be one. */
function checkWatchdog(type: DeviceType): Finding[] {
  const { watchdog, points } = type;
  const { timeFrom, time } = watchdog ?? {};
  const findings = (["required", "shows", "activeWhile"] as const).flatMap((key) =>
    checkConditions(type, watchdog?.[key], ["watchdog", key]),
  );
  const unit = timeFrom === undefined ? "s" : points[timeFrom]?.unit;
  if (timeFrom !== undefined && (unit === undefined || dimensionOf(unit) !== "time")) {
    const expected = `a point with a time, ${suggest(timeFrom, Object.keys(points))}`;
    findings.push({ path: ["watchdog", "timeFrom"], found: show(timeFrom), expected });
  }
  if (timeFrom !== undefined && time !== undefined) {
    const expected = "one of them: a fixed time, or the point that holds it";
    findings.push({ path: ["watchdog", "time"], found: "time and timeFrom", expected });
  }
  return findings;
}

/** `fedBy` names the words; where they do not feed it alone, it has no meaning. */
function checkFeeding(type: DeviceType): Finding[] {
  const { feeds, fedBy } = type.watchdog ?? {};
  const path = ["watchdog", "feeds"];
  if (feeds === "words" && fedBy === undefined) {
    return [
      { path, found: "words without fedBy", expected: "fedBy: the points whose writes feed it" },
    ];
  }
  if (fedBy !== undefined && feeds !== undefined && feeds !== "words") {
    return [{ path, found: `${feeds} together with fedBy`, expected: "words, or no fedBy" }];
  }
  return checkWritten(type, fedBy ?? [], ["watchdog", "fedBy"]);
}

function checkWritten({ points }: DeviceType, names: readonly string[], path: Path): Finding[] {
  return names.flatMap((name, i) => {
    const point = points[name];
    if (point !== undefined && isWritable(point)) return [];
    const expected = `a writable point, ${suggest(name, Object.keys(points))}`;
    return [{ path: [...path, i], found: show(name), expected }];
  });
}
