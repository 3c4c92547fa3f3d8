/** `rig safe` and `rig abandon` of a rig that a process keeps: the verb is sent there. */
import { findKeeper, type KeeperClient } from "../../api/client.js";
import { RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import type { RigPicture, SafetyRow } from "../../verb/picture.js";
import type { Shell } from "../shell.js";
import { askAndTell } from "./ask.js";
import { keeperOf } from "./keeper.js";
import { type KeptOptions, keeperPlacesOf } from "./places.js";
import { given } from "./send.js";

/** How it ended where a process keeps the rig. */
export type KeptSafe = { safety: readonly SafetyRow[]; detail: string };

const lookMs = 500;

/**
 * Safe values through who keeps the rig, until every actuator has acted; undefined when nobody keeps it, or who does is
 * silent, closed or ends meanwhile: then its plan is left.
 */
export async function safeWhereKept(
  shell: Shell,
  site: string,
  rig: string,
  options: KeptOptions & { isolate?: boolean },
): Promise<KeptSafe | undefined> {
  try {
    const keeper = await findKeeper(keeperPlacesOf(shell, site, rig, options), new RealClock());
    if (keeper === undefined) return undefined;
    const args = options.isolate === true ? { cause: "isolate" } : {};
    const answer = await keeper.ask({ verb: "rig safe", args });
    shell.out.talk(`${rig} is kept by ${keeper.who}: ${answer.text}`);
    return answer.accepted ? await untilActed(shell, keeper, answer.revision) : undefined;
  } catch (error) {
    if (!(error instanceof WearoutError)) throw error;
    shell.out.talk(`${error.message}; its safe plan is tried`);
    return undefined;
  }
}

/** Of what was made safe since it was asked for. */
async function untilActed(
  shell: Shell,
  keeper: KeeperClient,
  askedAt: number,
): Promise<KeptSafe | undefined> {
  for await (const picture of keeper.watch(lookMs)) {
    if (picture.revision < askedAt) continue;
    shell.out.status(`${picture.rig}: ${safetyWords(picture)}`);
    if (picture.safety.length > 0 && picture.safety.every(({ acted }) => acted)) {
      return { safety: picture.safety, detail: `${picture.rig}: ${safetyWords(picture)}` };
    }
  }
  shell.out.talk(`${keeper.who} has ended; its safe plan is tried`);
  return undefined;
}

function safetyWords({ safety }: RigPicture): string {
  const word = ({ role, level, acted }: SafetyRow) =>
    `${role} ${acted ? "" : "NOT SAFE, "}${level}`;
  return safety.map(word).join(", ");
}

/** The exit status; undefined when nobody keeps the rig. */
export async function abandonWhereKept(
  shell: Shell,
  rig: string,
  word: { reason: string; by: string },
  options: KeptOptions,
): Promise<number | undefined> {
  const keeper = await keeperOf(shell, rig, options);
  return keeper === undefined
    ? undefined
    : askAndTell(shell, keeper, "rig abandon", given(word), {});
}
