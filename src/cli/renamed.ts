/** Options that have had another name: both are taken, one is shown. */
import { type Command, Option } from "commander";
import type { Shell } from "./shell.js";

/** By the flags of before, as `--bauds <rates>`, the name of today, as `--baud`. */
export type Former = Readonly<Record<string, string>>;

/** Commander's commands are emitters; its types leave that out. */
type Emitter = { emit(event: string, value: string): boolean };

/** The command takes the former flags too, and says on stderr what they are called now. */
export function formerly(command: Command, { out }: Shell, former: Former): Command {
  for (const [flags, name] of Object.entries(former)) {
    const before = new Option(flags).hideHelp();
    command.addOption(before);
    command.on(`option:${before.name()}`, (value: string) => {
      out.talk(`${before.long} is called ${name} now`);
      // As if it had been written so: with the choices and the collecting of the option of today.
      (command as Command & Emitter).emit(`option:${name.replace(/^--/, "")}`, value);
    });
  }
  return command;
}
