/** How much time a device is given, from what its type says and what a rig says of this installation. */
import { parseQuantity } from "../base/quantity.js";

/** Timing of one device as its line keeps it (docs/rigs.md). */
export type DeviceTiming = {
  /** Longest time from the end of a request to the first byte of the reply. */
  turnaroundMs: number;
  /** Silence the device wants on the wire before a request; a wire takes the larger of this and T3.5. */
  silenceMs: number;
  /** Rest of this device from the end of one exchange with it to the next request to it; none when left out. */
  pauseMs?: number;
};

/** For devices of which neither type nor rig says a turnaround, in rigs and commands alike. */
export const usualTurnaroundMs = 100;

/** Quantities of time whose form a schema has checked. */
export type TimingSaid = { turnaround?: string; silence?: string; pause?: string };

/** What the rig says counts, else what the type says, else what is usual. */
export function timingOf(type: TimingSaid, rig: TimingSaid = {}): DeviceTiming {
  const pauseMs = time(rig.pause ?? type.pause) ?? 0;
  return {
    turnaroundMs: time(rig.turnaround ?? type.turnaround) ?? usualTurnaroundMs,
    silenceMs: time(rig.silence ?? type.silence) ?? 0,
    ...(pauseMs > 0 ? { pauseMs } : {}),
  };
}

function time(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseQuantity(text)?.value;
}
