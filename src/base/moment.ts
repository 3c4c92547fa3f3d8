/** Times and dates as people write them. */
import type { EpochMs } from "./clock.js";
import { parseQuantity } from "./quantity.js";

/** `1s`, `10 min`; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const quantity = parseQuantity(text.trim());
  return quantity?.dimension === "time" && !quantity.perSecond ? quantity.value : undefined;
}

const written =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ]+(\d\d):(\d\d)(?::(\d\d(?:\.\d{1,3})?))?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;

/** `2026-01-31`, `2026-01-31 12:00`, `2026-01-31T12:00:30+08:00`: UTC unless it says otherwise. */
export function wallTime(text: string): EpochMs | undefined {
  const [, ...parts] = written.exec(text.trim()) ?? [];
  const zone = parts[6] ?? "Z";
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts
    .slice(0, 6)
    .map((part) => (part === undefined ? undefined : Number(part)));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const wall = Date.UTC(year, month - 1, day, hour, minute, 0, Math.round(second * 1000));
  const found = new Date(Date.UTC(year, month - 1, day));
  const isDay = found.getUTCMonth() === month - 1 && found.getUTCDate() === day;
  const isTime = hour < 24 && minute < 60 && second < 60;
  return isDay && isTime ? wall - zoneMs(zone) : undefined;
}

/** `+08:00`, `-0530`, `+08`; what is no number is UTC. */
function zoneMs(zone: string): number {
  const [, sign, hours, minutes = "0"] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  if (hours === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
