/** `run start` on a rig that a process keeps: the run becomes its guest there. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { KeeperClient } from "../../api/client.js";
import { Cancel } from "../../base/clock.js";
import { errorTable, WearoutError } from "../../base/error.js";
import { recordsRoot } from "../../record/folder.js";
import { openRecord } from "../../record/reader.js";
import { json } from "../output.js";
import type { StartOptions } from "../run/start-options.js";
import type { Shell } from "../shell.js";
import { onInterrupt } from "../signal.js";
import { ask, tell } from "./ask.js";
import { given } from "./send.js";
import { viewOf } from "./watch.js";

/** The exit status: of the run with `--wait`, else whether it was accepted. */
export async function startWhereKept(
  shell: Shell,
  keeper: KeeperClient,
  profile: string,
  options: StartOptions,
): Promise<number> {
  if ((options.constant ?? []).length > 0) {
    const text = "--constant: the rig is kept, its constants are those of rig keep --constant";
    throw new WearoutError("USAGE", `${text}; found ${options.constant?.join(", ")}`);
  }
  await refuseGuest(keeper);
  const records = resolve(recordsRoot(options.records, shell.env));
  const { specimen, product, lot, set } = options;
  const files = { profile: asFile(profile), product: asFile(product) };
  const args = given({ ...files, specimen, lot, set, records });
  const answer = await ask(shell, keeper, "run start", args, options);
  if (options.json === true) shell.out.print(json(answer));
  else tell(shell, keeper, "run start", answer);
  if (!answer.accepted || answer.run === undefined) return errorTable.STATE_REFUSED.exit;
  if (options.follow !== true && options.wait !== true) return 0;
  const isOver = await followed(shell, keeper, answer.run, options);
  return isOver && options.wait === true ? exitOf(records, answer.run) : 0;
}

/** Before anybody is asked for digits. */
async function refuseGuest(keeper: KeeperClient): Promise<void> {
  const { rig, run } = await keeper.picture();
  if (run === null) return;
  const way = `type hold, stop or abort there, or: wearout run hold ${rig}`;
  const text = `rig ${rig} is kept by ${keeper.who}, run ${run.id} is on it; ${way}`;
  throw new WearoutError("STATE_REFUSED", text);
}

/** A file as the keeper finds it, whatever folder it was started in; a name as it is. */
function asFile<T extends string | undefined>(nameOrPath: T): T {
  if (nameOrPath === undefined || !existsSync(nameOrPath)) return nameOrPath;
  return resolve(nameOrPath) as T;
}

/** Looks on until the run has left the rig; false when the looking was ended before, which ends nothing else. */
async function followed(
  shell: Shell,
  keeper: KeeperClient,
  run: string,
  options: StartOptions,
): Promise<boolean> {
  const ended = new Cancel();
  const stop = onInterrupt(() => ended.cancel());
  const view = options.follow === true ? viewOf(shell, keeper, options) : undefined;
  try {
    for await (const picture of keeper.watch(1000, ended)) {
      await view?.show(picture);
      if (picture.run?.id !== run) return true;
    }
    const why = ended.cancelled
      ? `the watching ends, run ${run} goes on: wearout rig watch ${keeper.hello.rig}`
      : `${keeper.who} has ended`;
    shell.out.talk(why);
    return !ended.cancelled;
  } finally {
    view?.close();
    stop();
  }
}

/** As `run start` ends where it keeps the rig itself: 6 a specimen failed, 7 interrupted, 0 done. */
function exitOf(records: string, run: string): number {
  const reader = openRecord(records, run);
  try {
    const { summary } = reader;
    if (summary === undefined) return interruptedExit;
    return summary.outcome === "failed" ? failedExit : 0;
  } finally {
    reader.close();
  }
}

const failedExit = 6;
const interruptedExit = 7;
