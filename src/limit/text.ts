/** A limit in a few characters, for tables and pictures. */
import { formatNumber, fromCanonical } from "../base/quantity.js";
import type { CompiledLimit } from "./compile.js";

/** `warn > 3.5`, `trip < 1 or > 25` in `unit`; empty for a limit on silence. */
export function limitText(limit: CompiledLimit, unit: string): string {
  const show = (value: number) => formatNumber(fromCanonical(value, unit));
  if (limit.staleMs !== undefined) return "";
  if (limit.setpointIndex >= 0) return `${limit.reaction} ± ${show(limit.tolerance)}`;
  const above = Number.isFinite(limit.hi) ? `> ${show(limit.hi)}` : "";
  const below = Number.isFinite(limit.lo) ? `< ${show(limit.lo)}` : "";
  return `${limit.reaction} ${[below, above].filter((t) => t !== "").join(" or ")}`;
}
