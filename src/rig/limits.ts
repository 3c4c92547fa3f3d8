/** The rig's own limits as numbers on its columns, for the guard and the run. */
import { assert } from "../base/error.js";
import type { Column } from "../base/sample.js";
import { type CompiledLimit, compileLimits, isWhole } from "../limit/compile.js";
import { resolveWritten } from "../limit/written.js";
import type { RigFile } from "./rig-file.js";

/** Setpoints are in the order of `Rig.actuators`. The rig was checked when it was loaded. */
export function compileRigLimits(rig: RigFile, columns: readonly Column[]): CompiledLimit[] {
  const { limits } = compileLimits(rig.limits, columns, Object.keys(rig.actuators), (written, d) =>
    resolveWritten(written, d, {}, {}),
  );
  // A kept rig is asked no rule that came after it; but a limit that could never act is none.
  const blind = limits.find((limit) => !isWhole(limit));
  assert(blind === undefined, `the limit ${blind?.name} of a loaded rig has its numbers`);
  return limits;
}
