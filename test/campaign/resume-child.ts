/**
 * The controller of a resume round, a process of its own, against devices that another process serves:
 * `resume-child.js start ROOT LINES` begins a run, `resume-child.js resume ROOT LINES ID [stop]` goes on with
 * it, with a disposition for each suspect station. Every sample is told on stdout; what comes as a message is a
 * command; with `stop` it ends the run after two seconds in Execute.
 */

import { writeSync } from "node:fs";
import { join } from "node:path";
import { RealClock } from "../../src/base/clock.js";
import { placeSpecimens, profileOf } from "../../src/cli/compose.js";
import { openLines } from "../../src/cli/rig-lines.js";
import { openSite } from "../../src/cli/site.js";
import { Keeper } from "../../src/keeper/keeper.js";
import { keepRig } from "../../src/keeper/kept-rig.js";
import { RigBook } from "../../src/keeper/rig-book.js";
import { foldRun } from "../../src/lab/end-run.js";
import { rigFacts } from "../../src/lab/facts.js";
import { LifeTest, type LifeTestSpec } from "../../src/lab/life-test.js";
import { programOf } from "../../src/profile/compile.js";
import { exposureOf } from "../../src/profile/exposure.js";
import type { Verb } from "../../src/record/document/input.js";
import { type Journal, openJournal } from "../../src/record/journal/journal.js";
import { defaultWriterOptions } from "../../src/record/writer.js";
import { loadRig } from "../../src/rig/load.js";
import type { Observer } from "../../src/run/pilot.js";
import { journalPlace } from "./resume-judge.js";

const [what = "", root = "", lines = "{}", id = "", ending = ""] = process.argv.slice(2);

async function spec(): Promise<LifeTestSpec> {
  const site = openSite(root);
  const file = loadRig(join(root, "bearing-four.yaml"), site);
  const loaded = { ...file, rig: { ...file.rig, lines: JSON.parse(lines) } };
  const profile = profileOf(join(root, "round.yaml"), site);
  const names = ["a", "b", "c", "d"];
  const placed = placeSpecimens(names, undefined, profile.value, loaded, site, root);
  const products = placed.map((p) => p.product);
  const program = programOf(profile, { products, rig: rigFacts(loaded) });
  const clock = new RealClock();
  const rig = keepRig(loaded, await openLines(loaded, clock, "resume round"), clock, false);
  journal = await openJournal(journalPlace(root), clock, { tell: () => {} });
  const book = new RigBook(rig.name, clock, journal);
  const keeper = new Keeper({ rig, limits: loaded.limits, clock, book });
  const parts = { loaded, keeper, profile, program, placed, parameters: {}, clock };
  const facts = { simulated: false, seed: undefined, software: "resume round" };
  return { ...parts, ...facts, recordsRoot: root, writer: defaultWriterOptions };
}

/** At each look everything of the look before has been acknowledged: the pilot waited for it. */
let acknowledged = 0;
let waiting = 0;
let cycle = 0;
let executing = 0;

function tell({ pilot }: LifeTest): Observer {
  return (state, _sample, events) => {
    acknowledged += waiting;
    waiting = events.filter((e) => e.kind !== "checkpoint" && e.kind !== "attachment").length;
    if (state.cycle === cycle && waiting === 0) return;
    cycle = state.cycle;
    if (state.packml !== "Execute") executing = 0;
    else if (executing++ === 20 && ending === "stop") pilot.command("stop", "round");
    const [turns = 0] = exposureOf(state.stations[0]!.book).turns;
    writeSync(1, `${acknowledged} ${state.packml} ${state.segment} ${turns}\n`);
  };
}

let journal: Journal | undefined;

async function opened(): Promise<LifeTest> {
  if (what === "start") return LifeTest.open(await spec());
  const dispositions = foldRun(root, id).suspects.map(({ station }) => {
    const found = { kind: "sensor", decision: "continue", text: "the cable", by: "round" } as const;
    return { station, ...found };
  });
  return LifeTest.reopen(await spec(), id, { confirmed: true, isThere: false, dispositions });
}

const test = await opened();
test.watch(tell(test));
process.on("message", (verb: Verb) => test.pilot.command(verb, "round"));
writeSync(1, `${test.header.id}\n`);
await test.run();
await journal?.close();
process.exit(0);
