/** Who keeps a rig, found for a command that speaks to it. */
import { findKeeper, type KeeperClient } from "../../api/client.js";
import { notesElsewhere, whoIs } from "../../api/note.js";
import type { Place } from "../../api/place.js";
import { RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import type { Shell } from "../shell.js";
import { type KeptOptions, keeperPlaces } from "./places.js";

/** Undefined when nobody keeps it; throws `KEEPER_SILENT` or `KEEPER_CLOSED` naming who does. */
export function keeperOf(
  shell: Shell,
  rig: string,
  options: KeptOptions,
): Promise<KeeperClient | undefined> {
  return findKeeper(keeperPlaces(shell, rig, options), new RealClock());
}

/** A run id is its rig's name and a number. */
export function rigOfRun(id: string): string {
  return id.replace(/-[0-9]+$/, "");
}

/** What a person names: a rig, or a run by its id. */
export type Meant = { keeper: KeeperClient; run: string | undefined };

/** Throws `STATE_REFUSED` where nobody keeps it. */
export async function meantBy(shell: Shell, name: string, options: KeptOptions): Promise<Meant> {
  const meant = await meantIfKept(shell, name, options);
  if (meant !== undefined) return meant;
  const rig = rigOfRun(name);
  throw nobodyKeeps(keeperPlaces(shell, rig, options), rig);
}

/** Undefined where nobody keeps it. */
export async function meantIfKept(
  shell: Shell,
  name: string,
  options: KeptOptions,
): Promise<Meant | undefined> {
  const asRig = await keeperOf(shell, name, options);
  if (asRig !== undefined) return { keeper: asRig, run: undefined };
  const rig = rigOfRun(name);
  const ofRun = rig === name ? undefined : await keeperOf(shell, rig, options);
  return ofRun === undefined ? undefined : { keeper: ofRun, run: name };
}

function nobodyKeeps(places: readonly Place[], rig: string): WearoutError {
  const site = places[0]?.site ?? "";
  const others = notesElsewhere(places).map((note) => `${whoIs(note)} (--site ${note.site})`);
  const elsewhere = others.length === 0 ? "" : `; of another site: ${others.join(", ")}`;
  const text = `no process keeps ${rig} of the site ${site}${elsewhere}`;
  return new WearoutError(
    "STATE_REFUSED",
    `${text}; if it may be energised: wearout rig safe ${rig}`,
  );
}
