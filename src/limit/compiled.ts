/** A limit as numbers, and on its columns. */
import type { Condition } from "./condition/all.js";
import type { Layout } from "./layout.js";
import type { Guidance, OnFailure, Priority, Reaction } from "./limit.js";

/** Another role, and what it must show for the limit to be looked at. */
export type Enabling = { role: string; column: number; condition: Condition };

/** A limit in canonical units of its role. */
export type ResolvedLimit = {
  name: string;
  role: string;
  condition: Condition;
  forMs: number;
  /** Instead of `forMs`: so many violations within a time. */
  count?: { times: number; withinMs: number };
  /** Of the columns, so many must violate; roles beside its own. */
  vote: number;
  voters: readonly string[];
  enabledBy?: Enabling;
  maskAfterStartMs: number;
  maskAfterStepMs: number;
  maskWhileRamping: boolean;
  /** Masked until the reading was beyond this once since the start. */
  untilReached?: Condition;
  reaction: Reaction;
  /** At a trip the rig's isolate values are driven. */
  isolate?: true;
  /** Failure mode for reaction `fail`; the limit's name when none was written. */
  mode: string;
  /** What a failure does to the run, for reaction `fail`. */
  fail: OnFailure;
  protects: "equipment" | "test";
  /** How soon a person is needed when it is raised. */
  priority: Priority;
  message?: string;
  guidance?: Guidance;
};

/** One limit on one column: what `checkLimit` looks at. */
export type CompiledLimit = ResolvedLimit &
  Layout & {
    /** Position in the list the limits came from; stations of one limit share it. */
    limitIndex: number;
    station?: string;
    column: number;
    /** That column, and those of the roles that vote with it. */
    columns: readonly number[];
  };
