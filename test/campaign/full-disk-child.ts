/**
 * A controller on a small disk, a process of its own in virtual time: `full-disk-child.js ROOT FILLER`. After a
 * minute in Execute the filler takes all the room there is; after five minutes it goes away again.
 */
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { placeSpecimens, profileOf } from "../../src/cli/compose.js";
import { benchOf, rigOf, simulatedLines } from "../../src/cli/simulate.js";
import { openSite, packageRoot } from "../../src/cli/site.js";
import { Keeper } from "../../src/keeper/keeper.js";
import { keepRig } from "../../src/keeper/kept-rig.js";
import { rigFacts } from "../../src/lab/facts.js";
import { LifeTest } from "../../src/lab/life-test.js";
import { programOf } from "../../src/profile/compile.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";

const [root = "", filler = ""] = process.argv.slice(2);

/** Until the disk says no. */
function fill(): void {
  const fd = openSync(filler, "w");
  for (let bytes = 1 << 20; bytes >= 512; ) {
    try {
      if (writeSync(fd, Buffer.alloc(bytes)) < bytes) bytes >>= 1;
    } catch {
      bytes >>= 1;
    }
  }
  closeSync(fd);
}

const site = openSite(packageRoot);
const loaded = rigOf("bearing-four", site);
const profile = profileOf("bearing-constant-load", site);
const placed = placeSpecimens(["a", "b", "c", "d"], undefined, profile.value, loaded, site, root);
const products = placed.map((p) => p.product);
const program = programOf(profile, { products, rig: rigFacts(loaded) });
const clock = new VirtualClock(Date.UTC(2026, 0, 1));
const rig = keepRig(
  loaded,
  simulatedLines(loaded, benchOf(loaded, placed, clock, 7), clock),
  clock,
  true,
);
const keeper = new Keeper({ rig, limits: loaded.limits, clock });
const facts = { simulated: true, seed: 7, software: "full disk", recordsRoot: root, clock };
const parts = { loaded, keeper, profile, program, placed, parameters: {} };
const writer = { flushMs: 1000, flushSamples: 512 };
const test = await LifeTest.open({ ...facts, ...parts, writer });
const runs = test.run();
await clock.sleep(60_000);
fill();
await clock.sleep(300_000);
rmSync(filler);
await clock.sleep(600_000);
test.pilot.command("stop", "full disk");
const { outcome } = await runs;
writeSync(1, `${JSON.stringify({ id: test.header.id, outcome })}\n`);
process.exit(0);
