/** `wearout rig safe` and `rig abandon`, and nothing else: in an emergency no other part of Wearout is loaded. */
import { WearoutError } from "../base/error.js";
import { processOutput } from "./output.js";
import { runProgram } from "./program.js";
import { addRigAbandon } from "./rig/abandon.js";
import { addRigSafe } from "./rig/safe.js";

export function main(argv: readonly string[]): Promise<number> {
  const add: Parameters<typeof runProgram>[1] = [
    (program, shell) => {
      const rig = program.command("rig").description("rigs");
      addRigSafe(rig, shell);
      addRigAbandon(rig, shell);
    },
  ];
  return runProgram(argv, add, processOutput(), () => {
    throw new WearoutError("DEFECT", "these commands ask nothing of the machine");
  });
}
