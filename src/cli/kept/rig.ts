/** Verbs of a rig that a process keeps. */
import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import { quantityOption } from "../quantity-option.js";
import type { Shell } from "../shell.js";
import {
  addSent,
  byOption,
  given,
  reasonNeeded,
  reasonOption,
  type SendOptions,
  type Sent,
  signed,
} from "./send.js";
import { addStatus, addWatch } from "./watch.js";

const takes = "<rig>";
const partOptions = [
  ["--device <name>", "of the rig (default: the rig as a whole)"],
  ["--line <name>", "of the rig"],
] as const;

const why: Sent["args"] = (_, { reason }) => given({ reason });

function simple(verb: Sent["verb"], example: string): Sent {
  return { verb, takes, options: [reasonOption], args: why, examples: [example] };
}

const all: readonly Sent[] = [
  simple("rig clear", "rig clear bearing-four --token 480112"),
  simple("rig reset", "rig reset bearing-four --token 480112"),
  simple("rig release", "rig release bearing-four"),
  simple("rig take", "rig take bearing-four --token 480112"),
  {
    verb: "rig out-of-service",
    takes,
    options: [...partOptions, ["!--for <time>", "as 4 h"], reasonNeeded, byOption],
    args: (_, options) =>
      given({
        ...partOf(options),
        reason: options.reason,
        ...signed(options),
        forMs: timeOf(options),
      }),
    examples: ['rig out-of-service bearing-four --device meter --for "4 h" --reason "calibration"'],
  },
  {
    verb: "rig return",
    takes,
    options: [...partOptions, reasonOption, byOption],
    args: (_, options) => given({ ...partOf(options), reason: options.reason, ...signed(options) }),
    examples: ["rig return bearing-four --device meter --token 480112"],
  },
];

export function addKeptRig(rig: Command, shell: Shell): void {
  addStatus(rig, shell);
  addWatch(rig, shell);
  for (const sent of all) addSent(rig, shell, sent);
}

function partOf({ device, line }: SendOptions): Record<string, unknown> {
  if (device === undefined || line === undefined) return given({ device, line });
  throw new WearoutError("USAGE", "--device and --line: found both, expected one of them");
}

/** `--for`, in milliseconds. */
export function timeOf({ for: text }: SendOptions): number {
  return quantityOption("--for", String(text), "time");
}
