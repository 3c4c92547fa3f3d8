/** What a raised limit says of its reading, in one sentence. */
import { formatDuration, formatQuantity } from "../base/quantity.js";
import type { Column } from "../base/sample.js";
import type { CompiledLimit } from "./compile.js";
import { kindOf } from "./condition/all.js";
import type { Look, Words } from "./look.js";

/** `s2 vibration-high: vibration 7.3 mm/s above 7.1 mm/s for 10 s`, in English and in Chinese. */
export function describeLimit(
  limit: CompiledLimit,
  { role, unit }: Pick<Column, "role" | "unit">,
  value: number,
  look: Pick<Look, "setpoints">,
): Words {
  const { condition, forMs } = limit;
  const show = (v: number) => formatQuantity(v, unit);
  const seen = { role, value, look, show, duration: formatDuration };
  const { en, zh } = kindOf(condition.kind).describe(condition, seen);
  const lasted = formatDuration(forMs);
  const head = limitName(limit);
  // Silence has its own length.
  if (forMs === 0 || condition.kind === "stale")
    return { en: `${head}: ${en}`, zh: `${head}：${zh}` };
  return { en: `${head}: ${en} for ${lasted}`, zh: `${head}：${zh}，持续 ${lasted}` };
}

/** `s2 vibration-high` */
export function limitName({ name, station }: Pick<CompiledLimit, "name" | "station">): string {
  return station === undefined ? name : `${station} ${name}`;
}
