/** What a raised limit says of its reading, in one sentence. */
import { dimensionOf, formatDuration, formatQuantity } from "../base/quantity.js";
import type { Column } from "../base/sample.js";
import type { CompiledLimit } from "./compiled.js";
import { kindOf } from "./condition/all.js";
import type { Look, Words } from "./look.js";
import { leastGoodShare } from "./sensor.js";

/** `s2 vibration-high: vibration 7.3 mm/s above 7.1 mm/s for 10 s`, in English and in Chinese. */
export function describeLimit(
  limit: CompiledLimit,
  { role, unit }: Pick<Column, "role" | "unit">,
  value: number,
  look: Look,
): Words {
  const { condition, forMs } = limit;
  const show = (v: number) => formatQuantity(v, unit);
  const isTemperature = dimensionOf(unit) === "temperature";
  const showChange = (v: number) => formatQuantity(v, isTemperature ? "K" : unit);
  const seen = {
    role,
    column: limit.column,
    value,
    look,
    show,
    showChange,
    duration: formatDuration,
  };
  const { en, zh } = kindOf(condition.kind).describe(condition, seen);
  const lasted = formatDuration(forMs);
  const head = limitName(limit);
  // Silence has its own length.
  if (forMs === 0 || condition.kind === "stale")
    return { en: `${head}: ${en}`, zh: `${head}：${zh}` };
  return { en: `${head}: ${en} for ${lasted}`, zh: `${head}：${zh}，持续 ${lasted}` };
}

/** `s2 vibration-high: vibration was read well in less than 80 % of the samples` */
export function describeSensor(
  limit: Pick<CompiledLimit, "name" | "station">,
  { role }: Pick<Column, "role">,
): Words {
  const head = limitName(limit);
  const share = `${leastGoodShare * 100} %`;
  return {
    en: `${head}: ${role} was read well in less than ${share} of the samples: a sensor fault`,
    zh: `${head}：${role} 的良好读数不足 ${share}：传感器故障`,
  };
}

/** `s2 vibration-high` */
export function limitName({ name, station }: Pick<CompiledLimit, "name" | "station">): string {
  return station === undefined ? name : `${station} ${name}`;
}
