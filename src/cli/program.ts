import { Command, CommanderError } from "commander";
import { errorTable, WearoutError } from "../base/error.js";
import { asTyped, type Call, programOf } from "./called.js";
import type { Host } from "./machine/host.js";
import { type Output, paragraphs } from "./output.js";
import type { Shell } from "./shell.js";
import { openSite, softwareVersion } from "./site.js";
import { Telling } from "./telling.js";

/** Puts its commands into the program. */
export type Add = (program: Command, shell: Shell) => void;

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
  return "0 ok, 1 defect, 2 usage, 3 invalid file, 4 line or device unreachable, 5 refused, 6 specimen failed, 7 run interrupted";
}

/** Of the text beside a long name in a help: narrower, and it would not be broken into lines at all. */
const minWidthToWrap = 24;

/** Runs the commands that were added; returns the exit status and never throws. */
export async function runProgram(
  argv: readonly string[],
  adds: readonly Add[],
  raw: Output,
  host: () => Host,
): Promise<number> {
  let status = 0;
  const program = new Command("wearout");
  const call: Call = { program: programOf({ argv, env: process.env, cwd: process.cwd() }) };
  const telling = new Telling(raw, call);
  const out = telling.output;
  const shell: Shell = {
    out,
    divertTalk: (to) => telling.divertTalk(to),
    env: process.env,
    program: call.program,
    get host() {
      return host();
    },
    siteFolder: () => program.opts<{ site: string }>().site,
    site: () => openSite(shell.siteFolder()),
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
      writeOut: (t) => out.print(helpText(t, call, out.columns("results"))),
      writeErr: (t) => out.talk(t.trimEnd()),
    })
    .showHelpAfterError("(see --help for what is possible)")
    .hook("preAction", (_, called) => {
      Object.assign(call, foldersOf(called));
    });
  for (const add of adds) add(program, shell);
  everyCommand(program, (command) =>
    command
      .exitOverride()
      .configureOutput(program.configureOutput())
      .configureHelp({ minWidthToWrap }),
  );
  try {
    await program.parseAsync(argv);
    return status;
  } catch (error) {
    return report(error, out);
  }
}

/** Given to this command, so wanted by those that it names. */
function foldersOf(called: Command): Partial<Call> {
  const { site, records, state } = called.optsWithGlobals<Omit<Call, "program">>();
  const all = { site: site === "." ? undefined : site, records, state };
  return Object.fromEntries(Object.entries(all).filter(([, folder]) => folder !== undefined));
}

/** Commands first, as they must be typed: they are longer than what stands in the source. */
function helpText(text: string, call: Call, columns: number): string {
  return paragraphs(asTyped(text.trimEnd(), call), Number.isFinite(columns) ? columns : 80);
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
