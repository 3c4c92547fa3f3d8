/** A limit in a few characters, for tables and pictures. */
import { formatNumber, fromCanonical } from "../base/quantity.js";
import type { CompiledLimit } from "./compiled.js";
import { kindOf } from "./condition/all.js";

/** `warn > 3.5`, `trip < 1 or > 25` in `unit`; empty for a limit on silence. */
export function limitText({ condition, reaction }: CompiledLimit, unit: string): string {
  const show = (value: number) => formatNumber(fromCanonical(value, unit));
  const text = kindOf(condition.kind).short(condition, show);
  return text === "" ? "" : `${reaction} ${text}`;
}
