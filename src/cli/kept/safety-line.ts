import { visibleLine } from "../../base/visible.js";
import type { SafetyRow } from "../../verb/picture.js";

/** `load (hydraulics): held`; what its sentence says already is not said twice. */
export function safetyLine({ role, device, level, acted, text }: SafetyRow): string {
  const own = `${role} `;
  const found = acted ? level : `NOT SAFE, ${level}`;
  const said = text.startsWith(own) ? text.slice(own.length) : `${found}: ${text}`;
  return `${role} (${device}): ${visibleLine(said)}`;
}
