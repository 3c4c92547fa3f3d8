/**
 * The 17 states of PackML (ISA-TR88.00.02-2015, state model figure and table) and every way between
 * them. There is no way to jump: whoever wants another state sends a command or waits for `done`.
 * The standard has no way back from the way up, and none from Suspended to Held: those rows are ours.
 *
 * On a rig: Execute is the only state in which stress time runs. Hold = a cause inside the rig or a
 * person, Suspend = an outside condition that may clear by itself, Abort = trip, lost line or our own
 * defect; from Aborted only `clear` leads out.
 */
export const packmlStates = [
  "Stopped",
  "Resetting",
  "Idle",
  "Starting",
  "Execute",
  "Completing",
  "Complete",
  "Holding",
  "Held",
  "Unholding",
  "Suspending",
  "Suspended",
  "Unsuspending",
  "Stopping",
  "Aborting",
  "Aborted",
  "Clearing",
] as const;
export type PackmlState = (typeof packmlStates)[number];

/** `done` is the standard's "state complete" (SC): what an acting state does has been done. */
export const packmlCommands = [
  "reset",
  "start",
  "hold",
  "unhold",
  "suspend",
  "unsuspend",
  "complete",
  "stop",
  "abort",
  "clear",
  "done",
] as const;
export type PackmlCommand = (typeof packmlCommands)[number];

type Row = { readonly [C in PackmlCommand]?: PackmlState };

/** Stop and abort are open from nearly everywhere. */
const leave = { stop: "Stopping", abort: "Aborting" } as const;

/** Ours: a fault on the way up, and a person who wants to leave, must not have to wait for Execute. */
const downAgain = { hold: "Holding" } as const;

const table: { readonly [S in PackmlState]: Row } = {
  Stopped: { reset: "Resetting", abort: "Aborting" },
  Resetting: { done: "Idle", ...leave },
  Idle: { start: "Starting", ...leave },
  Starting: { done: "Execute", ...downAgain, ...leave },
  Execute: {
    done: "Completing",
    complete: "Completing",
    hold: "Holding",
    suspend: "Suspending",
    ...leave,
  },
  Completing: { done: "Complete", ...leave },
  Complete: { reset: "Resetting", ...leave },
  Holding: { done: "Held", ...leave },
  Held: { unhold: "Unholding", ...leave },
  Unholding: { done: "Execute", ...downAgain, ...leave },
  Suspending: { done: "Suspended", ...downAgain, ...leave },
  Suspended: { unsuspend: "Unsuspending", ...downAgain, ...leave },
  Unsuspending: { done: "Execute", ...downAgain, ...leave },
  Stopping: { done: "Stopped", abort: "Aborting" },
  Aborting: { done: "Aborted" },
  Aborted: { clear: "Clearing" },
  Clearing: { done: "Stopped", abort: "Aborting" },
};

/** The state a command leads to; undefined when the state does not allow it. */
export function next(state: PackmlState, command: PackmlCommand): PackmlState | undefined {
  return table[state][command];
}

/** The commands a state allows, for messages. */
export function allowed(state: PackmlState): PackmlCommand[] {
  return packmlCommands.filter((command) => table[state][command] !== undefined);
}

/** States in which nothing moves by the run's will any more. */
export function isFinal(state: PackmlState): boolean {
  return state === "Complete" || state === "Stopped" || state === "Aborted";
}

/** States in which setpoints are taken down to their safe values before the rig is made safe. */
export function isRampingDown(state: PackmlState): boolean {
  return (
    state === "Holding" || state === "Suspending" || state === "Stopping" || state === "Completing"
  );
}

/** States in which setpoints are brought back to where the step was left. */
export function isRampingUp(state: PackmlState): boolean {
  return state === "Unholding" || state === "Unsuspending";
}

/** States in which actuators are started: what does not work there leads to Held and is put right by a person. */
export function isOnTheWayUp(state: PackmlState): boolean {
  return state === "Starting" || isRampingUp(state);
}
