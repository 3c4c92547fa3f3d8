import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { benchOf, simulatedLines } from "../../src/cli/run/simulate.js";
import { summaryLines } from "../../src/cli/run/words.js";
import { signature } from "../../src/cli/signature.js";
import { packageRoot } from "../../src/cli/site.js";
import { Keeper } from "../../src/keeper/keeper.js";
import { keepRig } from "../../src/keeper/kept-rig.js";
import { headOf } from "../../src/lab/comeback.js";
import { endRun } from "../../src/lab/end-run.js";
import { keptRun } from "../../src/lab/kept-run.js";
import { LifeTest } from "../../src/lab/life-test.js";
import type { RunSummary } from "../../src/record/document/run.js";
import { takeLock } from "../../src/record/lock.js";
import { openRecord } from "../../src/record/reader.js";
import { verifyRun } from "../../src/record/verify/run.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";
import { type Said, wearout } from "../cli/command.js";
import { removeFolders, type SimRun } from "./harness.js";
import { killed } from "./killed.js";

afterAll(removeFolders);

const stop = (root: string, ...args: string[]) => {
  return wearout("--site", join(root, "gone"), "run", "stop", ...args, "--records", root);
};

describe("wearout run stop", () => {
  let run: SimRun;
  let said: Said;
  beforeAll(async () => {
    run = await killed();
    said = await stop(run.root, "bearing-four-1", "--yes", "--reason", "to repair", "--json");
  });

  it("ends a run that nobody keeps, and censors every specimen that lives", () => {
    expect(said.status, said.talk).toBe(0);
    const { outcome, reason, state, stations } = JSON.parse(said.out) as RunSummary;
    expect({ outcome, reason, state }).toEqual({
      outcome: "stopped",
      reason: "to repair",
      state: "Stopped",
    });
    expect(stations.map((s) => s.outcome)).toEqual(["censored", "censored", "censored"]);
  });

  it("leaves a record that has ended and is what was written", () => {
    expect(verifyRun(run.root, "bearing-four-1", () => {})).toMatchObject({
      ok: true,
      condition: "ended",
    });
    const reader = openRecord(run.root, "bearing-four-1");
    const last = [...reader.events()].slice(-4);
    reader.close();
    expect(last.map((e) => e.kind)).toEqual(["input", "state", "state", "run-ended"]);
    expect(last[0]!.text).toMatch(/^ended by \S+: to repair; nobody kept it for /);
  });

  it("is told once: a run that has ended is not ended again", async () => {
    const again = await stop(run.root, "bearing-four-1", "--yes");
    expect(again.status).toBe(5);
    expect(again.talk).toMatch(/run bearing-four-1 has ended \(stopped\)/);
  });
});

describe("wearout run stop leaves a run as it is", () => {
  let run: SimRun;
  beforeAll(async () => {
    run = await killed(60_300);
  });
  const isOpen = () => {
    const reader = openRecord(run.root, "bearing-four-1");
    const { condition } = reader;
    reader.close();
    return condition === "interrupted";
  };

  it("where nobody can be asked, naming the stake and what to type", async () => {
    const said = await stop(run.root, "bearing-four-1");
    expect(said.status).toBe(5);
    expect(said.talk).toMatch(
      /this ends 57 s of 3 specimens as censored; say so with: wearout .*run stop .*bearing-four-1 --yes/,
    );
    expect(isOpen()).toBe(true);
  });

  it("while another process keeps it", async () => {
    const lock = takeLock(join(run.root, "bearing-four-1"));
    const [asked, told] = [
      await stop(run.root, "bearing-four-1"),
      await stop(run.root, "bearing-four-1", "--yes"),
    ];
    lock.release(true);
    expect(asked).toMatchObject({ status: 5 });
    expect(asked.talk).toMatch(/run bearing-four-1 is kept by a process now/);
    expect(told).toMatchObject({ status: 5 });
    expect(isOpen()).toBe(true);
  });
});

