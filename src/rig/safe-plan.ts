/**
 * The safe plan: everything that makes one rig safe, compiled to frames. Versioned, complete by itself and
 * plain JSON: who executes it needs no YAML, no schema, no profile and no record (design, section 7).
 */
import type { EpochMs } from "../base/clock.js";
import type { Point } from "../device/device-type.js";
import type { identityMismatch } from "../device/identity.js";
import type { ReadRequest, WriteRequest } from "../device/request.js";
import type { DeviceTiming, LineSpec } from "../line/line.js";
import type { ActuatorSafety, SafeCause } from "./safety.js";

export const safePlanVersion = 1;

/** Where a line is, and what tells that it is still the same wire. */
export type PlanLine = { spec: LineSpec; wire: Wire };
export type Wire = {
  /** The port's real path, or the host's address; empty where it is not known. */
  real: string;
  /** Of the host on the same network (Linux); empty where it is not known. */
  mac: string;
  /** Names as ttyUSB0 are given out anew at every start of the machine. */
  boot: string;
};

/** What a reading must be. Bounds are inclusive; words are compared as they came. */
export type Test =
  | { words: readonly number[] }
  | { between: readonly [number, number] }
  | { anyOf: readonly number[] }
  | { identity: Parameters<typeof identityMismatch>[0] };

/** One question to a device, how its answer is read (in the point's unit), and what it should be. */
export type Ask = {
  device: string;
  name: string;
  request: ReadRequest;
  point: Point;
  parameters: Readonly<Record<string, number>>;
  /** Of a point with `scaleFrom`; it was read when the plan was made. */
  factor?: number;
  test: Test;
};

/** Sends words; `eeprom`: read first, written only when it differs, at most five times. */
export type PlanWrite = {
  name: string;
  request: WriteRequest;
  eeprom: boolean;
  confirm: "value" | "echo" | "none";
  /** The words read again; only for `value`. */
  readBack: ReadRequest | null;
};

export type PlanStep = {
  does: "soften" | "remove";
  writes: readonly PlanWrite[];
  expect: readonly Ask[];
  /** How long `expect` may take; of a step that softens, how long all of it may take. */
  withinMs: number;
  waitMs: number;
};

/** What must be seen before the actuator is touched; `atMostMs` ends the waiting whatever is seen. */
export type Need = { ask: Ask; forMs: number; atMostMs: number | null };

export type PlanActuator = {
  role: string;
  device: string;
  safeOrder: number;
  safeWithinMs: number;
  /** Set and synced before the first write that may give energy, cleared when it has acted. */
  energised: boolean;
  /** An auxiliary keeps its value this long after a trip; at `isolate` it goes at once. */
  runOnMs: number | null;
  needs: readonly Need[];
  steps: Readonly<Record<SafeCause, readonly PlanStep[]>>;
  /** Empty where the type or rig has nothing of the kind. */
  obeys: readonly Ask[];
  acted: readonly Ask[];
  held: Readonly<Record<SafeCause, readonly Ask[]>>;
  effect: Readonly<Record<SafeCause, readonly Ask[]>>;
  best: ActuatorSafety["best"];
};

/** `timeMs` of a watchdog that was read back as armed when the plan was made. */
export type PlanWatchdog = { timeMs: number; feeds: "words" | "requests" | "frames" };

export type PlanDevice = {
  line: string;
  unit: number;
  type: string;
  timing: DeviceTiming;
  identity: readonly Ask[];
  /** Why identity tells little; null where it is strong. */
  weak: string | null;
  /** Read at the start, after identification: how this unit is known again. */
  fingerprint: readonly Ask[];
  watchdog: PlanWatchdog | null;
  /** Taken out of service while all was safe: not one frame goes to it before a person returns it. */
  isOut?: true;
};

export type SafePlan = {
  plan: "safe";
  version: number;
  software: string;
  /** A plan on another machine gives no authority there. */
  machine: string;
  site: string;
  rig: string;
  /** For people; nothing is decided by it. */
  writtenWall: EpochMs;
  /** The run that is open on the rig. */
  run: string | null;
  lines: Readonly<Record<string, PlanLine>>;
  devices: Readonly<Record<string, PlanDevice>>;
  actuators: readonly PlanActuator[];
  /** Left by a person's signed word although something had not acted. */
  abandoned: Abandoned | null;
};

/** `answer` is of who keeps the rig; left out until he has heard the word. */
export type Abandoned = {
  by: string;
  reason: string;
  wall: EpochMs;
  answer?: { taken: boolean; text: string };
};

/** What the rig knows of its plan; who keeps it adds the rest. */
export type RigPlan = Pick<SafePlan, "devices" | "actuators">;
