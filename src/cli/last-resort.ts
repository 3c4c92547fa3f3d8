import { errorTable } from "../base/error.js";
import type { Rig } from "../rig/rig.js";
import type { Output } from "./output.js";

/**
 * A defect that nobody caught must not leave a rig moving: the safe values are driven, then the process ends
 * with 1. The run is interrupted by that and can be resumed. Returns how to stop listening.
 */
export function safeAtDefect(rig: Rig, out: Output): () => void {
  const listener = (error: Error) => {
    out.talk(`wearout: defect: ${error.stack ?? error.message}`);
    void makeSafe(rig, out).finally(() => process.exit(errorTable.DEFECT.exit));
  };
  process.on("uncaughtException", listener);
  return () => process.off("uncaughtException", listener);
}

async function makeSafe(rig: Rig, out: Output): Promise<void> {
  const steps = await rig.safe("a defect of Wearout");
  const open = steps.filter((step) => !step.acted).map(({ role }) => role);
  const not = `the rig is NOT safe, use its emergency stop: ${open.join(", ")} not confirmed`;
  out.talk(open.length === 0 ? "the rig is safe" : not);
}
