/** Before a process sends anything to a rig: does another one keep it? */
import type { KeeperClient } from "../../api/client.js";
import { isAnybodyThere } from "../../api/probe.js";
import { RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import type { Shell } from "../shell.js";
import { type KeptOptions, keeperPlaces } from "./places.js";

/** Throws `STATE_REFUSED` where another process keeps the rig. One that does not answer holds its lines: those tell. */
export async function refuseKeptRig(
  shell: Shell,
  rig: string,
  options: KeptOptions,
): Promise<void> {
  if (!(await isAnybodyThere(keeperPlaces(shell, rig, options), new RealClock()))) return;
  const { keeperOf } = await import("./keeper.js");
  const keeper = await keeperOf(shell, rig, options).catch(unlessKnown);
  if (keeper === undefined) return;
  const what = `rig ${rig} is kept by ${keeper.who}${await guestOf(keeper)}`;
  const way = `type hold, stop or abort there, or: wearout run hold ${rig}`;
  throw new WearoutError("STATE_REFUSED", `${what}; ${way}`);
}

async function guestOf(keeper: KeeperClient): Promise<string> {
  const picture = await keeper.picture().catch(unlessKnown);
  return picture?.run ? `, run ${picture.run.id} is on it` : "";
}

function unlessKnown(error: unknown): undefined {
  if (error instanceof WearoutError) return undefined;
  throw error;
}
