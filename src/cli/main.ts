import { Command, CommanderError } from "commander";
import { errorTable, WearoutError } from "../base/error.js";
import { addCheck } from "./check.js";
import { addDemo } from "./demo.js";
import { addDevice } from "./device.js";
import { addDoctor } from "./doctor.js";
import { type Host, openHost } from "./host.js";
import { addLife } from "./life.js";
import { addLine } from "./line.js";
import { type Output, paragraphs, processOutput } from "./output.js";
import { addProduct } from "./product.js";
import { addProfile } from "./profile.js";
import { addRecord } from "./record.js";
import { addReport } from "./report.js";
import { addRig } from "./rig.js";
import { addRun } from "./run.js";
import { addSchema } from "./schema.js";
import type { Shell } from "./shell.js";
import { openSite, softwareVersion } from "./site.js";

const examples = `
Examples:
  wearout demo                                   a simulated lab, two rigs, one failure within minutes
  wearout check                                  all files of this site
  wearout profile plan bearing-constant-load     what would happen, before anything moves
  wearout run start bearing-constant-load --rig bearing-four --specimen a,b,c,d --virtual --seed 7
  wearout run list                               what was run, what came of it
  wearout device serve eastron/sdm630 --tcp 127.0.0.1:1502 --unit 5 --set voltage-l1=231.5

Exit status: ${exitList()}.`;

function exitList(): string {
  return "0 ok, 1 defect, 2 usage, 3 invalid file, 4 line or device unreachable, 5 refused, 6 specimen failed, 7 run aborted";
}

/** The whole command; returns the exit status and never throws. */
export async function main(
  argv: readonly string[],
  out = processOutput(),
  host: Host = openHost(),
): Promise<number> {
  let status = 0;
  const program = new Command("wearout");
  const shell: Shell = {
    out,
    env: process.env,
    host,
    site: () => openSite(program.opts<{ site: string }>().site),
    action:
      (run) =>
      async (...args) => {
        status = await run(...args);
      },
  };
  program
    .description("Controller for accelerated life tests of bearings and reducers.")
    .version(softwareVersion)
    .option("--site <dir>", "folder with this site's devices, rigs, profiles, products", ".")
    .addHelpText("after", examples)
    .configureOutput({
      writeOut: (t) => out.print(paragraphs(t.trimEnd(), process.stdout.columns ?? 80)),
      writeErr: (t) => out.talk(t.trimEnd()),
    })
    .showHelpAfterError("(see --help for what is possible)");
  for (const add of [
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
  ]) {
    add(program, shell);
  }
  everyCommand(program, (command) =>
    command.exitOverride().configureOutput(program.configureOutput()),
  );
  try {
    await program.parseAsync(argv);
    return status;
  } catch (error) {
    return report(error, out);
  }
}

function everyCommand(command: Command, change: (command: Command) => void): void {
  change(command);
  for (const sub of command.commands) everyCommand(sub, change);
}

function report(error: unknown, out: Output): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? 0 : errorTable.USAGE.exit;
  }
  if (error instanceof WearoutError) {
    out.talk(`wearout: ${error.message}`);
    return error.exitCode;
  }
  out.talk(
    `wearout: defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return errorTable.DEFECT.exit;
}
