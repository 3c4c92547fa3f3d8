/** Which columns a rig's samples have, and what a role's name means in the other parts of its file. */
import { type Dimension, dimensionOf } from "../base/quantity.js";
import type { Column } from "../base/sample.js";
import type { Path } from "../base/schema.js";
import { compileKeep } from "./keep.js";
import type { RigFile, RoleFile } from "./rig-file.js";

/** A column together with what the file says about its role, and where. */
export type RoleColumn = Column & { column: number; says: RoleFile; path: Path };

/** The rig's own roles in file order, then each station's in file order. */
export function roleColumns(rig: RigFile): RoleColumn[] {
  const columns: RoleColumn[] = [];
  const add = (role: string, says: RoleFile, path: Path, station?: string) => {
    const name = station === undefined ? role : `${station}.${role}`;
    const at = { column: columns.length, name, role, dimension: dimensionOfRole(says) };
    const keep = says.keep === undefined ? {} : { keep: compileKeep(says.keep) };
    const column = { ...at, unit: says.unit, ...keep, says, path };
    columns.push(station === undefined ? column : { ...column, station });
  };
  for (const [role, says] of Object.entries(rig.roles)) add(role, says, ["roles", role]);
  for (const [station, { roles }] of Object.entries(rig.stations)) {
    for (const [role, says] of Object.entries(roles)) {
      add(role, says, ["stations", station, "roles", role], station);
    }
  }
  return columns;
}

function dimensionOfRole(says: RoleFile): Dimension {
  // The schema has refused units we do not know.
  return dimensionOf(says.unit) ?? "ratio";
}

/** Does a sample carry this role, or is it only written? */
export function isRead({ says }: RoleColumn): boolean {
  return says.read !== undefined || says.derive !== undefined || says.constant !== undefined;
}

/** The column of this full name (`speed`, `s1.vibration`). */
export function columnNamed(columns: readonly RoleColumn[], name: string): RoleColumn | undefined {
  return columns.find((c) => c.name === name);
}

/** What a limit's or exposure's role stands for: one column, or a station's role at each station. */
export function columnsFor(columns: readonly RoleColumn[], name: string): RoleColumn[] {
  const exact = columnNamed(columns, name);
  return exact === undefined ? columns.filter((c) => c.role === name) : [exact];
}

/** The column a derivation's input means: of its own station first, then of the whole rig. */
export function inputOf(
  columns: readonly RoleColumn[],
  of: RoleColumn,
  input: string,
): RoleColumn | undefined {
  const near =
    of.station === undefined ? undefined : columnNamed(columns, `${of.station}.${input}`);
  return near ?? columnNamed(columns, input);
}

/** Every name a role may be called by. */
export function roleNames(columns: readonly RoleColumn[]): string[] {
  return [...new Set(columns.flatMap((c) => [c.role, c.name]))];
}

/** `drive.setpoint` in its two halves. */
export function splitBinding(text: string): { device: string; point: string } {
  const dot = text.indexOf(".");
  return { device: text.slice(0, dot), point: text.slice(dot + 1) };
}

/**
 * Derived columns in an order in which every input comes before its use; `circle` names the columns
 * that wait for each other.
 */
export function derivedOrder(columns: readonly RoleColumn[]): {
  order: RoleColumn[];
  circle: RoleColumn[];
} {
  const order: RoleColumn[] = [];
  let waiting = columns.filter((c) => c.says.derive !== undefined);
  for (;;) {
    const isReady = (c: RoleColumn) =>
      (c.says.derive?.of ?? []).every((name) => {
        const input = inputOf(columns, c, name);
        return input === undefined || !waiting.includes(input);
      });
    const ready = waiting.filter(isReady);
    if (ready.length === 0) return { order, circle: waiting };
    order.push(...ready);
    waiting = waiting.filter((c) => !ready.includes(c));
  }
}
