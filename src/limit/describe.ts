/** What a raised limit says of its reading, in one sentence. */
import { formatDuration, formatQuantity } from "../base/quantity.js";
import type { Column } from "../base/sample.js";
import { type Setpoints, setpointAt } from "../base/setpoint.js";
import type { CompiledLimit } from "./compile.js";

/** `s2 vibration-high: vibration 7.3 mm/s above 7.1 mm/s for 10 s`; `setpoints` by the limit's `setpointIndex`. */
export function describeLimit(
  limit: CompiledLimit,
  { role, unit }: Pick<Column, "role" | "unit">,
  value: number,
  setpoints: Setpoints,
): string {
  const show = (v: number) => formatQuantity(v, unit);
  const lasted = limit.forMs > 0 ? ` for ${formatDuration(limit.forMs)}` : "";
  const head = `${limitName(limit)}: ${role}`;
  if (limit.staleMs !== undefined) return `${head} not read for ${formatDuration(limit.staleMs)}`;
  if (limit.setpointIndex >= 0) {
    const setpoint = show(setpointAt(setpoints, limit.setpointIndex));
    const far = `more than ${show(limit.tolerance)}`;
    return `${head} ${show(value)} differs from setpoint ${setpoint} by ${far}${lasted}`;
  }
  const side = value > limit.hi ? `above ${show(limit.hi)}` : `below ${show(limit.lo)}`;
  return `${head} ${show(value)} ${side}${lasted}`;
}

/** `s2 vibration-high` */
export function limitName({ name, station }: Pick<CompiledLimit, "name" | "station">): string {
  return station === undefined ? name : `${station} ${name}`;
}