describe("time that nobody kept a run", () => {
  it("is booked as at least nothing when the run is ended", async () => {
    const root = copied();
    const said = await stop(root, "bearing-four-1", "--yes", "--json");
    expect(said.status, said.talk).toBe(0);
    const { stations, endedWall, startedWall } = JSON.parse(said.out) as RunSummary;
    const { timeOnTestMs } = stations[0]!.exposure as Record<string, [number, number]>;
    expect(timeOnTestMs![0]).toBeLessThan(31_000);
    expect(timeOnTestMs![1]).toBeGreaterThan(0.9 * (endedWall - startedWall));
  });
});

describe("an open record of layout 2 that an earlier version wrote", () => {
  it("is ended by its own texts, verified, and is in the life table", async () => {
    const root = copied();
    const said = await stop(root, "bearing-four-1", "--yes", "--by", "mei");
    expect(said.status, said.talk).toBe(0);
    expect(said.out).toMatch(/^bearing-four-1: stopped \(Stopped\), stopped by mei\n/);
    expect(verifyRun(root, "bearing-four-1", () => {})).toMatchObject({ ok: true, layout: 2 });
    const table = await wearout("life", "table", "bearing-four-1", "--records", root);
    expect(table.out.trimEnd().split("\n")).toHaveLength(4);
  });

  it("goes on by its own texts to its end", async () => {
    const root = copied();
    const header = headOf(root, "bearing-four-1");
    const kept = keptRun(header);
    const clock = new VirtualClock(header.startedWall + 60_000);
    const bench = benchOf(kept.loaded, kept.placed, clock, 1);
    const rig = keepRig(kept.loaded, simulatedLines(kept.loaded, bench, clock), clock, false);
    const keeper = new Keeper({ rig, limits: kept.loaded.limits, clock });
    const writer = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 512 };
    const facts = { parameters: header.parameters, simulated: false, seed: undefined, clock };
    const spec = { ...kept, ...facts, keeper, software: "test", recordsRoot: root, writer };
    const person = { confirmed: true, isThere: false };
    const test = await LifeTest.reopen(spec, "bearing-four-1", person);
    const summary = await test.run();
    await keeper.close();
    expect(summary).toMatchObject({ outcome: "completed", state: "Complete" });
    expect(verifyRun(root, "bearing-four-1", () => {})).toMatchObject({ ok: true, layout: 2 });
  });
});

describe("a clock that tells nothing of the time away", () => {
  it("leaves exposure without an upper bound, and the last lines say so", async () => {
    const root = copied();
    const writer = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 512 };
    const spec = { recordsRoot: root, id: "bearing-four-1", by: "mei", reason: "to repair" };
    const { summary } = await endRun({ ...spec, clock: new VirtualClock(0), writer });
    const lines = summaryLines(summary);
    expect(lines[1]).toMatch(/s1 a .*: censored after \d+ s or more, \d+ turns or more$/);
  });
});

describe("an open run of a real rig", () => {
  it("keeps a new one from its rig until it is resumed or stopped, and is listed with its cause", async () => {
    const root = copied();
    const where = ["--records", root];
    const list = await wearout("run", "list", "--outcome", "interrupted", ...where);
    expect(list.out).toMatch(/bearing-four-1 .* interrupted .* the controller died in Execute\n/);
    const args = ["start", "bearing-constant-load", "--rig", "bearing-four", "--specimen", "x"];
    const refused = await wearout("run", ...args, ...where);
    expect(refused.status).toBe(5);
    expect(refused.talk).toMatch(
      /run bearing-four-1 is open and has rig bearing-four: wearout .*run resume .*bearing-four-1 goes on with it, wearout .*run stop .*bearing-four-1 ends it/,
    );
    await stop(root, "bearing-four-1", "--yes");
    const none = await wearout("run", "list", "--outcome", "interrupted", ...where);
    expect(none.out).toBe("");
    const free = await wearout("run", ...args, ...where);
    expect(free.talk).not.toMatch(/is open/);
  });
});

it("a word is signed by its name, else by the user on this machine", () => {
  expect(signature("mei")).toBe("mei");
  expect(signature(undefined)).toMatch(/^[^@]+@[^@]+$/);
});

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A real rig's run whose controller died in Execute. */
function copied(): string {
  const root = mkdtempSync(join(tmpdir(), "wearout-stop-"));
  folders.push(root);
  cpSync(join(packageRoot, "test/data/records/layout-2-open"), root, { recursive: true });
  return root;
}
