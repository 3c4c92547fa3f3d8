import type { Clock } from "../base/clock.js";
import type { Reply } from "../line/line.js";
import type { RigPlan } from "../rig/safe-plan.js";
import { SafeExecutor, type Talk } from "./kernel/executor.js";

/**
 * Goes through the beginning of making safe once with nobody at the other end. Code is translated when it first runs,
 * which takes milliseconds: they are spent before anything may move, not between a trip and its stop.
 */
export function rehearse(plan: RigPlan, clock: Clock): void {
  const nobody: Reply = { ok: false, fault: "closed", detail: "a rehearsal", at: clock.elapsed() };
  const talk: Talk = {
    exchange: () => {
      executor.close();
      return Promise.resolve(nobody);
    },
    permission: () => ({ write: true }),
    quiet: () => {},
    wrote: () => {},
  };
  const executor = new SafeExecutor(plan, talk, clock, { acted: () => {}, open: () => {} });
  void executor.safe("trip");
}
