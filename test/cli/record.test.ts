import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openRecord } from "../../src/record/reader.js";
import { createRecord } from "../../src/record/writer.js";
import { newRoot } from "../unit/record/fixture.js";
import { eventOf, header, ManualClock, sampleOf, summaryOf } from "../unit/record/run.js";
import { wearout } from "./command.js";

const options = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 100 };
let root = "";
let target = "";

async function open(rig: string) {
  const writer = await createRecord(root, { ...header, rig }, new ManualClock(), options);
  for (let n = 1; n <= 300; n++) writer.sample(sampleOf(n));
  await writer.commit([eventOf(1)]);
  return writer;
}

/** One run that has ended, one that was interrupted. */
beforeEach(async () => {
  [root, target] = [newRoot(), newRoot()];
  await (await open("done")).end(summaryOf("done-1"));
  await (await open("cut")).close();
});

const record = (...args: string[]) => wearout("record", ...args, "--records", root);

describe("wearout record status", () => {
  it("tells the room of every run, what is not folded, and what a power cut may cost", async () => {
    const { out, status } = await record("status");
    expect(status).toBe(0);
    expect(out).toMatch(/^records {2}.*: 2 runs, [\d.]+ kB\ndisk {5}[\d.]+ [MGT]B free\n/);
    expect(out).toMatch(/\nloss {5}a power cut costs at most 1 s of samples/);
    expect(out).toMatch(/\ncut-1 +interrupted +[\d.]+ kB +300 +0\n/);
    expect(out).toMatch(/\ndone-1 +failed +[\d.]+ kB +0 +0\n/);
    const { runs } = JSON.parse((await record("status", "--json")).out) as { runs: object[] };
    expect(runs).toHaveLength(2);
  });
});

describe("wearout record backup", () => {
  it("copies every run, also one that is not ended, and verifies the copy", async () => {
    const { out, status } = await record("backup", target);
    expect(status).toBe(0);
    expect(out.split("\n").slice(0, 2)).toEqual([
      `cut-1: verified copy in ${join(target, "cut-1")}`,
      `done-1: verified copy in ${join(target, "done-1")}`,
    ]);
    for (const id of ["done-1", "cut-1"]) {
      const copy = openRecord(target, id);
      expect([...copy.samples()]).toHaveLength(300);
      copy.close();
    }
    const again = await record("backup", target, "done-1");
    expect(again).toMatchObject({
      status: 5,
      talk: expect.stringMatching(/done-1 exists already/),
    });
  });

  it("makes no copy of a damaged record and says what is wrong", async () => {
    const file = join(root, "done-1", "run.db");
    const bytes = readFileSync(file);
    const at = bytes.indexOf(Buffer.from('"event after sample 1"'));
    bytes[at + 3] = 0x58;
    writeFileSync(file, bytes);
    const said = await record("backup", target, "done-1");
    expect(said.status).toBe(3);
    expect(said.talk).toMatch(/event 1 was changed/);
    expect(existsSync(join(target, "done-1"))).toBe(false);
  });
});

/** The clock of a virtual run says nothing of its age; its files do. */
function longAgo(id: string): void {
  const then = new Date("2026-01-02T00:00:00Z");
  utimesSync(join(root, id, "summary.json"), then, then);
}

describe("wearout record prune", () => {
  beforeEach(() => longAgo("done-1"));

  it("takes a virtual run for as old as its files", async () => {
    const later = new Date("2100-01-01T00:00:00Z");
    utimesSync(join(root, "done-1", "summary.json"), later, later);
    const young = await record("prune", "--older-than", "1d");
    expect(young.out).toMatch(/done-1 .* kept +it is not old enough/);
  });

  it("keeps what has no whole copy, and without --yes deletes nothing", async () => {
    const before = await record("prune", "--older-than", "1d", "--yes");
    expect(before.out).toMatch(/done-1 .* kept +it is neither exported whole nor backed up/);
    expect(before.out).toMatch(/cut-1 .* kept +it is interrupted/);
    const csv = join(target, "done.csv");
    await wearout("run", "export", "done-1", "--output", csv, "--records", root);
    const dry = await record("prune", "--older-than", "1d");
    expect(dry.out).toMatch(/done-1 .* would be deleted +csv in /);
    expect(dry.talk).toMatch(/^1 of 2 runs, .*; --yes deletes them\n$/);
    expect(existsSync(join(root, "done-1"))).toBe(true);
    const done = await record("prune", "--older-than", "1d", "--yes");
    expect(done.out).toMatch(/done-1 .* deleted/);
    expect(existsSync(join(root, "done-1"))).toBe(false);
    expect(existsSync(join(root, "cut-1"))).toBe(true);
  });

  it("keeps a run whose copy has gone, one exported in part, and one that is too young", async () => {
    const csv = join(target, "done.csv");
    const part = ["--output", csv, "--role", "speed", "--records", root];
    await wearout("run", "export", "done-1", ...part);
    expect((await record("prune", "--older-than", "1d")).out).toMatch(/neither exported whole/);
    await wearout("run", "export", "done-1", "--output", csv, "--records", root);
    rmSync(csv);
    const gone = await record("prune", "--older-than", "1d");
    expect(gone.out).toMatch(/none of its copies is where it was put/);
    const young = await record("prune", "--older-than", "100000d");
    expect(young.out).toMatch(/done-1 .* kept +it is not old enough/);
    expect(await record("prune", "--older-than", "soon")).toMatchObject({ status: 2 });
  });
});

describe("wearout record compact", () => {
  it("leaves an ended run whole, and refuses one that has not ended", async () => {
    const { out, status } = await record("compact");
    expect({ status, out }).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^done-1: .* given back\n$/),
    });
    expect(await wearout("run", "verify", "done-1", "--records", root)).toMatchObject({
      status: 0,
    });
    expect(await record("compact", "cut-1")).toMatchObject({ status: 5 });
  });
});
