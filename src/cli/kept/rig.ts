/** Verbs of a rig that a process keeps. */
import type { Command } from "commander";
import { logLevels } from "../../base/log.js";
import { oneOf } from "../option.js";
import type { Shell } from "../shell.js";
import {
  addSent,
  byOption,
  forOption,
  given,
  reasonNeeded,
  reasonOption,
  type SendOptions,
  type Sent,
  signed,
  timeOf,
} from "./send.js";

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

const partOptions = [
  ["--device <name>", "one device of the rig"],
  ["--line <name>", "one line of the rig; without either all of it"],
] as const;

export function addOutOfService(rig: Command, shell: Shell): void {
  addSent(rig, shell, {
    verb: "rig out-of-service",
    takes: "<rig>",
    options: [...partOptions, forOption, reasonNeeded, byOption],
    args: (_, options) => ({
      ...partOf(options),
      reason: options.reason,
      ...signed(options),
      forMs: timeOf(options),
    }),
    examples: [
      'rig out-of-service bearing-four --device spindle --for "4 h" --reason "belt is changed"',
    ],
  });
}

export function addReturn(rig: Command, shell: Shell): void {
  addSent(rig, shell, {
    verb: "rig return",
    takes: "<rig>",
    options: [...partOptions, byOption],
    args: (_, options) => ({ ...partOf(options), ...signed(options) }),
    examples: ["rig return bearing-four --device spindle --token 480112"],
  });
}

function partOf({ ["device"]: device, ["line"]: line }: SendOptions) {
  return given({ device, line });
}
