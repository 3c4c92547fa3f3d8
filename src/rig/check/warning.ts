/** What a person should know of a rig file that works; nothing is refused by it. */
import type { Problem } from "../../base/error.js";
import type { Parsed, Path } from "../../base/schema.js";
import type { DeviceType } from "../../device/device-type.js";
import { roleColumns } from "../column.js";
import { cycleWarning } from "../cycle-time.js";
import { loadDevices } from "../device.js";
import type { RigFile } from "../rig-file.js";
import { warnTripBudget } from "../trip-budget.js";

/** `types` are those that could be read; without them the times of the reads are not known. */
export function rigWarnings(
  parsed: Parsed<RigFile>,
  types: ReadonlyMap<string, DeviceType> = new Map(),
): Problem[] {
  return [
    ...releaseWarnings(parsed),
    ...cycleWarnings(parsed, types),
    ...budgetWarnings(parsed, types),
  ];
}

function cycleWarnings(parsed: Parsed<RigFile>, types: ReadonlyMap<string, DeviceType>): Problem[] {
  const rig = parsed.value;
  if (rig === undefined || Object.values(rig.devices).some(({ type }) => !types.has(type)))
    return [];
  const text = cycleWarning({ rig, columns: roleColumns(rig), devices: loadDevices(rig, types) });
  if (text === undefined) return [];
  const [found = "", expected = ""] = text.replace(/^cycle /, "").split("; ");
  return [{ ...parsed.problem(["cycle"], found, expected), severity: "warning" }];
}

function releaseWarnings(parsed: Parsed<RigFile>): Problem[] {
  const actuators = Object.entries(parsed.value?.actuators ?? {});
  return actuators.flatMap(([role, { onRelease }]): Problem[] => {
    if (onRelease !== undefined) return [];
    const found = `nothing that says what the load does when ${role} lets go`;
    const expected = "onRelease: nothing, drops or runs-away (docs/safety.md)";
    return [warning(parsed, ["actuators", role], found, expected)];
  });
}

function budgetWarnings(
  parsed: Parsed<RigFile>,
  types: ReadonlyMap<string, DeviceType>,
): Problem[] {
  const rig = parsed.value;
  const warnings: Problem[] = [];
  if (rig === undefined || Object.values(rig.devices).some(({ type }) => !types.has(type)))
    return warnings;
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
