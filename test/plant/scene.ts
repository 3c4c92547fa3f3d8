/** What every safety test begins with: a plant, a site for it, and a run that turns the shaft under load. */

import { Plant } from "./client.js";
import type { PlantState, Stamp } from "./config.js";
import { Controller, startRun } from "./controller.js";
import { makeSite, plantOf, type Site, type Wishes } from "./site.js";

/** Longest for anything that only has to happen at all, on a busy machine. */
export const patienceMs = 60_000;
/** Of a test that waits a few times for what only has to happen at all. */
export const longestTestMs = 180_000;

/** The steps of a drive's safe command: words that take energy away or brake. */
export function isStop(
  { name, address, values, code }: Stamp,
  drive: Wishes["drive"] = "md",
): boolean {
  if (!name.startsWith("spindle") || (code !== 6 && code !== 16)) return false;
  if (drive === "md") return address === 0x2000 && (values[0] === 5 || values[0] === 6);
  if (drive === "asda") return address === 0x040e && (values[0]! & 1) === 0;
  return address === 0 && (values[0]! & 1) === 0;
}

/** A word that starts a drive or keeps it going. */
export function isStart({ name, address, values }: Stamp, drive: Wishes["drive"] = "md"): boolean {
  if (!name.startsWith("spindle")) return false;
  if (drive === "md") return address === 0x2000 && values[0]! <= 4;
  if (drive === "asda") return address === 0x040e && (values[0]! & 1) === 1;
  return address === 0 && (values[0]! & 0x0f) === 0x0f;
}

/** The load's output back to 4 mA. */
export function isUnload({ name, address, values }: Stamp): boolean {
  return name.startsWith("hydraulics") && address === 0 && values[0] === 0;
}

/** Nothing gives energy any more, whatever still coasts. */
export function isDead({ units }: PlantState): boolean {
  return Object.values(units).every(({ energised }) => !energised);
}

export function turns({ units, shafts }: PlantState, suffix = ""): boolean {
  return units[`spindle${suffix}`]!.energised && shafts[`shaft${suffix}`]!.rpm > 500;
}

/** `onTestFinished` of a test's context. */
export type AtEnd = (close: () => Promise<void>) => void;

export class Scene {
  readonly plant: Plant;
  readonly site: Site;
  readonly drive: NonNullable<Wishes["drive"]>;
  readonly #controllers: Controller[] = [];

  private constructor(plant: Plant, site: Site, drive: NonNullable<Wishes["drive"]>) {
    this.plant = plant;
    this.site = site;
    this.drive = drive;
  }

  /** With `atEnd` of the test at hand it is closed with it, so that scenes can go on side by side. */
  static async make(wishes: Wishes = {}, atEnd?: AtEnd): Promise<Scene> {
    const plant = await Plant.start(plantOf(wishes));
    const scene = new Scene(plant, makeSite(wishes, plant.places), wishes.drive ?? "md");
    atEnd?.(() => scene.close());
    return scene;
  }

  start(rig = this.site.rig): Controller {
    return this.keep(startRun(this.site, rig));
  }

  /** A run in Execute, at its speed. */
  async running(suffix = ""): Promise<Controller> {
    const run = this.start(`${this.site.rig.replace(/-r1$/, "")}${suffix}`);
    const turning = (state: PlantState) => turns(state, suffix);
    await Promise.race([this.plant.until("the shaft turns", turning, patienceMs), failsEarly(run)]);
    await run.heard(/there|step/, patienceMs);
    return run;
  }

  command(...words: string[]): Controller {
    return this.keep(new Controller(this.site, words));
  }

  keep(controller: Controller): Controller {
    this.#controllers.push(controller);
    return controller;
  }

  async close(): Promise<void> {
    for (const controller of this.#controllers) if (controller.isAlive) await controller.killed();
    await this.plant.stop();
    this.site.remove();
  }
}

async function failsEarly(run: Controller): Promise<never> {
  const { status, talk, out } = await run.ended;
  throw new Error(`the run ended with ${status} before the shaft turned:\n${talk}${out}`);
}
