/** The runtime face of a rig: what a run, the guard and the keepalive may ask of it. */
import type { ElapsedMs } from "../base/clock.js";
import type { Column, Sample } from "../base/sample.js";
import type { Setpoints } from "../base/setpoint.js";
import type { LineStatistics } from "../line/line.js";
import type { ActuatorSafety, SafeCause } from "./safety.js";

/** One actuator in canonical units of its role; the order is the index used in `write`. */
export type ActuatorFacts = {
  role: string;
  column: number;
  ceiling: number;
  floor: number;
  safe: number;
  /** The safe value when the rig is to be isolated; else the same. */
  isolate: number;
  /** Fastest change, per second. */
  rampPerS: number;
  /** 1 goes safe first. */
  safeOrder: number;
  safeWithinMs: number;
};

/** Something of the rig did not work: an error of the installation, never a result of the specimen. */
export type RigFault = {
  code:
    | "device-silent"
    | "device-nonsense"
    | "identity"
    | "write-failed"
    | "line-lost"
    | "safe-failed";
  device: string;
  detail: string;
};

export interface Rig {
  readonly name: string;
  readonly simulated: boolean;
  readonly columns: readonly Column[];
  readonly actuators: readonly ActuatorFacts[];
  readonly stations: readonly string[];
  readonly cycleMs: number;
  /** Reads and compares every device's identity; nothing is written before this found no fault. */
  identify(): Promise<readonly RigFault[]>;
  /** Runs the start command of each actuator's device, setpoints at their floor. */
  start(): Promise<readonly RigFault[]>;
  /** All readings of one cycle; a broken device gives quality, not an exception. */
  sample(cycle: number): Promise<Sample>;
  /**
   * Writes setpoints (in the order of `actuators`) clamped to the rig's ceilings; unchanged raw
   * values are not written again. Ignored after `safe` until the next `start`.
   */
  write(setpoints: Setpoints): Promise<readonly RigFault[]>;
  /**
   * Drives the safe values in safe order on the stop lane and goes on for as long as the process lives until
   * every actuator has acted. Resolves when all have, or when the longest `safeWithin` is over and one has
   * not. Callable at any moment by anybody; concurrent calls share one execution. Never throws.
   */
  safe(reason: string, cause?: SafeCause): Promise<readonly ActuatorSafety[]>;
  /** What is known of every actuator now. */
  safety(): readonly ActuatorSafety[];
  /** Resolves once every actuator has acted since the last call of `safe`, however long that takes. */
  whenActed(): Promise<void>;
  /** Devices whose type has a `reset`. */
  readonly resets: readonly string[];
  /** Runs the `reset` of every device type that has one; the rig must be safe. It moves nothing. */
  reset(): Promise<readonly RigFault[]>;
  /** True from the call of `safe` until the next `start`. */
  readonly isSafe: boolean;
  /** The latest reading's time per column (NaN before the first good one), for the guard. */
  lastGoodAt(column: number): ElapsedMs;
  statistics(): Readonly<Record<string, LineStatistics>>;
  close(): Promise<void>;
}
