import { addCheck } from "./check.js";
import { addDemo } from "./demo.js";
import { addDevice } from "./device.js";
import { addDoctor } from "./doctor.js";
import { type Host, openHost } from "./host.js";
import { addLife } from "./life.js";
import { addLine } from "./line.js";
import { processOutput } from "./output.js";
import { addProduct } from "./product.js";
import { addProfile } from "./profile.js";
import { type Add, runProgram } from "./program.js";
import { addRecord } from "./record.js";
import { addReport } from "./report.js";
import { addRig } from "./rig.js";
import { addRun } from "./run.js";
import { addSchema } from "./schema.js";

/** The whole command; returns the exit status and never throws. */
export function main(
  argv: readonly string[],
  out = processOutput(),
  host: Host = openHost(),
): Promise<number> {
  return runProgram(argv, everything, out, () => host);
}

const everything: readonly Add[] = [
  addDemo,
  addCheck,
  addProfile,
  addProduct,
  addRun,
  addRecord,
  addRig,
  addLine,
  addDevice,
  addLife,
  addReport,
  addSchema,
  addDoctor,
];
