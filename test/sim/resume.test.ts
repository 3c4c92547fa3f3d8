import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { productOf } from "../../src/cli/product.js";
import { bringBack } from "../../src/cli/run/plant-again.js";
import { benchOf } from "../../src/cli/run/simulate.js";
import { openSite } from "../../src/cli/site.js";
import type { RunSummary } from "../../src/record/document/run.js";
import { openRecord } from "../../src/record/reader.js";
import { verifyRun } from "../../src/record/verify/run.js";
import type { PlantTruth } from "../../src/sim/plant.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";
import { wearout } from "../cli/command.js";
import { removeFolders, type SimRun } from "./harness.js";
import { killed } from "./killed.js";

afterAll(removeFolders);

const command = ({ root }: SimRun, ...args: string[]) => {
  return wearout("--site", root, "run", ...args, "--records", root);
};
const resume = (run: SimRun, ...args: string[]) => {
  return command(run, "resume", "bearing-four-1", "--virtual", ...args);
};
const events = ({ root }: SimRun) => {
  const reader = openRecord(root, "bearing-four-1");
  const all = [...reader.events()];
  reader.close();
  return all;
};

describe("wearout run resume", () => {
  let run: SimRun;
  let summary: RunSummary;
  let before: number;
  beforeAll(async () => {
    run = await killed();
    before = events(run).length;
    const said = await resume(run, "--yes", "--json");
    expect(said.status, said.talk).toBe(0);
    summary = JSON.parse(said.out) as RunSummary;
  });

  it("goes on where the run was, to its end, in the same record", () => {
    expect(summary).toMatchObject({ id: "bearing-four-1", outcome: "completed" });
    const steps = events(run).filter((e) => e.kind === "step");
    expect(steps.map((e) => e.data["name"])).toEqual(["up", "low", "higher", "high"]);
    expect(verifyRun(run.root, "bearing-four-1", () => {})).toMatchObject({ ok: true });
  });

  it("books the time without a controller as [none, all]", () => {
    const [interruption] = events(run).filter((e) => e.kind === "interruption");
    const { lengthMs } = interruption!.data as { lengthMs: number };
    expect(lengthMs).toBeGreaterThan(0);
    const { timeOnTestMs } = summary.stations[0]!.exposure as Record<string, [number, number]>;
    // The profile takes 92 s of Execute; what was not seen does not count for it, but may have been.
    expect(timeOnTestMs![0] / 1000).toBeCloseTo(92, 0);
    expect(timeOnTestMs![1] - timeOnTestMs![0]).toBeCloseTo(lengthMs, 0);
  });

  it("tells the whole run in the summary, not only what came after", () => {
    const texts = summary.events.map((e) => (e as { text: string }).text);
    expect(texts.filter((t) => t.startsWith("Stopped -> Resetting"))).toHaveLength(1);
    expect(texts.filter((t) => t.startsWith("interruption 1"))).toHaveLength(1);
    expect(events(run).length).toBeGreaterThan(before);
  });

  it("shows both ends of what was spent, when they are far apart", async () => {
    const { out } = await command(run, "show", "bearing-four-1");
    expect(out).toMatch(
      /s1 a \(ball-bearing\/6206\): censored after 1 min 32 s to 1 min \d+ s, \d+ to \d+ turns/,
    );
  });

  it("refuses a run that has ended, and one that is not there", async () => {
    const again = await resume(run, "--yes");
    expect(again).toMatchObject({ status: 5 });
    expect(again.talk).toMatch(/run bearing-four-1 has ended \(completed\)/);
    expect(await command(run, "resume", "bearing-four-9")).toMatchObject({ status: 2 });
  });
});

describe("wearout run resume leaves a run as it is", () => {
  let run: SimRun;
  beforeAll(async () => {
    run = await killed();
  });

  it("when a person is needed and nobody is there", async () => {
    const before = events(run);
    const said = await resume(run);
    expect(said.status).toBe(5);
    expect(said.talk).toMatch(/left as it is: the profile waits for a person; .*--virtual --yes/);
    expect(events(run)).toEqual(before);
  });

  it("when it is simulated and virtual time was not asked for", async () => {
    const said = await command(run, "resume", "bearing-four-1", "--yes");
    expect(said.talk).toMatch(/is SIMULATED and its plant ended with its process: --virtual/);
    expect(said.status).toBe(2);
  });

  it("when its chain is broken, saying what is trustworthy", async () => {
    const db = new DatabaseSync(join(run.root, "bearing-four-1", "run.db"));
    const body = db.prepare("SELECT body FROM event WHERE seq = 5").get()!["body"];
    const change = db.prepare("UPDATE event SET body = ? WHERE seq = 5");
    change.run(String(body).replace('"text":"', '"text":"x'));
    const said = await resume(run, "--yes");
    change.run(String(body));
    db.close();
    expect(said.status).toBe(3);
    expect(said.talk).toMatch(/event 5 .*; 4 events before it are as written/);
  });

  it("and run start on its rig names it", async () => {
    const args = ["start", "short", "--rig", "bearing-four", "--specimen", "a,b,c", "--virtual"];
    const said = await command(run, ...args);
    expect(said.talk).toMatch(
      /run bearing-four-1 on this rig is not finished: wearout .*run resume .*bearing-four-1 --virtual goes on/,
    );
  });
});

