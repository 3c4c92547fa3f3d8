/** A rig that a process keeps, with somebody at its terminal and others at theirs. */
import { openPtyPair } from "../../src/sim/pty-pair.js";
import type { RigPicture } from "../../src/verb/picture.js";
import { Controller } from "../plant/controller.js";
import { type AtEnd, patienceMs, Scene, turns } from "../plant/scene.js";

export type Keeping = { scene: Scene; keeper: Controller; type(word: string): void };

export async function keeping(atEnd: AtEnd, scene?: Scene): Promise<Keeping> {
  const open = await atTerminal(atEnd, ["rig", "keep", "plant-rig"], scene);
  await open.keeper.heard(/plant-rig is kept/, patienceMs);
  return open;
}

/** A command with somebody at its keyboard. */
export async function atTerminal(atEnd: AtEnd, words: string[], scene?: Scene): Promise<Keeping> {
  const open = scene ?? (await Scene.make({}, atEnd));
  const pair = await openPtyPair();
  if (!pair.ok) throw new Error(pair.reason);
  atEnd(async () => pair.close());
  const keeper = open.keep(new Controller(open.site, words, pair.path));
  const type = (word: string) => pair.stream.write(Buffer.from(`${word}\n`));
  return { scene: open, keeper, type };
}

/** Six digits, as the terminal shows them to whoever types for them. */
export async function tokenOf({ keeper, type }: Keeping): Promise<string> {
  const after = new RegExp(`^[^]{${keeper.talk.length}}[^]*?token (\\d{6})`);
  type("token");
  return (await keeper.heard(after, patienceMs))[1]!;
}

/** What the keeper told is the first thing that a failure shows. */
export async function seen({ scene, keeper }: Keeping, what: string): Promise<void> {
  const turning = scene.plant.until(what, (state) => turns(state), patienceMs);
  await turning.catch((error: Error) => {
    throw new Error(`${keeper.out}\n${keeper.talk}\n${error.message}`);
  });
}

export function say({ scene }: Keeping, ...words: string[]) {
  return scene.command(...words).ended;
}

export const start = ["run", "start", "short", "--rig", "plant-rig", "--specimen", "a,b"];

export async function started(open: Keeping, ...more: string[]) {
  return say(open, ...start, "--token", await tokenOf(open), ...more);
}

export async function pictureOf(open: Keeping): Promise<RigPicture> {
  const { out } = await say(open, "rig", "status", "plant-rig", "--json");
  return JSON.parse(out) as RigPicture;
}

export async function reaches(
  open: Keeping,
  fits: (picture: RigPicture) => boolean,
): Promise<RigPicture> {
  for (;;) {
    const picture = await pictureOf(open);
    if (fits(picture)) return picture;
  }
}
