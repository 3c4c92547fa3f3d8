/** Mistakes that the campaign must find: what it cannot find it does not prove. */

import { ActuatorMachine } from "../../src/keeper/kernel/machine.js";
import type { Action } from "../../src/keeper/kernel/sequence.js";
import type { Sabotage } from "./safety-options.js";

/** For the whole process; `plan-late` and `unwatched-held` are made where a round is put together. */
export function sabotageKeeper(sabotage: Sabotage | undefined): void {
  if (sabotage === "no-silence") forgetSilences();
  if (sabotage === "echo-is-proof") believeEchoes();
}

/** Asks again and again, and so keeps alive what it wants to stop. */
function forgetSilences(): void {
  const next = ActuatorMachine.prototype.next;
  ActuatorMachine.prototype.next = function (this: ActuatorMachine, now: number): Action {
    const action = next.call(this, now);
    if (action.kind !== "silence") return action;
    this.wasSilent();
    return { kind: "wait", ms: 100 };
  };
}

/** That a device took the words is taken for what it does. */
function believeEchoes(): void {
  const begin = ActuatorMachine.prototype.begin;
  const nothing = { trip: [], isolate: [] };
  ActuatorMachine.prototype.begin = function (this: ActuatorMachine, cause, now, look): void {
    Object.assign(this.actuator, { acted: [], obeys: [], held: nothing, effect: nothing });
    begin.call(this, cause, now, look);
  };
}
