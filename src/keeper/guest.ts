import type { Sample } from "../base/sample.js";

/** A run as the keeper sees it. Nothing of it is called while an earlier call has not settled, but `trip`, `fault` and `hand`. */
export interface Guest {
  /** It wants no cycle any more. */
  readonly isOver: boolean;
  /** What it was aborted for, once it is over; undefined: it ended, or was left, otherwise. */
  readonly abortedFor: string | undefined;
  /** Before its first cycle. */
  begin(): Promise<void>;
  /** One cycle: decides and writes. */
  cycle(read: Sample): Promise<void>;
  /** Decides what came since the last cycle. */
  attend(): Promise<void>;
  /** The guard has made the rig safe. */
  trip(limit: string, station: string | null, text: string): void;
  /** The guard has seen something, and has done what is to be done. */
  fault(text: string): void;
  /** Another hand has the devices of these roles (a panel, another controller), or gives them back. */
  hand(roles: readonly string[], isTaken: boolean, text: string): void;
  /** It cannot go on; the rig is being made safe. Must not throw. */
  failed(error: unknown): Promise<void>;
  /** Calls back whenever there is something to `attend` to. */
  onInput(listener: () => void): void;
}
