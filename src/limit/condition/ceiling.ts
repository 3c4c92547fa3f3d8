import { formatQuantity } from "../../base/quantity.js";
import type { Path } from "../../base/schema.js";
import type { ResolveTools } from "./kind.js";
import type { Level } from "./level.js";

/** A reading that only repeats a setpoint never passes the ceiling of its actuator. */
export function checkCeiling(hi: Level, path: Path, tools: ResolveTools): void {
  const { ceiling, unit } = tools.watched;
  if (ceiling === undefined || typeof hi !== "number" || !(hi > ceiling)) return;
  const found = `${formatQuantity(hi, unit)}, where the limit can never act`;
  const most = `at most the ceiling of "${tools.role}", ${formatQuantity(ceiling, unit)}`;
  tools.complain(path, found, most);
}
