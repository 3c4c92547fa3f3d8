/**
 * The controller of a resume round, a process of its own, against devices that another process serves:
 * `resume-child.js start ROOT LINES` begins a run, `resume-child.js resume ROOT LINES ID [stop]` goes on with
 * it. Every sample is told on stdout; with `stop` it ends the run after two seconds in Execute.
 */

import { writeSync } from "node:fs";
import { join } from "node:path";
import { RealClock } from "../../src/base/clock.js";
import { placeSpecimens, profileOf, programOf } from "../../src/cli/compose.js";
import { openLines } from "../../src/cli/rig-lines.js";
import { openSite } from "../../src/cli/site.js";
import { Keeper } from "../../src/keeper/keeper.js";
import { keepRig } from "../../src/keeper/kept-rig.js";
import { LifeTest, type LifeTestSpec } from "../../src/lab/life-test.js";
import { defaultWriterOptions } from "../../src/record/writer.js";
import { loadRig } from "../../src/rig/load.js";
import type { Observer } from "../../src/run/pilot.js";

const [what = "", root = "", lines = "{}", id = "", ending = ""] = process.argv.slice(2);

async function spec(): Promise<LifeTestSpec> {
  const site = openSite(root);
  const file = loadRig(join(root, "bearing-four.yaml"), site);
  const loaded = { ...file, rig: { ...file.rig, lines: JSON.parse(lines) } };
  const profile = profileOf(join(root, "round.yaml"), site);
  const names = ["a", "b", "c", "d"];
  const placed = placeSpecimens(names, undefined, profile.value, loaded, site, root);
  const products = placed.map((p) => p.product);
  const program = programOf(profile, products, loaded, {});
  const clock = new RealClock();
  const rig = keepRig(loaded, await openLines(loaded, clock, "resume round"), clock, false);
  const keeper = new Keeper({ rig, limits: loaded.limits, clock });
  const observe: Observer = (state, _sample, events) => {
    acknowledged += waiting;
    waiting = events.filter((e) => e.kind !== "checkpoint" && e.kind !== "attachment").length;
    if (state.cycle === cycle && waiting === 0) return;
    cycle = state.cycle;
    if (state.packml !== "Execute") executing = 0;
    else if (executing++ === 20 && ending === "stop") test?.pilot.command("stop", "round");
    writeSync(1, `${acknowledged} ${state.packml}\n`);
  };
  const parts = { loaded, keeper, profile, program, placed, parameters: {}, clock, observe };
  const facts = { simulated: false, seed: undefined, software: "resume round" };
  return { ...parts, ...facts, recordsRoot: root, writer: defaultWriterOptions };
}

/** At each look everything of the look before has been acknowledged: the pilot waited for it. */
let acknowledged = 0;
let waiting = 0;
let cycle = 0;
let executing = 0;
let test: LifeTest | undefined;

const person = { confirmed: true, isThere: false };
test =
  what === "start"
    ? await LifeTest.open(await spec())
    : await LifeTest.reopen(await spec(), id, person);
writeSync(1, `${test.header.id}\n`);
await test.run();
process.exit(0);
