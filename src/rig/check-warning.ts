/** What a person should know of a rig file that works; nothing is refused by it. */
import type { Problem } from "../base/error.js";
import type { Parsed, Path } from "../base/schema.js";
import type { DeviceType } from "../device/device-type.js";
import { roleColumns } from "./column.js";
import type { RigFile } from "./rig-file.js";
import { warnTripBudget } from "./trip-budget.js";

export function rigWarnings(parsed: Parsed<RigFile>): Problem[] {
  const actuators = Object.entries(parsed.value?.actuators ?? {});
  return actuators.flatMap(([role, { onRelease }]): Problem[] => {
    if (onRelease !== undefined) return [];
    const found = `nothing that says what the load does when ${role} lets go`;
    const expected = "onRelease: nothing, drops or runs-away (docs/safety.md)";
    return [warning(parsed, ["actuators", role], found, expected)];
  });
}

/** Of a rig without problems, with the device types that it names. */
export function budgetWarnings(
  parsed: Parsed<RigFile>,
  types: ReadonlyMap<string, DeviceType>,
): Problem[] {
  const rig = parsed.value;
  const warnings: Problem[] = [];
  if (rig === undefined) return warnings;
  const say = (path: Path, found: string, expected: string) =>
    warnings.push(warning(parsed, path, found, expected));
  warnTripBudget({
    rig,
    types,
    typeNames: [...types.keys()],
    columns: roleColumns(rig),
    say,
    warn: say,
  });
  return warnings;
}

function warning(parsed: Parsed<RigFile>, path: Path, found: string, expected: string): Problem {
  return { ...parsed.problem(path, found, expected), severity: "warning" };
}
