/** A profile made ready to run: a flat list of segments in canonical units. Plain data. */
import type { SetpointOrder, Setpoints } from "../base/setpoint.js";
import type { ResolvedLimit } from "../limit/compile.js";

/** A condition to wait for. A station's role counts for every station still on test. */
export type Until = {
  role: string;
  /** Met above this, or below that; exactly one is there. */
  above?: number;
  below?: number;
  /** How long it must hold. */
  forMs: number;
  timeoutMs: number;
  /** What happens when the time is over. */
  otherwise: "continue" | "hold" | "stop" | "trip";
};

/** One stretch of the programme in which one thing is done. */
export type Segment = {
  index: number;
  /** Where it stands in the file, rounds counted from 0: `steps[2].repeat[3].steps[0]`. */
  path: string;
  name: string;
  kind: "set" | "ramp" | "dwell" | "until";
  /** Setpoints at its end, in the order of `setpointRoles`; what it does not touch stays. */
  targets: Setpoints;
  /** Length of a ramp; for `set` the time the rig's own ramp limits need (0 without a rig). */
  rampMs: number;
  /** For a ramp and a set, when each setpoint arrives (rates differ by role), in their order; empty otherwise. */
  arriveMs: Setpoints;
  /** Length of a dwell: one of the two. */
  dwellMs?: number;
  dwellTurns?: number;
  until?: Until;
  /** Limits in force, by place in `Program.limits`; steps with the same limits share the list. */
  limits: readonly number[];
};

/** What is learnt of a role in a segment, from so long after its beginning to its end. */
export type Baseline = {
  name: string;
  role: string;
  segment: number;
  afterMs: number;
  /** Good samples, at least, and their standard deviation as a share of their mean, at most. */
  samples: number;
  scatter: number;
};

/** What the run does by itself; absent means never. */
export type ProgramEnd = {
  timeMs?: number;
  turns?: number;
  failures?: number;
  suddenDeath: boolean;
};

export type Program = {
  name: string;
  /** The rig's actuators when there is a rig, else as the profile first names them. */
  setpointRoles: SetpointOrder;
  /** Setpoints before the first segment: the floors. */
  start: Setpoints;
  segments: readonly Segment[];
  limits: readonly ResolvedLimit[];
  baselines?: readonly Baseline[];
  end: ProgramEnd;
  /** What follows a crash of the controller: wait for a person, ramp back and go on, or end. */
  interruption: "hold" | "resume" | "end";
  /** How much is kept before and after a trip or failure. */
  blackBox: { beforeMs: number; afterMs: number };
};
