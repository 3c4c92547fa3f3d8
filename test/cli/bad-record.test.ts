import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { beforeAll, describe, expect, it } from "vitest";
import type { RunListing } from "../../src/record/reader-port.js";
import { createRecord } from "../../src/record/writer.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";
import { newRoot, startChild } from "../unit/record/fixture.js";
import { eventOf, header, sampleOf, summaryOf } from "../unit/record/run.js";
import { wearout } from "./command.js";

const whole = newRoot();
const options = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 128 };

beforeAll(async () => {
  const writer = await createRecord(whole, header, new VirtualClock(0), options);
  for (let n = 1; n <= 600; n++) writer.sample(sampleOf(n));
  for (let n = 1; n <= 40; n++)
    await writer.commit([{ ...eventOf(n), text: "x".repeat(500), kind: "fault", data: {} }]);
  await writer.end(summaryOf(writer.id));
});

/** A copy of the run to be harmed, and how its files are afterwards: nothing may be written in place. */
function harmed(harm: (folder: string) => void): { root: string; files: () => string[] } {
  const root = newRoot();
  const folder = join(root, "bench-1");
  cpSync(join(whole, "bench-1"), folder, { recursive: true });
  harm(folder);
  const files = () =>
    readdirSync(folder).map(
      (name) => `${name} ${readFileSync(join(folder, name)).toString("hex")}`,
    );
  return { root, files };
}

async function everyCommand(
  root: string,
): Promise<Record<string, { status: number; said: string }>> {
  const said: Record<string, { status: number; said: string }> = {};
  for (const verb of ["verify", "show", "events", "export", "resume"]) {
    const { status, out, talk } = await wearout("run", verb, "bench-1", "--records", root);
    said[verb] = { status, said: out + talk };
  }
  const { status, out, talk } = await wearout("run", "list", "--records", root);
  return { ...said, list: { status, said: out + talk } };
}

describe("a record whose last page is torn", () => {
  it("is said to be cut off; what stands before the first bad event is named", async () => {
    const { root, files } = harmed((folder) => {
      const path = join(folder, "run.db");
      truncateSync(path, statSync(path).size - 1500);
    });
    const before = files();
    const { verify, events, list } = await everyCommand(root);
    expect(verify!.status).toBe(3);
    expect(verify!.said).toMatch(/run\.db size: it is cut off, \d+ of \d+ bytes are there/);
    expect(verify!.said).toMatch(/run\.db whole file: its bytes are not those of run\.db\.sha256/);
    expect([0, 3]).toContain(events!.status);
    expect(list!.status).toBe(0);
    expect(files()).toEqual(before);
  });

  it("never shows what is no event as one", async () => {
    const { root } = harmed((folder) => {
      const db = new DatabaseSync(join(folder, "run.db"));
      db.exec("UPDATE event SET body = '{}' WHERE seq = 7");
      db.close();
    });
    const said = await wearout("run", "events", "bench-1", "--records", root);
    expect(said.status).toBe(3);
    expect(said.talk).toMatch(/damaged: events before 7 can be read, 7 is no event/);
    expect(said.out.trimEnd().split("\n")).toHaveLength(6);
  });
});

describe("a record that was truncated", () => {
  it("says how much is there and what else tells of the run", async () => {
    const { root, files } = harmed((folder) => {
      truncateSync(join(folder, "run.db"), 8 * 4096);
      writeFileSync(
        join(folder, "copies.json"),
        JSON.stringify([{ kind: "backup", path: "/mnt/usb/bench-1", sha256: "", wall: 0 }]),
      );
    });
    const before = files();
    const all = await everyCommand(root);
    for (const [verb, { status, said }] of Object.entries(all)) {
      if (verb !== "list") expect(status, verb).toBe(3);
      expect(said, verb).toMatch(
        /it is cut off, 32768 of \d+ bytes are there; nothing of it can be read; summary\.json beside it tells how the run ended; a backup was put in \/mnt\/usb\/bench-1/,
      );
    }
    expect(files()).toEqual(before);
  });
});

describe("a record of a newer version", () => {
  it("is unreadable, not damaged, and left alone", async () => {
    const { root, files } = harmed((folder) => {
      const db = new DatabaseSync(join(folder, "run.db"));
      db.exec("PRAGMA user_version = 9");
      db.close();
    });
    const before = files();
    const { verify, list, resume } = await everyCommand(root);
    for (const said of [verify!, resume!]) {
      expect(said.status).toBe(3);
      expect(said.said).toMatch(
        /cannot be read: run\.db has layout 9, .*a newer Wearout wrote it, nothing is lost/,
      );
      expect(said.said).not.toMatch(/damaged/);
    }
    expect(list!.said).toMatch(/bench-1 +unreadable/);
    expect(files()).toEqual(before);
  });
});

