/** A run that is put down, and taken up again: by the words of the command line, on a simulated rig. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRecord } from "../../src/record/reader.js";
import { verifyRun } from "../../src/record/verify-run.js";
import { wearout } from "../cli/command.js";
import { removeFolders, type SimRun, simulate } from "./harness.js";
import { at, short } from "./short.js";

afterAll(removeFolders);

/** Let go of in the middle of the second step. */
function left(): Promise<SimRun> {
  return simulate({ ...short, script: [at(30_553, "leave")] });
}

const say = ({ root }: SimRun, ...words: string[]) => wearout(...words, "--records", root);
const id = "bearing-four-1";
const park = (run: SimRun, ...more: string[]) =>
  say(run, "run", "park", id, "--by", "mei", ...more);

describe("an open run", () => {
  let run: SimRun;
  beforeAll(async () => {
    run = await left();
  });

  it("is parked only with a reason, and with stations that it has", async () => {
    expect(await park(run)).toMatchObject({ status: 2 });
    const other = await park(run, "--reason", "lot B8 is urgent", "--mounted", "s9");
    expect(other.status).toBe(5);
    expect(other.talk).toContain("s9 is no station of this run");
  });

  it("says what is taken off, and is listed as parked, with who and why", async () => {
    const said = await park(run, "--reason", "lot B8 is urgent", "--mounted", "s1", "--json");
    expect(said.status, said.talk).toBe(0);
    expect(JSON.parse(said.out)).toMatchObject({
      run: id,
      mounted: ["s1"],
      takenOff: ["s2", "s3"],
    });
    const listed = await say(run, "run", "list", "--outcome", "parked");
    expect(listed.out).toMatch(/parked .* parked by mei: lot B8 is urgent; s2, s3 taken off\n/);
    const json = await say(run, "run", "list", "--json");
    expect(JSON.parse(json.out)).toMatchObject([{ condition: "parked", outcome: "parked" }]);
    const shown = await say(run, "run", "show", id);
    expect(shown.out).toMatch(/^parked by mei: .*run resume .*bearing-four-1 --virtual/m);
  });

  it("cannot be parked twice", async () => {
    const twice = await park(run, "--reason", "once more");
    expect(twice.status).toBe(5);
    expect(twice.talk).toContain("it is parked already, by mei");
  });

  it("goes on only with a word on each station, and tells what to type", async () => {
    const words = ["run", "resume", id, "--virtual", "--yes"];
    const bare = await say(run, ...words);
    expect(bare.status).toBe(5);
    expect(bare.talk).toMatch(/s1 is suspect \(mounted while .*s2 is suspect \(taken off when/);
    expect(bare.talk).toContain('--disposition "s2=outside continue: same serial, mounted again');
    const all = ["s1", "s2", "s3"].flatMap((station) => [
      ...["--disposition", `${station}=outside continue: same serial, turns freely`],
    ]);
    const said = await say(run, ...words, "--json", ...all);
    expect(said.status, said.talk).toBe(0);
    expect(JSON.parse(said.out)).toMatchObject({ outcome: "completed" });
    expect(verifyRun(run.root, id, () => {}).ok).toBe(true);
  });

  it("has its remounts in the life table, for who was taken off", async () => {
    const table = await say(run, "life", "table", id);
    const [head, ...rows] = table.out
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    expect(rows.map((row) => row[head!.indexOf("remounts")])).toEqual(["0", "1", "1"]);
  });
});

it("a parked run can be ended without its rig, and what it had lived is censored", async () => {
  const run = await left();
  const parked = await park(run, "--reason", "lot B8 is urgent");
  expect(parked.out).toContain("rig bearing-four is free for another one; take off s1, s2, s3");
  const stake = await say(run, "run", "stop", id);
  expect(stake.talk).toContain("of 3 specimens as censored; say so with");
  const said = await say(run, "run", "stop", id, "--yes");
  expect(said.status, said.talk).toBe(0);
  const reader = openRecord(run.root, id);
  const { summary } = reader;
  reader.close();
  expect(summary?.stations.map((s) => [s.outcome, s.informative])).toEqual(
    ["a", "b", "c"].map(() => ["censored", undefined]),
  );
  expect(verifyRun(run.root, id, () => {}).ok).toBe(true);
});
