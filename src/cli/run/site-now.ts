/** What a site says now of the files that a run has kept. */
import { readFileSync } from "node:fs";
import { listDeviceTypes } from "../../device/load.js";
import { changedSince } from "../../lab/kept-run.js";
import { listProfiles } from "../../profile/load.js";
import { listProducts } from "../../profile/load-product.js";
import type { KeptFile } from "../../record/document/run.js";
import { listRigs } from "../../rig/load.js";
import type { Site } from "../site.js";

/** A sentence for each file that is another by now; a site that cannot be read hinders nobody. */
export function changesOfSite(kept: readonly KeptFile[], site: () => Site): string[] {
  try {
    const paths = pathsOf(site());
    return changedSince(kept, ({ kind, name }) => textAt(paths.get(`${kind} ${name}`)));
  } catch (error) {
    return [`the site's own files cannot be compared: ${(error as Error).message}`];
  }
}

function textAt(path: string | undefined): string | undefined {
  return path === undefined ? undefined : readFileSync(path, "utf8");
}

function pathsOf(site: Site): Map<string, string> {
  const named = [
    ...listRigs(site.rigs).map((f) => [`rig ${f.name}`, f.file] as const),
    ...listProfiles(site.profiles).map((f) => [`profile ${f.name}`, f.file] as const),
    ...listProducts(site.products).map((f) => [`product ${f.id}`, f.file] as const),
    ...listDeviceTypes(site.devices).map((f) => [`device-type ${f.name}`, f.file] as const),
  ];
  return new Map(named);
}
