/** Which exposure counter counts in which state (design, section 7): the one place that says so. */
import { type Counter, type Counts, counters } from "../profile/exposure.js";
import type { PackmlState } from "./states.js";

/**
 * `always` is as much as is measured: a shaft that stands has no turns and no damage. `from its floor`: only where
 * the shaft turns as soon as its drive is started.
 */
export type When = "always" | "at stress" | "from its floor" | "never";
type Row = Readonly<Record<Counter, When>>;

const onTest: Row = {
  timeOnTestMs: "always",
  timeAtStressMs: "at stress",
  turns: "always",
  loadCycles: "always",
  damage: "always",
  energyJ: "always",
};

/** Not on test, but the shaft runs out, is brought up again or does not obey. */
function offTest(when: When): Row {
  const turning = { turns: when, loadCycles: when, damage: when, energyJ: when };
  return { timeOnTestMs: "never", timeAtStressMs: "never", ...turning };
}

const mayTurnThere = offTest("always");
const nothing = offTest("never");

export const counterTable: Readonly<Record<PackmlState, Row>> = {
  Stopped: nothing,
  Resetting: nothing,
  Idle: nothing,
  Starting: offTest("from its floor"),
  Execute: onTest,
  Completing: mayTurnThere,
  Complete: nothing,
  Holding: mayTurnThere,
  Held: mayTurnThere,
  Unholding: mayTurnThere,
  Suspending: mayTurnThere,
  Suspended: mayTurnThere,
  Unsuspending: mayTurnThere,
  Stopping: mayTurnThere,
  Aborting: mayTurnThere,
  Aborted: mayTurnThere,
  Clearing: nothing,
};

/** What is known of a stretch of time; `atStress` undefined: not known. */
export type Condition = { atStress: boolean | undefined; startsTurning: boolean };

/** What counts in a state. */
export function countsIn(state: PackmlState, condition: Condition): Counts {
  const row = counterTable[state];
  return counters.map((counter) => isCounted(row[counter], condition));
}

function isCounted(when: When, { atStress, startsTurning }: Condition): boolean | undefined {
  if (when === "at stress") return atStress;
  return when === "from its floor" ? startsTurning : when === "always";
}

/** The controller was away in this state: what may count there, or on the way down from it, nobody knows. */
export function countsUnseen(state: PackmlState): Counts {
  return counters.map((counter) => {
    const may = [counterTable[state], mayTurnThere].some((row) => row[counter] !== "never");
    return may ? undefined : false;
  });
}
