/** Commands of a kept rig as words of the command line: one description for each, from its verb's specification. */
import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import { checkedSentence } from "../../base/name.js";
import { formatDuration } from "../../base/quantity.js";
import { allVerbs, type VerbName } from "../../verb/all.js";
import { quantityOption } from "../quantity-option.js";
import type { Shell } from "../shell.js";
import { signature } from "../signature.js";
import { stateHelp } from "../state-option.js";
import { type AskOptions, askAndTell } from "./ask.js";
import { type Helps, type Meant, meantBy } from "./keeper.js";
import type { KeptOptions } from "./places.js";

export type SendOptions = AskOptions &
  KeptOptions & { reason?: string; by?: string } & Readonly<Record<string, unknown>>;

export type Sent = {
  verb: VerbName;
  /** Behind the verb, the rig or run first: `<rig> <alarm>`. */
  takes: string;
  /** Its own beside those that all have: flags and what they mean; `!` before the flags: it must be given. */
  options: readonly (readonly [string, string])[];
  /** Of the words behind the rig, and the options, what the verb's input wants. */
  args(words: readonly string[], options: SendOptions, meant: Meant): Record<string, unknown>;
  /** Where nobody keeps the rig. */
  helps?: Helps;
  /** Without `wearout`. */
  examples: readonly string[];
};

export const reasonOption = ["--reason <text>", "why, for the record"] as const;
export const reasonNeeded = ["!--reason <text>", "why, for the record"] as const;
export const forOption = ["!--for <time>", "as 1 h, at most 8 h of a limit or an alarm"] as const;
export const byOption = [
  "--by <name>",
  "who says so (default: the user and this machine)",
] as const;

export function addSent(noun: Command, shell: Shell, sent: Sent): void {
  const spec = allVerbs.find(({ verb }) => verb === sent.verb);
  if (spec === undefined) return;
  const word = sent.verb.slice(sent.verb.indexOf(" ") + 1);
  const command = noun.command(`${word} ${sent.takes}`).description(spec.says);
  for (const [flags, says] of sent.options) {
    if (flags.startsWith("!")) command.requiredOption(flags.slice(1), says);
    else command.option(flags, says);
  }
  if (spec.presence)
    command.option("--token <digits>", "shown at the terminal of who keeps the rig");
  if (spec.bound)
    command.option("--saw <revision>", "of the state that was looked at (rig status)");
  command
    .option("--state <dir>", stateHelp)
    .option("--json", "the answer as schema/answer.json has it")
    .addHelpText("after", helpOf(sent))
    .action(shell.action((...given: unknown[]) => send(shell, sent, given)));
}

function helpOf({ examples }: Sent): string {
  const lines = examples.map((text) => `  wearout ${text}`).join("\n");
  return `
Sent to the process that keeps the rig; it answers when it is decided. What comes of it: wearout rig watch RIG.

Examples:
${lines}

Exit status: 0 accepted, 3 there is no such rig, 4 who keeps the rig does not answer, 5 refused or nobody keeps it.`;
}

/** Commander gives the words, then the options, then itself. */
async function send(shell: Shell, sent: Sent, given: readonly unknown[]): Promise<number> {
  const options = given.at(-2) as SendOptions;
  const [name = "", ...words] = given.slice(0, -2).flat() as string[];
  if (options.reason !== undefined) checkedSentence("--reason", options.reason);
  const meant = await meantBy(shell, name, options, sent.helps);
  const args = sent.args(words, options, meant);
  return askAndTell(shell, meant.keeper, sent.verb, args, options);
}

/** What is given of these, under the names of the verb's input. */
export function given(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}

/** A signed word. */
export function signed({ by }: SendOptions): { by: string } {
  return { by: signature(by) };
}

/** `--for`, in milliseconds; throws `USAGE` where it is longer than it may be. */
export function timeOf({ for: text }: SendOptions, longestMs = Number.POSITIVE_INFINITY): number {
  const lengthMs = quantityOption("--for", String(text), "time");
  if (lengthMs > 0 && lengthMs <= longestMs) return lengthMs;
  const most = Number.isFinite(longestMs) ? ` and at most ${formatDuration(longestMs)}` : "";
  const found = formatDuration(lengthMs);
  throw new WearoutError("USAGE", `--for: found ${found}, expected more than no time${most}`);
}
