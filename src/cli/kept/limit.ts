/** Limits of a kept rig: one left out for a while, and back. */
import type { Command } from "commander";
import { longestBypassMs } from "../../limit/alarm/service.js";
import type { Shell } from "../shell.js";
import { addSent, byOption, forOption, reasonNeeded, type Sent, signed, timeOf } from "./send.js";

const all: readonly Sent[] = [
  {
    verb: "limit bypass",
    takes: "<rig> <limit>",
    options: [forOption, reasonNeeded, ["!--second <name>", "the second person"], byOption],
    args: ([limit = ""], options) => ({
      limit,
      reason: options.reason,
      second: options["second"],
      ...signed(options),
      forMs: timeOf(options, longestBypassMs),
    }),
    examples: [
      'limit bypass bearing-four vibration-high@s2 --for "1 h" --reason "sensor is changed" --second wang',
    ],
  },
  {
    verb: "limit restore",
    takes: "<rig> <limit>",
    options: [byOption],
    args: ([limit = ""], options) => ({ limit, ...signed(options) }),
    examples: ["limit restore bearing-four vibration-high@s2"],
  },
];

export function addLimit(program: Command, shell: Shell): void {
  const limit = program
    .command("limit")
    .description("limits of a kept rig: never overspeed, over-temperature or the safety chain");
  for (const sent of all) addSent(limit, shell, sent);
}
