/** What a kind of condition is: everything about it stands in one file of this folder. */
import type { Dimension } from "../../base/quantity.js";
import type { Column } from "../../base/sample.js";
import type { Path, TSchema } from "../../base/schema.js";
import type { SetpointOrder } from "../../base/setpoint.js";
import type { Look, Side, Words } from "../look.js";
import type { LimitMemory } from "../memory.js";
import type { Written } from "../value.js";
import type { WatchedRole } from "../watched-role.js";

/**
 * One kind of condition: `File` is what its key may hold, `Plan` what that is in canonical units. A plan is plain data
 * that names its kind; it is resolved against the role that is watched, then bound to the columns of a rig.
 */
export type ConditionKind<File, Plan> = {
  schema: TSchema;
  resolve(written: File, tools: ResolveTools): Plan;
  /** Puts the columns of other roles and the places of setpoints in. */
  bind?(plan: Plan, places: Places): Plan;
  /** What it has to remember of one column, by name; zeros are nothing. Forgotten where nobody looks. */
  slots?(plan: Plan): readonly string[];
  /** What it remembers also then; comes before the others. */
  keeps?(plan: Plan): readonly string[];
  /** Where the reading in `column` lies. Its numbers begin at `at` and are written to. No allocation. */
  look(plan: Plan, column: number, look: Look, memory: LimitMemory, at: number): Side;
  /** What was seen of the reading, in one clause. */
  describe(plan: Plan, seen: Seen): Words;
  /** `> 3.5` in a unit, for tables; empty where there is nothing to say in short. */
  short(plan: Plan, show: (canonical: number) => string): string;
  /** From when the quantity itself meets the condition until a look has found it, at most, of good readings (ms). */
  latencyMs(plan: Plan, cycleMs: number): number;
  atRest(plan: Plan): AtRest;
};

/**
 * Of a rig that is at rest. `watched`: looked at as ever. `setpoint`: nobody follows one there. `silence`: sensors may be
 * switched off. `moving`: it says nothing of what stands.
 */
export type AtRest = "watched" | "setpoint" | "silence" | "moving";

/** What a plan is made with. Paths start at the condition's key. */
export type ResolveTools = {
  role: string;
  watched: WatchedRole;
  /** In the dimension of differences of the role: zero where none is written. */
  hysteresis: number;
  /** The mask after the start. */
  afterStartMs: number;
  /** Another role that it looks at; undefined, and a complaint, where that cannot be. */
  otherRole(name: string, path: Path): WatchedRole | undefined;
  /** Complains where there is no baseline of that name for the role. */
  baseline(name: string, path: Path): void;
  /** A written value as a number; NaN, and a complaint, where it is none. */
  value(written: Written, dimension: Dimension, path: Path): number;
  complain(path: Path, found: string, expected: string): void;
};

/** Where the roles of a rig are, for a limit at a station or without one. */
export type Places = {
  role: string;
  columns: readonly Column[];
  order: SetpointOrder;
  station: string | undefined;
};

/** Before it is bound. */
export const noColumn = -1;

/** The column that a role's name means: of the limit's own station first, then of the whole rig. */
export function columnOf({ columns, station }: Places, name: string): number {
  const near =
    station === undefined ? noColumn : columns.findIndex((c) => c.name === `${station}.${name}`);
  return near >= 0 ? near : columns.findIndex((c) => c.name === name);
}

/** What a raised limit was raised by. */
export type Seen = {
  role: string;
  column: number;
  value: number;
  look: Look;
  /** A quantity of the role in the unit that its rig or profile shows it in. */
  show: (canonical: number) => string;
  /** How far apart two of them are. */
  showChange: (canonical: number) => string;
  duration: (ms: number) => string;
};
