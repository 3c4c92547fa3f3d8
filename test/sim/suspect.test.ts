import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunSummary } from "../../src/record/document/run.js";
import { openRecord } from "../../src/record/reader.js";
import { verifyRun } from "../../src/record/verify/run.js";
import { wearout } from "../cli/command.js";
import { removeFolders, type SimRun, simulate } from "./harness.js";
import { short } from "./short.js";

afterAll(removeFolders);

/** A trip on the second station, in the middle of the second step; its process has ended. */
function tripped(): Promise<SimRun> {
  const text = "s2.vibration above 7 mm/s";
  const act = (run: SimRun) => run.test.pilot.trip("vibration", "s2", text);
  return simulate({ ...short, script: [{ atMs: 30_553, act }] });
}

const resume = ({ root }: SimRun, ...args: string[]) => {
  const words = ["run", "resume", "bearing-four-1", "--virtual", "--yes", "--json"];
  return wearout(...words, ...args, "--records", root);
};

describe("a run that a trip on a station has interrupted", () => {
  let run: SimRun;
  beforeAll(async () => {
    run = await tripped();
  });

  it("is open, listed as interrupted, and its cause is the trip", async () => {
    expect(run.error).toBeUndefined();
    expect(run.reader.condition).toBe("interrupted");
    const list = await wearout("run", "list", "--outcome", "interrupted", "--records", run.root);
    expect(list.out).toMatch(/bearing-four-1 .* interrupted .* s2.vibration above 7 mm\/s\n/);
  });

  it("is not gone on with by --yes: the station is named, and what to type", async () => {
    const said = await resume(run);
    expect(said.status).toBe(5);
    expect(said.talk).toMatch(
      /s2 is suspect \(s2.vibration above 7 mm\/s\); .* --virtual --disposition "s2=sensor continue: cable was loose/,
    );
  });

  it("takes no word that does not say what was found, and none on another station", async () => {
    expect(await resume(run, "--disposition", "s2=sensor continue")).toMatchObject({ status: 2 });
    const other = await resume(run, "--disposition", "s1=sensor continue: cable was loose");
    expect(other.status).toBe(5);
    expect(other.talk).toMatch(/found s1, which is not suspect in run bearing-four-1 \(s2\)/);
    const word = ["--disposition", "s2=sensor continue: cable was loose"];
    expect(await resume(run, ...word, ...word)).toMatchObject({ status: 2 });
  });

  it("goes on to its end by a signed word, which the record keeps", async () => {
    const word = "s2=sensor continue: cable was loose, swapped with s3's";
    const said = await resume(run, "--disposition", word, "--by", "mei");
    expect(said.status, said.talk).toBe(0);
    expect(JSON.parse(said.out)).toMatchObject({ outcome: "completed" });
    const reader = openRecord(run.root, "bearing-four-1");
    const [kept] = [...reader.events()].filter((e) => e.kind === "disposition");
    reader.close();
    expect(kept).toMatchObject({
      station: "s2",
      data: { kind: "sensor", decision: "continue", by: "mei" },
    });
    expect(verifyRun(run.root, "bearing-four-1", () => {}).ok).toBe(true);
  });
});

it("a specimen withdrawn while suspect has lived until the trip, and is marked in the life table", async () => {
  const run = await tripped();
  const said = await resume(run, "--disposition", "s2=specimen withdrawn: noisy, to be cut open");
  expect(said.status, said.talk).toBe(0);
  const { stations } = JSON.parse(said.out) as RunSummary;
  expect(stations[1]).toMatchObject({ outcome: "censored", informative: true });
  const table = await wearout("life", "table", "bearing-four-1", "--records", run.root);
  const [head, ...rows] = table.out
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
  const of = (name: string) => rows.map((row) => row[head!.indexOf(name)]);
  expect(of("informative")).toEqual(["0", "1", "0"]);
  const [one, two] = of("time_h").map(Number);
  expect(two! * 3600).toBeCloseTo(28, 0);
  // The others went through the rest of the profile.
  expect(one! / two!).toBeGreaterThan(3);
});

it("a specimen found to have failed failed at the trip", async () => {
  const run = await tripped();
  const said = await resume(run, "--disposition", "s2=specimen failed: spall on the outer ring");
  expect(said.status, said.talk).toBe(6);
  const { stations, outcome } = JSON.parse(said.out) as RunSummary;
  expect(outcome).toBe("failed");
  expect(stations.map((s) => s.outcome)).toEqual(["censored", "failed", "censored"]);
});

it("a run that is stopped while a station is suspect withdraws its specimen", async () => {
  const run = await tripped();
  const words = ["run", "stop", "bearing-four-1", "--yes", "--json", "--records", run.root];
  const said = await wearout(...words);
  expect(said.status, said.talk).toBe(0);
  const { stations, outcome } = JSON.parse(said.out) as RunSummary;
  expect(outcome).toBe("stopped");
  expect(stations.map((s) => [s.outcome, s.informative === true])).toEqual([
    ["censored", false],
    ["censored", true],
    ["censored", false],
  ]);
  expect(verifyRun(run.root, "bearing-four-1", () => {}).ok).toBe(true);
});
