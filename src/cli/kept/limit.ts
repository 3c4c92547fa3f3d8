/** `limit bypass` and `limit restore` of a kept rig. */
import type { Command } from "commander";
import type { Shell } from "../shell.js";
import { timeOf } from "./rig.js";
import { addSent, byOption, limitAt, reasonNeeded, type Sent, signed } from "./send.js";

const takes = "<rig> <limit>";

const all: readonly Sent[] = [
  {
    verb: "limit bypass",
    takes,
    options: [
      ["!--for <time>", "as 2 h, at most 8 h"],
      ["!--second <name>", "the second person"],
      reasonNeeded,
      byOption,
    ],
    args: ([limit = ""], options) => ({
      ...limitAt(limit),
      reason: options.reason,
      second: options["second"],
      ...signed(options),
      forMs: timeOf(options),
    }),
    examples: [
      'limit bypass bearing-four oil-flow --for "2 h" --second "J. Weber" --reason "meter swapped"',
    ],
  },
  {
    verb: "limit restore",
    takes,
    options: [byOption],
    args: ([limit = ""], options) => ({ ...limitAt(limit), ...signed(options) }),
    examples: ["limit restore bearing-four oil-flow"],
  },
];

export function addLimit(program: Command, shell: Shell): void {
  const limit = program
    .command("limit")
    .description("limits of a kept rig, out of force for a while");
  for (const sent of all) addSent(limit, shell, sent);
}
