import { type Host, openHost } from "./machine/host.js";
import { partsFor } from "./nouns.js";
import { processOutput } from "./output.js";
import { runProgram } from "./program.js";

/** The whole command; returns the exit status and never throws. */
export async function main(
  argv: readonly string[],
  out = processOutput(),
  host: Host = openHost(),
): Promise<number> {
  return runProgram(argv, await partsFor(argv), out, () => host);
}
