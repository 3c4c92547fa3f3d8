import type { Dimension } from "../base/quantity.js";
import type { Column } from "../base/sample.js";
import type { Path } from "../base/schema.js";

/** What is known about a role that a limit watches. `ceiling` is the actuator's, if it is a setpoint. */
export type WatchedRole = {
  dimension: Dimension;
  unit: string;
  hasSetpoint: boolean;
  ceiling?: number;
  /** Each station has its own; undefined where no rig says so. */
  isOfStations?: boolean;
  /** Of a role that shows a state or bits; none where it shows a number, undefined where no rig says so. */
  words?: NonNullable<Column["words"]>;
};

/** Something wrong inside one limit; the path starts at the limit. */
export type Complaint = { path: Path; found: string; expected: string };

/** A role that a limit looks at beside its own, or why it cannot. */
export type OtherRoles = (name: string) => WatchedRole | Omit<Complaint, "path">;