describe("a run whose site has changed since", () => {
  it("goes on with the texts kept with it, and says what the site has otherwise", async () => {
    const run = await killed();
    const file = join(run.root, "profiles", "short.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("time: 40 s", "time: 50 s"));
    mkdirSync(join(run.root, "rigs"));
    writeFileSync(join(run.root, "rigs", "bearing-four.yaml"), "rig: [no rig any more\n");
    const said = await resume(run, "--yes", "--json");
    expect(said.status, said.talk).toBe(0);
    const { outcome, stations } = JSON.parse(said.out) as RunSummary;
    expect(outcome).toBe("completed");
    const { timeOnTestMs } = stations[0]!.exposure as Record<string, [number, number]>;
    expect(timeOnTestMs![0] / 1000).toBeCloseTo(92, 0);
    expect(said.talk).toMatch(
      /^profile short changed since: line 10 is "dwell: \{ time: 50 s \}", was "dwell: \{ time: 40 s \}"$/m,
    );
    expect(said.talk).toMatch(
      /^rig bearing-four changed since: line 1 is "rig: \[no rig any more"/m,
    );
  });

  it("goes on although the site is gone", async () => {
    const run = await killed();
    const gone = ["--site", join(run.root, "gone"), "run", "resume", "bearing-four-1"];
    const said = await wearout(...gone, "--virtual", "--yes", "--records", run.root);
    expect(said.status, said.talk).toBe(0);
    expect(said.talk).toMatch(/the site's own files cannot be compared: --site: found/);
  });
});

describe("a record that cannot be read", () => {
  it.each<[string, (file: string) => void]>([
    ["missing", (file) => rmSync(file)],
    ["empty", (file) => writeFileSync(file, "")],
    [
      "overwritten",
      (file) => {
        writeFileSync(file, "x".repeat(20_000));
        // Its pages would be read from there.
        rmSync(`${file}-wal`, { force: true });
      },
    ],
  ])(
    "because it is %s names its rig, its lines and what helps without it",
    async (_what, spoil) => {
      const run = await killed();
      spoil(join(run.root, "bearing-four-1", "run.db"));
      asReal(run.root);
      const said = await command(run, "resume", "bearing-four-1", "--yes");
      expect(said.status, said.talk).toBe(3);
      expect(said.talk).toMatch(/the record .*bearing-four-1 is damaged: /);
      expect(said.talk).toMatch(
        /rig bearing-four \(drive \/dev.*, io 127.*\) may still move: use its isolator, or: wearout .*rig safe bearing-four/,
      );
    },
  );
});

/** The texts beside the record say that the run was of a real rig. */
function asReal(root: string): void {
  const file = join(root, "bearing-four-1", "files.json");
  const texts = JSON.parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, JSON.stringify({ ...texts, simulated: false }));
}

describe("a simulated plant brought back from a record", () => {
  it("has turned and worn as the one that ended with its process", async () => {
    // What it runs out by after its record has ended is not in it.
    const ends: PlantTruth[] = [];
    const look = { atMs: 90_000, act: ({ bench }: SimRun) => void ends.push(bench.truth()) };
    const { root, loaded } = await killed(90_000, { script: [look] });
    const truth = ends[0]!.stations[0]!;

    const { product, text: productText } = productOf("ball-bearing/6206", openSite(root));
    const placed = ["a", "b", "c"].map((specimen, i) => {
      return { station: `s${i + 1}`, specimen, product, productText };
    });
    const again = benchOf(loaded, placed, new VirtualClock(0), 1);
    const reader = openRecord(root, "bearing-four-1");
    bringBack(again.plant, reader);
    reader.close();
    const brought = again.plant.truth().stations[0]!;
    expect(brought.lifeTurns).toBe(truth.lifeTurns);
    expect(Math.abs(brought.turns / truth.turns - 1)).toBeLessThan(0.03);
    expect(Math.abs(brought.spentFraction / truth.spentFraction - 1)).toBeLessThan(0.05);
  });
});

describe("an interrupted run that is looked at", () => {
  it("says how to go on, in show and where its events were followed", async () => {
    const run = await killed();
    const ways =
      "wearout .*run resume .*bearing-four-1 --virtual goes on with it, wearout .*run stop .*bearing-four-1 ends it";
    const hint = new RegExp(`interrupted(: the controller died in Execute)?; ${ways}`);
    expect((await command(run, "show", "bearing-four-1")).out).toMatch(hint);
    const followed = await command(run, "events", "bearing-four-1", "--follow");
    expect(followed).toMatchObject({ status: 0 });
    expect(followed.talk).toMatch(hint);
    const boxes = await command(run, "blackbox", "bearing-four-1");
    expect(boxes.talk).toMatch(/has no black box: no trip, no failure/);
  });
});
