/** Verbs of a rig that a process keeps. */
import type { Command } from "commander";
import { logLevels } from "../../base/log.js";
import { oneOf } from "../option.js";
import type { Shell } from "../shell.js";
import { addSent, given, reasonOption, type Sent } from "./send.js";
import { addStatus, addWatch } from "./watch.js";

const why: Sent["args"] = (_, { reason }) => given({ reason });

function simple(verb: Sent["verb"], example: string): Sent {
  return { verb, takes: "<rig>", options: [reasonOption], args: why, examples: [example] };
}

const all: readonly Sent[] = [
  simple("rig clear", "rig clear bearing-four --token 480112"),
  simple("rig reset", "rig reset bearing-four --token 480112"),
  {
    verb: "rig log",
    takes: "<rig> <level>",
    options: [],
    args: ([level = ""]) => ({ level: oneOf("level", level, logLevels) }),
    examples: ["rig log bearing-four debug", "rig log bearing-four info"],
  },
];

export function addKeptRig(rig: Command, shell: Shell): void {
  addStatus(rig, shell);
  addWatch(rig, shell);
  for (const sent of all) addSent(rig, shell, sent);
}
