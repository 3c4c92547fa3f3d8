import type { Dimension } from "../base/quantity.js";

/** What is known about a role that a limit watches. `ceiling` is the actuator's, if it is a setpoint. */
export type WatchedRole = {
  dimension: Dimension;
  unit: string;
  hasSetpoint: boolean;
  ceiling?: number;
};
