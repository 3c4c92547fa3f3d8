/** A verb sent to who keeps the rig, and what came of it said. */
import { createInterface } from "node:readline/promises";
import type { KeeperClient } from "../../api/client.js";
import { errorTable, WearoutError } from "../../base/error.js";
import { verbNamed } from "../../verb/all.js";
import type { Answer } from "../../verb/answer.js";
import type { Command } from "../../verb/keeps.js";
import { json } from "../output.js";
import type { Shell } from "../shell.js";
import { forgetPass, passOf } from "./pass.js";

export type AskOptions = { json?: boolean; token?: string; saw?: string };

/** `verb` with its arguments, as a command line has them; answers with the exit status. */
export async function askAndTell(
  shell: Shell,
  keeper: KeeperClient,
  verb: string,
  args: Command["args"],
  options: AskOptions,
): Promise<number> {
  const answer = await ask(shell, keeper, verb, args, options);
  if (options.json === true) shell.out.print(json(answer));
  else tell(shell, keeper, verb, answer);
  return answer.accepted ? 0 : errorTable.STATE_REFUSED.exit;
}

export async function ask(
  shell: Shell,
  keeper: KeeperClient,
  verb: string,
  args: Command["args"],
  options: AskOptions,
): Promise<Answer> {
  const spec = verbNamed(verb);
  const sawRevision = spec?.bound === true ? await sawOf(keeper, options.saw) : undefined;
  const token = spec?.presence === true ? await tokenOf(shell, keeper, options.token) : undefined;
  const answer = await keeper.ask({
    verb,
    args,
    ...(sawRevision === undefined ? {} : { sawRevision }),
    ...(token === undefined ? {} : { token }),
  });
  // What this terminal had taken is over: the next word asks for digits again.
  if (answer.refusal === "presence" && options.token === undefined) forgetPass(keeper.place);
  return answer;
}

/** As it was told (`--saw`), else as it is now. */
async function sawOf(keeper: KeeperClient, text: string | undefined): Promise<number> {
  if (text === undefined) return (await keeper.picture()).revision;
  const revision = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(revision)) return revision;
  throw new WearoutError("USAGE", `--saw: found "${text}", expected the revision of rig status`);
}

/** As given, else what this terminal has taken, else asked for where somebody can type. */
async function tokenOf(
  { out }: Shell,
  keeper: KeeperClient,
  given: string | undefined,
): Promise<string | undefined> {
  const own = given ?? passOf(keeper.place);
  if (own !== undefined || process.stdin.isTTY !== true) return own;
  out.talk(`${keeper.who} shows six digits at its terminal: go there and look at the rig`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const token = await terminal.question("Type them: ");
  terminal.close();
  return token.trim();
}

export function tell({ out }: Shell, keeper: KeeperClient, verb: string, answer: Answer): void {
  const { accepted, confirmed, state, text, whatWouldMakeItPossible: way } = answer;
  const { rig } = keeper.hello;
  if (accepted) {
    const done = confirmed === true ? "confirmed by the devices" : "accepted";
    out.print(`${rig}: ${verb} ${done}; ${state}: ${text}`);
    return;
  }
  out.talk(
    `wearout: ${verb} is refused by ${keeper.who}: ${text}${way === undefined ? "" : `; ${way}`}`,
  );
}

/** Asks for a yes, with the stake; throws `STATE_REFUSED` where it is not given or nobody can give it. */
export async function confirmed(stake: string, command: string): Promise<void> {
  if (process.stdin.isTTY !== true) {
    throw new WearoutError("STATE_REFUSED", `${stake}; say so with: ${command} --yes`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${stake}. Type yes: `);
  terminal.close();
  if (answer.trim() === "yes") return;
  throw new WearoutError("STATE_REFUSED", "nothing was asked of it");
}
