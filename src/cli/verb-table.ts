/** A noun whose verbs are loaded when they are asked for: nothing waits for what it does not need. */
import type { Command } from "commander";
import { own } from "../base/own.js";
import type { Add } from "./program.js";
import type { Shell } from "./shell.js";

/** In the order of the help. `Also` is what each verb of the noun is given beside the shell. */
export type VerbTable<Also extends readonly unknown[] = []> = Readonly<
  Record<string, () => Promise<(noun: Command, shell: Shell, ...also: Also) => void>>
>;

/** The noun with the verb that is asked for; with all of them where it is none of them. */
export async function loadVerbs<Also extends readonly unknown[] = []>(
  { name, says }: { name: string; says: string },
  verbs: VerbTable<Also>,
  asked: string | undefined,
  ...also: Also
): Promise<Add> {
  const only = asked === undefined ? undefined : own(verbs, asked);
  const loads = only === undefined ? Object.values(verbs) : [only];
  const adds = await Promise.all(loads.map((load) => load()));
  return (program, shell) => {
    const noun = program.command(name).description(says);
    for (const add of adds) add(noun, shell, ...also);
  };
}
