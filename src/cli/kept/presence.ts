/** Who counts as the one at the rig: `rig token` shows the keeper's digits, `rig take` brings presence to this terminal. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import type { KeeperClient } from "../../api/client.js";
import { WearoutError } from "../../base/error.js";
import { json } from "../output.js";
import type { Shell } from "../shell.js";
import { stateHelp } from "../state-option.js";
import { ask, tell } from "./ask.js";
import { meantBy } from "./keeper.js";
import { forgetPass, passFileOf } from "./pass.js";
import type { KeptOptions } from "./places.js";

type Options = KeptOptions & { token?: string; json?: boolean };

export function addToken(rig: Command, shell: Shell): void {
  rig
    .command("token <rig>")
    .description("the six digits that prove a person at the rig, for the user of who keeps it")
    .option("--state <dir>", stateHelp)
    .option("--json", "the answer as schema/answer.json has it")
    .addHelpText("after", tokenHelp)
    .action(shell.action((name: string, options: Options) => showToken(shell, name, options)));
}

const tokenHelp = `
For a rig that is kept without a terminal (a service). Only the user that the keeper runs as may see them, or root; who may
only speak to its socket may not. Give them to nobody who does not stand at the rig. One use, within ten minutes.

Examples:
  wearout rig token bearing-four
  sudo -u wearout wearout rig token bearing-four

Exit status: 0, 4 who keeps the rig does not answer, 5 not for this user, or nobody keeps it.`;

async function showToken(shell: Shell, name: string, options: Options): Promise<number> {
  const { keeper } = await meantBy(shell, name, options);
  const answer = await keeper.ask({ verb: "rig token", args: {}, token: keyOf(keeper) });
  if (options.json === true) shell.out.print(json(answer));
  else if (answer.token === undefined) tell(shell, keeper, "rig token", answer);
  else shell.out.print(answer.token);
  return answer.accepted ? 0 : 5;
}

function keyOf({ place, hello }: KeeperClient): string {
  try {
    return readFileSync(place.key, "utf8").trim();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? "";
    const text = `the digits of ${hello.rig} are shown to ${hello.user} alone (${place.key}: ${why})`;
    throw new WearoutError("STATE_REFUSED", text);
  }
}

export function addTake(rig: Command, shell: Shell): void {
  rig
    .command("take <rig>")
    .description("this terminal counts as the one at the rig, and no other that had taken it")
    .option("--token <digits>", "shown at the terminal of who keeps the rig, or by rig token")
    .option("--state <dir>", stateHelp)
    .option("--json", "the answer as schema/answer.json has it")
    .addHelpText("after", takeHelp)
    .action(shell.action((name: string, options: Options) => take(shell, name, options)));
}

const takeHelp = `
Start-type verbs (run start, run resume, rig clear, rig reset, rig return, limit bypass) need no digits here any more, until
ten minutes after the last of them, or until another terminal takes it. The keeper's own terminal always counts.
Take it where you see the rig, and nowhere else.

Examples:
  wearout rig take bearing-four --token 480112

Exit status: 0 taken, 4 who keeps the rig does not answer, 5 refused or nobody keeps it.`;

async function take(shell: Shell, name: string, options: Options): Promise<number> {
  const { keeper } = await meantBy(shell, name, options);
  const file = passFileOf(keeper.place);
  // What this terminal had before proves nothing for it.
  forgetPass(keeper.place);
  const answer = await ask(shell, keeper, "rig take", {}, options);
  const { token: pass } = answer;
  if (pass !== undefined && file !== undefined) {
    writeFileSync(file, `${pass}\n`, { mode: 0o600, flag: "wx" });
  }
  if (options.json === true) shell.out.print(json(answer));
  else tell(shell, keeper, "rig take", answer);
  if (pass !== undefined && file === undefined)
    shell.out.talk(`without a terminal: --token ${pass}`);
  return answer.accepted ? 0 : 5;
}
