/** Verbs of a rig that a process keeps. */
import type { Command } from "commander";
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
];

export function addKeptRig(rig: Command, shell: Shell): void {
  addStatus(rig, shell);
  addWatch(rig, shell);
  for (const sent of all) addSent(rig, shell, sent);
}
