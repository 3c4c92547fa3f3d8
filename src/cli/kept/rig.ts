/** Verbs of a rig that a process keeps. */
import type { Command } from "commander";
import { logLevels } from "../../base/log.js";
import { oneOf } from "../option.js";
import type { Shell } from "../shell.js";
import { addSent, given, reasonOption, type Sent } from "./send.js";

function simple(verb: Sent["verb"], example: string): Sent {
  const args: Sent["args"] = (_, { reason }) => given({ reason });
  return { verb, takes: "<rig>", options: [reasonOption], args, examples: [example] };
}

export function addClear(rig: Command, shell: Shell): void {
  addSent(rig, shell, simple("rig clear", "rig clear bearing-four --token 480112"));
}

export function addReset(rig: Command, shell: Shell): void {
  addSent(rig, shell, simple("rig reset", "rig reset bearing-four --token 480112"));
}

export function addRelease(rig: Command, shell: Shell): void {
  addSent(
    rig,
    shell,
    simple("rig release", "rig release bearing-four --reason 'a drive is exchanged'"),
  );
}

export function addLog(rig: Command, shell: Shell): void {
  addSent(rig, shell, {
    verb: "rig log",
    takes: "<rig> <level>",
    options: [],
    args: ([level = ""]) => ({ level: oneOf("level", level, logLevels) }),
    examples: ["rig log bearing-four debug", "rig log bearing-four info"],
  });
}
