import type { Column } from "../base/sample.js";
import type { SetpointPlace } from "../base/setpoint.js";
import type { CompiledLimit } from "../limit/compile.js";
import type { Baseline, Program } from "../profile/program.js";
import type { ActuatorFacts } from "../rig/rig.js";
import type { TurnCounter } from "./turn-counter.js";

/** What does not change during a run; see `context.ts`. */
export type RunContext = {
  program: Program;
  columns: readonly Column[];
  cycleMs: number;
  /** A stretch without samples longer than this is a gap: nobody knows what happened in it. */
  gapMs: number;
  /** Columns that exposure is booked from: what one step of the register hides, and who commands it. */
  booked: readonly { column: number; resolution: number; setpoint: SetpointPlace }[];
  actuators: readonly ActuatorFacts[];
  /** The places of their setpoints, in the same order. */
  places: readonly SetpointPlace[];
  /** What is learnt, on each column of its role that has a specimen. */
  baselines: readonly LearningContext[];
  /** The rig's limits that do not trip (the guard has those), then the profile's, per station. */
  limits: readonly CompiledLimit[];
  /** How many of them are the rig's: those protect it also at a station that has ended. */
  rigLimits: number;
  /** Per limit, the index of its station in `stations`; -1 without one, and for an empty place. */
  limitStations: readonly number[];
  /** Per segment: 1 where the limit at that index is in force. */
  limitsInForce: readonly Uint8Array[];
  stations: readonly StationContext[];
  speedColumn: number;
  powerColumn: number;
  /** Their places in `booked`; -1 without a power. */
  speedBooked: number;
  powerBooked: number;
  /** The shaft turns as soon as its drive is started: its floor is not zero. */
  startsTurning: boolean;
  /** What the power cannot have exceeded where it was not read; NaN when nobody said. */
  powerCeilingW: number;
  cyclesPerTurn: number;
  /** Turns that are counted, beside speed times time. */
  turnCounter: TurnCounter | undefined;
  speedCeilingRpm: number;
  atStress: readonly { booked: number; setpoint: SetpointPlace; share: number }[];
  /** Longest time between two checkpoints. */
  checkpointMs: number;
};

export type LearningContext = Baseline & { column: number; station?: string; unit: string };

export type StationContext = {
  name: string;
  group: string;
  specimen: string;
  /** Place of its load in `RunContext.booked`. */
  loadBooked: number;
  loadCeiling: number;
  /** Fraction of rated life per millisecond at a speed and load. */
  damageRate: (speedRpm: number, load: number) => number;
};
