/** Verbs of a run that a process keeps. */
import type { Command } from "commander";
import { parseDisposition } from "../../run/disposition.js";
import type { Shell } from "../shell.js";
import { signature } from "../signature.js";
import { addSent, byOption, given, reasonOption, type SendOptions, type Sent } from "./send.js";

const takes = "<rig-or-run>";

const why: Sent["args"] = (_, { reason }, { run }) => given({ run, reason });

export const hold: Sent = {
  verb: "run hold",
  takes,
  options: [["--at-next-step", "when the step now running is done"], reasonOption],
  args: (_, { reason, ["atNextStep"]: atNextStep }, { run }) => given({ run, reason, atNextStep }),
  examples: ["run hold bearing-four", 'run hold bearing-four-3 --reason "noise at station 2"'],
};

export const abort: Sent = {
  verb: "run abort",
  takes,
  options: [reasonOption],
  args: why,
  examples: ["run abort bearing-four"],
};

export const leave: Sent = {
  verb: "run leave",
  takes,
  options: [reasonOption],
  args: why,
  examples: ["run leave bearing-four --reason 'the machine is serviced'"],
};

export const dispose: Sent = {
  verb: "run dispose",
  takes: `${takes} <disposition>`,
  options: [byOption],
  args: ([text = ""], options, { run }) => given({ run, ...dispositionOf(text, options) }),
  examples: ['run dispose bearing-four "s2=sensor continue: cable was loose, signal as before"'],
};

function dispositionOf(text: string, { by }: SendOptions) {
  return parseDisposition(text, signature(by));
}

/** For the table of the noun. */
export function adding(sent: Sent): (run: Command, shell: Shell) => void {
  return (run, shell) => addSent(run, shell, sent);
}