describe("a folder that was copied while its run went on", () => {
  async function running(copy: (from: string, to: string) => void): Promise<string> {
    const [root, to] = [newRoot(), newRoot()];
    const writer = await createRecord(root, header, new VirtualClock(0), options);
    for (let n = 1; n <= 300; n++) writer.sample(sampleOf(n));
    await writer.commit([eventOf(300)]);
    copy(writer.folder, join(to, "bench-1"));
    await writer.close();
    return to;
  }

  it("holds what was there at that moment, whole, and counts as interrupted", async () => {
    const to = await running((from, copy) => cpSync(from, copy, { recursive: true }));
    const said = await wearout("run", "verify", "bench-1", "--records", to);
    expect(said).toMatchObject({ status: 0 });
    expect(said.out).toMatch(/^bench-1: whole \(layout 2, interrupted\)/);
    expect(said.out).toMatch(/samples {3}300 in/);
  });

  it("without its other files is said to be a part", async () => {
    const to = await running((from, copy) => {
      mkdirSync(copy);
      cpSync(join(from, "run.db"), join(copy, "run.db"));
      cpSync(join(from, "run.db-wal"), join(copy, "run.db-wal"));
    });
    const said = await wearout("run", "verify", "bench-1", "--records", to);
    expect(said.out).toMatch(
      /this is run\.db without its folder, of a run that went on: what came after samples until 5 min is not in it/,
    );
  });
});

describe("a record of another user", () => {
  it("names the owner, and is neither damaged nor touched", async () => {
    const root = newRoot();
    for (const n of [1, 2])
      cpSync(join(whole, "bench-1"), join(root, `bench-${n}`), { recursive: true });
    chmodSync(root, 0o755);
    chmodSync(join(root, "bench-1"), 0o000);
    chmodSync(join(root, "bench-2"), 0o555);
    for (const name of ["run.db", "run.lock"]) chmodSync(join(root, "bench-2", name), 0o444);
    const child = startChild(["list-as-another", root, "bench-2"]);
    await child.line();
    const [closed, open] = JSON.parse((await child.line()) ?? "") as RunListing[];
    const [bytes] = JSON.parse((await child.line()) ?? "") as number[];
    const compacted = await child.line();
    const pruned = await child.line();
    await child.end;
    chmodSync(join(root, "bench-1"), 0o755);
    expect(closed).toMatchObject({ id: "bench-1", condition: "unreadable" });
    expect(closed!.problem).toMatch(
      /cannot be read: this user may not read it: .*bench-1 belongs to user \d+ \(mode 0\), this is user \d+$/,
    );
    expect(bytes).toBe(0);
    expect(open).toMatchObject({ id: "bench-2", condition: "ended" });
    for (const said of [compacted, pruned]) {
      expect(said).toMatch(/^RECORD_FAILED .*bench-2 cannot be written: .*may not write it/);
    }
    expect(readdirSync(join(root, "bench-2"))).toContain("run.db");
    rmSync(root, { recursive: true });
  });
});

describe("a clock that stood at 1970", () => {
  it("is said to be wrong, and the run's own clock not", async () => {
    const root = newRoot();
    const clock = new VirtualClock(0);
    const writer = await createRecord(root, { ...header, startedWall: 0 }, clock, options);
    for (let n = 1; n <= 20; n++) {
      const wall = n <= 10 ? n * 1000 : header.startedWall + n * 1000;
      writer.sample({ ...sampleOf(n), wall });
    }
    await writer.end({ ...summaryOf(writer.id), startedWall: 0 });
    const said = await wearout("run", "verify", "bench-1", "--records", root);
    expect(said.status).toBe(0);
    expect(said.out).toMatch(
      /clock {5}stood at 1970-01-01T00:00:00\.000Z: times of day are wrong, the run's own clock is not/,
    );
    expect(said.out).toMatch(/clock {5}set forward by 20454 d at 11 s/);
    const events = await wearout("run", "export", "bench-1", "--records", root);
    expect(events.out.split("\n")[10]).toMatch(/^1970-01-01T00:00:10\.000Z,10,10,/);
  });
});
