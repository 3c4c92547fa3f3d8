/** Checks of meaning on a rig file: what a schema cannot say. All problems at once. */

import { basename } from "node:path";
import type { Problem } from "../../base/error.js";
import { own } from "../../base/own.js";
import { type Parsed, type Path, show, suggest } from "../../base/schema.js";
import type { DeviceType } from "../../device/device-type.js";
import { columnsFor, roleColumns } from "../column.js";
import { checkCycle } from "../cycle-time.js";
import type { RigFile } from "../rig-file.js";
import { checkTripBudget } from "../trip-budget.js";
import { checkActuators, checkCarried } from "./actuator.js";
import { type RigCheck, requireRole } from "./context.js";
import { checkCounter, checkRound } from "./counter.js";
import { checkDevices, checkLines } from "./device.js";
import { checkLimits } from "./limit.js";
import { checkRoles } from "./role.js";

/** All problems of meaning of a parsed rig or of its sound part, warnings too; none when there is no value. */
export function checkRig(
  parsed: Parsed<RigFile>,
  types: ReadonlyMap<string, DeviceType>,
  typeNames: readonly string[] = [...types.keys()],
): Problem[] {
  const rig = parsed.value;
  if (rig === undefined) return [];
  const problems: Problem[] = [];
  const say = (path: Path, found: string, expected: string) => {
    problems.push(parsed.problem(path, found, expected));
  };
  const warn = (path: Path, found: string, expected: string) => {
    problems.push({ ...parsed.problem(path, found, expected), severity: "warning" });
  };
  const check = { rig, types, typeNames, columns: roleColumns(rig), say, warn };
  checkName(check, parsed.file);
  checkLines(check);
  checkDevices(check);
  checkRoles(check);
  checkActuators(check);
  checkLimits(check);
  checkUses(check);
  checkCounter(check);
  // These plan reads and writes: worth it once all is right that they are made of, the device types included.
  const readable = Object.values(rig.devices).every(({ type }) => types.has(type));
  if (readable && isSound(planned, parsed, problems)) {
    checkCarried(check);
    checkTripBudget(check);
    checkCycle(check);
    if (isSound(["exposure"], parsed, problems)) checkRound(check);
  }
  return problems;
}

/** What reads and writes are planned from. */
const planned = ["lines", "devices", "roles", "stations", "actuators", "cycle", "tripBudget"];

function isSound(
  wanted: readonly string[],
  { part }: Parsed<RigFile>,
  problems: readonly Problem[],
): boolean {
  const sections = [
    ...(part?.hidden ?? []).map(([section]) => String(section)),
    ...problems.map(({ field }) => field.split(/[.[]/, 1)[0]!),
  ];
  return !sections.some((section) => wanted.includes(section));
}

function checkName({ rig, say }: RigCheck, file: string): void {
  const name = basename(file).replace(/\.yaml$/, "");
  if (rig.rig !== name) say(["rig"], show(rig.rig), `"${name}", as the file's name`);
}

/** Turns are counted from a speed, energy from a power. */
function checkCounted(
  { columns, say }: RigCheck,
  role: string,
  dimension: "speed" | "power",
): void {
  const wrong = columnsFor(columns, role).find((column) => column.dimension !== dimension);
  if (wrong === undefined) return;
  say(
    ["exposure", dimension],
    `the role "${role}" (a ${wrong.dimension})`,
    `a role of ${dimension}`,
  );
}

/** Exposure and "at stress" must speak of roles that exist. */
function checkUses(check: RigCheck): void {
  const { rig, say } = check;
  const { speed, load, power } = rig.exposure;
  for (const [key, role] of Object.entries({ speed, load, power })) {
    if (role === undefined || !requireRole(check, role, ["exposure", key])) continue;
    if (key !== "load") checkCounted(check, role, key as "speed" | "power");
  }
  for (const role of Object.keys(rig.atStress)) {
    if (!requireRole(check, role, ["atStress", role])) continue;
    if (own(rig.actuators, role) !== undefined) continue;
    const expected = `a role with a setpoint, ${suggest(role, Object.keys(rig.actuators))}`;
    say(["atStress", role], `the role "${role}", which has no setpoint`, expected);
  }
}
