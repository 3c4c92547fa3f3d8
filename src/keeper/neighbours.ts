/** Other rigs that have a wire of this one, as far as their safe plans in the state folder say. */
import type { LineSpec } from "../line/line.js";
import type { SafePlan } from "../rig/safe-plan.js";
import { planFile, planFiles, readPlan } from "../rig/safe-plan-file.js";
import { placeOf } from "./wire-identity.js";

/** `lines` as this rig calls them; `open`: actuators of the other that may be energised. */
export type Neighbour = {
  rig: string;
  site: string;
  lines: readonly string[];
  open: readonly string[];
};

/** Whose wires are looked for, and the state folder of all. */
type Owner = { folder: string; site: string; rig: string; lines: ReadonlyMap<string, LineSpec> };

/** A rig that was never started from here has no plan, and nothing of it can have energy. */
export function neighboursOf({ folder, site, rig, lines }: Owner): Neighbour[] {
  const own = planFile(folder, site, rig);
  return planFiles(folder).flatMap((file) => {
    const read = file === own ? undefined : readPlan(file);
    return read?.kind === "plan" ? sharedWith(read.plan, lines) : [];
  });
}

function sharedWith(plan: SafePlan, lines: ReadonlyMap<string, LineSpec>): Neighbour[] {
  const theirs = new Set(Object.values(plan.lines).map(({ spec }) => placeOf(spec)));
  const shared = [...lines].filter(([, spec]) => theirs.has(placeOf(spec)));
  if (shared.length === 0) return [];
  const open = plan.actuators.filter((a) => a.energised).map((a) => a.role);
  return [{ rig: plan.rig, site: plan.site, lines: shared.map(([name]) => name), open }];
}
