/** Where the process that keeps a rig is spoken to. */
import { type Place, placesOf } from "../../api/place.js";
import { stateFolder } from "../../rig/safe-plan-file.js";
import type { Shell } from "../shell.js";
import { sitePath } from "../site.js";

export type KeptOptions = { state?: string };

/** Where a process of this site that keeps the rig is spoken to, the first place that of one started here. */
export function keeperPlaces(shell: Shell, rig: string, options: KeptOptions): Place[] {
  return keeperPlacesOf(shell, sitePath(shell.siteFolder()), rig, options);
}

/** The same of any site, by its real path. */
export function keeperPlacesOf(
  { env }: Shell,
  site: string,
  rig: string,
  { state }: KeptOptions,
): Place[] {
  const isNamed = Boolean(state || env["WEAROUT_STATE"]);
  return placesOf({ env, stateFolder: stateFolder(state, env), isNamed }, site, rig);
}
