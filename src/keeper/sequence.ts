/** An actuator's way to its safe state as single operations, in the order in which they are done. */
import type { Request } from "../device/request.js";
import type { Ask, Need, PlanActuator, PlanWrite } from "../rig/safe-plan.js";
import type { SafeCause } from "../rig/safety.js";

/** What is to be done now. A `silence` is one in which nothing that feeds the device is sent. */
export type Action =
  | { kind: "exchange"; device: string; request: Request; point: string; era: number }
  | { kind: "wait"; ms: number }
  | { kind: "silence"; ms: number }
  | { kind: "done" };
export type Exchange = Extract<Action, { kind: "exchange" }>;

/** `step` tells which operations belong together: a wait follows only writes that arrived. */
export type Operation =
  | { kind: "run-on"; ms: number; step: number; softens: false }
  | { kind: "need"; need: Need; step: number; softens: false }
  | { kind: "write"; write: PlanWrite; step: number; softens: boolean; withinMs: number }
  | { kind: "wait"; ms: number; step: number; softens: boolean }
  | { kind: "expect"; ask: Ask; step: number; softens: boolean; withinMs: number };

/** At `isolate` an auxiliary does not run on and waits for nothing. */
export function operationsOf(actuator: PlanActuator, cause: SafeCause): readonly Operation[] {
  const isAuxiliary = actuator.runOnMs !== null;
  const atOnce = isAuxiliary && cause === "isolate";
  const operations: Operation[] = [];
  if (isAuxiliary && !atOnce) {
    operations.push({ kind: "run-on", ms: actuator.runOnMs ?? 0, step: -1, softens: false });
  }
  for (const need of atOnce ? [] : actuator.needs) {
    operations.push({ kind: "need", need, step: -1, softens: false });
  }
  actuator.steps[cause].forEach(({ does, writes, expect, withinMs, waitMs }, step) => {
    const softens = does === "soften";
    for (const write of writes) operations.push({ kind: "write", write, step, softens, withinMs });
    if (waitMs > 0) operations.push({ kind: "wait", ms: waitMs, step, softens });
    for (const ask of expect) operations.push({ kind: "expect", ask, step, softens, withinMs });
  });
  return operations;
}
