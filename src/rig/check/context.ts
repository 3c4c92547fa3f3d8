/** What the checks of a rig file share. */
import { own } from "../../base/own.js";
import { type Path, suggest } from "../../base/schema.js";
import type { DeviceType, Point } from "../../device/device-type.js";
import { columnsFor, type RoleColumn, roleNames, splitBinding } from "../column.js";
import type { RigFile } from "../rig-file.js";

/** What every check looks at, and where it says what is wrong. */
export type RigCheck = {
  rig: RigFile;
  /** The device types that could be read, by name. */
  types: ReadonlyMap<string, DeviceType>;
  /** Every name of a device type there is, readable or not. */
  typeNames: readonly string[];
  columns: readonly RoleColumn[];
  say(path: Path, found: string, expected: string): void;
  /** The same of something that a person should know; nothing is refused for it. */
  warn(path: Path, found: string, expected: string): void;
};

/** Says so when no role has this name. */
export function requireRole({ columns, say }: RigCheck, role: string, path: Path): boolean {
  if (columnsFor(columns, role).length > 0) return true;
  say(path, `the unknown role "${role}"`, suggest(role, roleNames(columns)));
  return false;
}

/** The point behind `device.point`; undefined where device, type or point is not there. */
export function pointOf(
  { rig, types }: Pick<RigCheck, "rig" | "types">,
  binding: string | undefined,
): Point | undefined {
  if (binding === undefined) return undefined;
  const { device, point } = splitBinding(binding);
  return own(types.get(own(rig.devices, device)?.type ?? "")?.points, point);
}
