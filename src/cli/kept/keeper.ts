/** Who keeps a rig, found for a command that speaks to it. */
import { findKeeper, type KeeperClient } from "../../api/client.js";
import { notesElsewhere, whoIs } from "../../api/note.js";
import { RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import { suggest } from "../../base/nearest.js";
import { planFiles, readPlan, stateFolder } from "../../rig/safe-plan-file.js";
import type { Shell } from "../shell.js";
import { sitePath } from "../site.js";
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

/** What can be done about a rig that nobody keeps, a sentence. */
export type Helps = (rig: string) => string;

/** Throws `STATE_REFUSED` where nobody keeps it, with what `helps`; `FILE_UNREADABLE` where there is no such rig. */
export async function meantBy(
  shell: Shell,
  name: string,
  options: KeptOptions,
  helps?: Helps,
): Promise<Meant> {
  const meant = await meantIfKept(shell, name, options);
  if (meant !== undefined) return meant;
  throw await nobodyKeeps(shell, name, options, helps);
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

/** Of a rig or run that nobody keeps: there is no such rig, or which it is, and where one of its name is kept. */
export async function nobodyKeeps(
  shell: Shell,
  name: string,
  options: KeptOptions,
  helps?: Helps,
): Promise<WearoutError> {
  const rig = rigOfRun(name);
  const places = keeperPlaces(shell, rig, options);
  const others = notesElsewhere(places).map((note) => `${whoIs(note)} (--site ${note.site})`);
  const known = await rigsKnown(shell, options);
  if (others.length === 0 && !known.includes(name) && !known.includes(rig)) {
    return new WearoutError("FILE_UNREADABLE", `no rig "${name}", expected ${suggest(rig, known)}`);
  }
  const elsewhere = others.length === 0 ? "" : `; of another site: ${others.join(", ")}`;
  const text = `no process keeps ${rig} of the site ${places[0]?.site ?? ""}${elsewhere}`;
  const way = helps?.(rig) ?? `if it may be energised: wearout rig safe ${rig}`;
  return new WearoutError("STATE_REFUSED", `${text}; ${way}`);
}

/** Those that the site has a file of, and those that were started from it. */
async function rigsKnown(shell: Shell, { state }: KeptOptions): Promise<string[]> {
  const site = sitePath(shell.siteFolder());
  const started = planFiles(stateFolder(state, shell.env)).flatMap((file) => {
    const read = readPlan(file);
    return read.kind === "plan" && read.plan.site === site ? [read.plan.rig] : [];
  });
  const { listRigs } = await import("../../rig/load.js");
  return [...new Set([...listRigs(shell.site().rigs).map(({ name }) => name), ...started])];
}
