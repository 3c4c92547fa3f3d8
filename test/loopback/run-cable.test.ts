/** Whole runs over real bytes whose drive's cable is pulled and put back. */
import { afterAll, describe, it } from "vitest";
import { RealClock } from "../../src/base/clock.js";
import { good, qualities } from "../../src/base/sample.js";
import { openLines } from "../../src/cli/rig-lines.js";
import { benchOf } from "../../src/cli/simulate.js";
import { Keeper } from "../../src/keeper/keeper.js";
import { keepRig } from "../../src/keeper/kept-rig.js";
import { rigFacts } from "../../src/lab/facts.js";
import { LifeTest } from "../../src/lab/life-test.js";
import { programOf } from "../../src/profile/compile.js";
import type { RecordEvent } from "../../src/record/document/event.js";
import { openRecord } from "../../src/record/reader.js";
import { defaultWriterOptions } from "../../src/record/writer.js";
import { serveTcp } from "../../src/sim/tcp-server.js";
import { Cable } from "./cable.js";
import { shortSite } from "./short-site.js";

const clock = new RealClock();
const closers: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

/** The bearing rig with a quick cycle; its drive hangs on the cable, everything else on TCP. */
async function setUp() {
  const { root, rig: file, profile, placed, remove } = shortSite("6 s");
  closers.push(remove);
  const products = placed.map((p) => p.product);
  const program = programOf(profile, { products, rig: rigFacts(file) });
  const bench = benchOf(file, placed, clock, 1);
  const cable = new Cable(bench.units("drive"), clock);
  closers.push(() => cable.close());
  const missing = await cable.plug();
  if (missing !== undefined) return missing;
  const lines = { ...file.rig.lines };
  lines["drive"] = { ...lines["drive"]!, serial: cable.path } as (typeof lines)[string];
  for (const name of ["sensors", "io"]) {
    const server = await serveTcp(bench.units(name), { host: "127.0.0.1", port: 0 }, clock);
    closers.push(() => server.close());
    lines[name] = { tcp: `127.0.0.1:${server.port}` };
  }
  const loaded = { ...file, rig: { ...file.rig, lines } };
  const rig = keepRig(loaded, await openLines(loaded, clock, "this test"), clock, true);
  const keeper = new Keeper({ rig, limits: loaded.limits, clock });
  closers.push(() => keeper.close());
  const events: RecordEvent[] = [];
  const heard: (() => void)[] = [];
  const test = await LifeTest.open({
    ...{ loaded, keeper, profile, program, placed, parameters: {}, simulated: true, seed: 1 },
    ...{ software: "test", recordsRoot: root, writer: defaultWriterOptions, clock },
  });
  test.watch((_state, _sample, more) => {
    events.push(...more);
    for (const listener of heard) listener();
  });
  /** Resolves with the first sample for which it holds. */
  const when = (holds: () => boolean) =>
    new Promise<void>((resolve) => heard.push(() => holds() && resolve()));
  return { root, cable, test, events, when, rig };
}

const inStep = (test: LifeTest, forMs: number) => () =>
  test.state.packml === "Execute" &&
  test.state.segment === 1 &&
  test.state.at - test.state.segmentSince > forMs;

describe.concurrent("a cable pulled during a run and put back", () => {
  it("for a moment: the run goes on, the record shows the gap, the counters the return", async ({
    expect: check,
    skip,
  }) => {
    const set = await setUp();
    if (typeof set === "string") return skip(set);
    const { root, cable, test, when } = set;
    const running = test.run();
    await when(inStep(test, 800));
    cable.unplug();
    const pulledAt = test.state.at;
    await when(() => test.state.at > pulledAt + 600);
    await cable.plug();
    const summary = await running;
    check([summary.outcome, summary.reason]).toEqual(["completed", check.any(String)]);
    const counted = { reconnects: 1, closed: check.any(Number) };
    check(summary.lines?.["drive"]).toMatchObject(counted);
    check(summary.lines?.["drive"]).not.toMatchObject({ closed: 0 });
    const reader = openRecord(root, test.header.id);
    const column = reader.header.columns.findIndex(({ name }) => name === "speed");
    const seen = [...reader.samples()].map(({ at, quality }) => ({ at, q: quality[column]! }));
    const gap = seen.filter(({ at, q }) => at > pulledAt && q !== good);
    check(gap.length).toBeGreaterThan(1);
    check(gap.every(({ q }) => qualities[q] === "held" || qualities[q] === "bad")).toBe(true);
    check(seen.at(-1)!.q).toBe(good);
    const turns = (summary.exposure as { turns: [number, number] }).turns;
    check(turns[1]).toBeGreaterThan(turns[0]);
  });

  it("for too long: the guard trips, says what it could not confirm, and the line is back after", async ({
    expect: check,
    skip,
  }) => {
    const set = await setUp();
    if (typeof set === "string") return skip(set);
    const { cable, test, events, when, rig } = set;
    const running = test.run();
    await when(inStep(test, 800));
    cable.unplug();
    await when(() => events.some(({ kind }) => kind === "trip"));
    await cable.plug();
    const summary = await running;
    check(summary).toMatchObject({ outcome: "interrupted", state: "Aborted" });
    const trip = events.find(({ kind }) => kind === "trip")!;
    check(trip.text).toMatch(/no good reading of speed|no answer on line drive/);
    check(summary.lines?.["drive"]).toMatchObject({ reconnects: 1 });
    // The cable is back in time for the safe command to be repeated and confirmed.
    check(rig.isSafe).toBe(true);
    const safe = events.filter(({ kind }) => kind === "safe" || kind === "fault");
    check(safe.some(({ text }) => /load held/.test(text))).toBe(true);
  });
});
