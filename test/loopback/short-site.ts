/** A folder with a short profile and a shipped rig, changed: what a whole run over real bytes begins with. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { placeSpecimens, profileOf } from "../../src/cli/run/compose.js";
import { rigOf } from "../../src/cli/run/simulate.js";
import { openSite } from "../../src/cli/site.js";
import { changedRig, shortProfile } from "../sim/short.js";

/** The bearing rig with a cycle of 200 ms and three specimens, brought up in 2 s and held for `dwell`. */
export function shortSite(dwell: string, changes: Record<string, string> = {}) {
  const root = mkdtempSync(join(tmpdir(), "wearout-run-"));
  const [rigFile, profileFile] = [join(root, "bearing-four.yaml"), join(root, "short.yaml")];
  const rigText = changedRig("bearing-four", { "cycle: 1 s": "cycle: 200 ms", ...changes });
  writeFileSync(rigFile, rigText);
  writeFileSync(profileFile, shortProfile("", stepsTo(dwell)));
  const site = openSite(root);
  const [rig, profile] = [rigOf(rigFile, site), profileOf(profileFile, site)];
  const placed = placeSpecimens(["a", "b", "c"], undefined, profile.value, rig, site, root);
  const remove = () => rmSync(root, { recursive: true, force: true });
  return { root, rigFile, rigText, profileFile, rig, profile, placed, remove };
}

function stepsTo(dwell: string): string {
  return `steps:
  - name: up
    ramp: { to: { speed: 600 rpm, load: 1 kN }, over: 2 s }
  - name: on
    dwell: { time: ${dwell} }
`;
}
