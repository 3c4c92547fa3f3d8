import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { lockPlace } from "../../../../src/record/journal/chain-file.js";
import { type JournalEvent, journalKinds } from "../../../../src/record/journal/kinds.js";
import { readJournal } from "../../../../src/record/journal/reader.js";
import { journalBeside } from "../../../../src/record/journal/standing.js";
import { isLockedAt } from "../../../../src/record/lock.js";
import { newRoot, startChild } from "../fixture.js";
import { epoch, ManualClock } from "../run.js";
import { besides, opened, placeIn, readAll, stateEvent, written } from "./rig.js";

/** One event of each kind, as full as it can be. */
const everyKind: JournalEvent[] = [
  { kind: "opened", text: "t", data: { pid: 1, software: "s", how: "new" } },
  { kind: "closed", text: "t", data: {} },
  { kind: "state", text: "t", data: { from: "Idle", to: "Execute" } },
  {
    kind: "command",
    by: "lin",
    text: "t",
    data: { verb: "run hold", via: "socket", accepted: false, why: "it is held" },
  },
  { kind: "told", text: "t", data: { to: "lin", via: "terminal", delivered: true, about: 3 } },
  {
    kind: "alarm",
    station: "s1",
    by: "lin",
    text: "t",
    data: Object.assign(
      { change: "shelved", rig: "bench", limit: "hot", station: "s1" },
      { reason: "r", lengthMs: 1 },
    ),
  },
  { kind: "trip", text: "t", data: { limit: "hot", value: 91.5, firstOut: true } },
  { kind: "motion", text: "t", data: { role: "speed", value: 12, unit: "rpm" } },
  { kind: "fault", text: "t", data: { source: "line", name: "drives" } },
  {
    kind: "safe",
    text: "t",
    data: { actuators: [{ role: "speed", level: "acted", acted: true }] },
  },
  {
    kind: "hand-over",
    run: "bench-1",
    text: "t",
    data: { way: "in", run: "bench-1", event: 0 },
  },
  {
    kind: "service",
    by: "lin",
    text: "t",
    data: { what: "device", name: "drive", change: "out", reason: "r", untilWall: epoch },
  },
  {
    kind: "bypass",
    by: "lin",
    text: "t",
    data: { limit: "hot", change: "bypassed", reason: "r", second: "wu", untilWall: epoch },
  },
  {
    kind: "clock",
    text: "t",
    data: { byMs: -3, timeSync: { state: "unknown", source: "none" } },
  },
];

describe("the journal of a rig", () => {
  it("lies beside the safe plan, under its name", () => {
    expect(journalBeside("/state/bench-0f.plan.json")).toBe("/state/bench-0f.journal.jsonl");
  });

  it("keeps every kind of event as it was given, with number, times and hash", async () => {
    const place = placeIn(newRoot());
    const clock = new ManualClock();
    const { journal } = await opened(place, { clock });
    await clock.advance(1500);
    await journal.commit(everyKind);
    await journal.close();
    const { events, reader } = await readAll(place.file);
    expect(events.slice(1, -1)).toEqual(
      everyKind.map((event, i) => ({
        ...event,
        seq: i + 2,
        at: 1500,
        wall: epoch + 1500,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      })),
    );
    expect(everyKind.map(({ kind }) => kind)).toEqual(Object.keys(journalKinds));
    expect(reader.header).toEqual({
      journal: "rig",
      layout: 1,
      rig: "bench",
      site: "/srv/site",
      machine: "machine-1",
      software: "wearout 0.1.0",
      madeWall: epoch,
    });
  });

  it("begins with the word that it begins and ends with the word that the rig is let go", async () => {
    const place = placeIn(newRoot());
    const { journal, told, folded } = await opened(place);
    await journal.close("the run has ended");
    const { events } = await readAll(place.file);
    expect(events.map(({ kind, text }) => [kind, text])).toEqual([
      ["opened", "a journal begins"],
      ["closed", "the run has ended"],
    ]);
    expect(events[0]?.data).toEqual({ pid: process.pid, software: "wearout 0.1.0", how: "new" });
    expect(told).toEqual([]);
    expect(folded).toEqual([]);
  });

  it("goes on where it ended, and folds what was written before", async () => {
    const place = placeIn(newRoot());
    await written(place, 3);
    const { journal, told, folded } = await opened(place);
    await journal.commit([stateEvent(4)]);
    await journal.close();
    const { events, reader } = await readAll(place.file);
    expect(events.map((e) => e.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(events[5]?.data).toMatchObject({ how: "went-on" });
    expect(events.slice(0, 5)).toEqual(folded);
    expect(told).toEqual([]);
    expect(reader.tail).toEqual({ kind: "whole" });
    expect(besides(place)).toEqual([]);
  });

  it("has an event on the disk when its commit resolves, in the order of the calls", async () => {
    const place = placeIn(newRoot());
    const { journal } = await opened(place);
    const commits = [1, 2, 3, 4, 5].map((n) => journal.commit([stateEvent(n)]));
    await commits[0];
    expect(readFileSync(place.file, "utf8")).toContain('"to":"S2"');
    journal.append([stateEvent(6)]);
    await Promise.all(commits);
    await journal.close();
    const texts = (await readAll(place.file)).events.map((e) => e.text);
    expect(texts.slice(1, -1)).toEqual([1, 2, 3, 4, 5, 6].map((n) => stateEvent(n).text));
  });

  it("keeps a value that is no number as none", async () => {
    const place = placeIn(newRoot());
    const { journal } = await opened(place);
    const data = { limit: "hot", value: Number.NaN, firstOut: true };
    await journal.commit([{ kind: "trip", text: "hot", data }]);
    await journal.close();
    expect((await readAll(place.file)).events[1]?.data).toEqual({ ...data, value: null });
  });

  it("refuses an event that does not fit its schema as a defect, writes nothing of it, and tells", async () => {
    const place = placeIn(newRoot());
    const { journal, told } = await opened(place);
    const wrong = { kind: "state", text: "x", data: { from: "Idle" } } as unknown as JournalEvent;
    await expect(journal.commit([stateEvent(1), wrong])).rejects.toMatchObject({
      code: "DEFECT",
      message: expect.stringContaining('"state" of the journal fits its schema (to: found nothing'),
    });
    journal.append([wrong]);
    await journal.close();
    expect(told).toEqual([expect.stringContaining("fits its schema")]);
    expect((await readAll(place.file)).events.map((e) => e.kind)).toEqual(["opened", "closed"]);
  });

  it("takes nothing after the close", async () => {
    const place = placeIn(newRoot());
    const { journal } = await opened(place);
    await journal.close();
    const bytes = readFileSync(place.file);
    await expect(journal.commit([stateEvent(1)])).rejects.toMatchObject({
      code: "RECORD_FAILED",
      message: expect.stringContaining("it is closed"),
    });
    expect(readFileSync(place.file)).toEqual(bytes);
  });

  it("stands in 1970 where the clock does, and its order does not depend on it", async () => {
    const place = placeIn(newRoot());
    const late = await opened(place);
    await late.journal.close();
    const clock = new ManualClock();
    clock.wall = () => 12;
    const { journal } = await opened(place, { clock });
    await journal.commit([stateEvent(1)]);
    await journal.close();
    const { events, reader } = await readAll(place.file);
    expect(events.map((e) => e.wall)).toEqual([epoch, epoch, 12, 12, 12]);
    expect(reader.tail).toEqual({ kind: "whole" });
  });
});

describe("one writer per journal", () => {
  it("refuses a second one in this process, naming it, and the first goes on", async () => {
    const place = placeIn(newRoot());
    const { journal } = await opened(place);
    await expect(opened(place)).rejects.toMatchObject({
      code: "RECORD_LOCKED",
      message: expect.stringMatching(
        new RegExp(`^the journal .*jsonl is being written by process ${process.pid} on `),
      ),
    });
    await journal.commit([stateEvent(1)]);
    await journal.close();
    const again = await opened(place);
    await again.journal.close();
    expect((await readAll(place.file)).reader.tail).toEqual({ kind: "whole" });
  });

  it("refuses one in another process; killed, that is named by the next, and nothing acknowledged is lost", async () => {
    const root = newRoot();
    const place = placeIn(root);
    const child = startChild(["keep-journal", root]);
    expect(await child.line()).toBe("1");
    await expect(opened(place)).rejects.toMatchObject({
      code: "RECORD_LOCKED",
      message: expect.stringContaining(`process ${child.pid} on `),
    });
    expect(isLockedAt(lockPlace(place.file))).toBe(true);
    let last = 1;
    while (last < 20) last = Number(await child.line());
    child.kill();
    await child.end;
    const { journal, folded } = await opened(place);
    await journal.close();
    expect(folded.length).toBeGreaterThanOrEqual(1 + last);
    const { events } = await readAll(place.file);
    const word = events.findLast((e) => e.kind === "opened");
    expect(word?.data).toMatchObject({
      after: expect.stringContaining(`process ${child.pid} on `),
    });
    expect(isLockedAt(lockPlace(place.file))).toBe(false);
  });

  it("lets others read it while it is written", async () => {
    const place = placeIn(newRoot());
    const { journal } = await opened(place);
    await journal.commit([stateEvent(1)]);
    const seen = [];
    for await (const event of readJournal(place.file)) seen.push(event.kind);
    expect(seen).toEqual(["opened", "state"]);
    await journal.commit([stateEvent(2)]);
    await journal.close();
  });

  it("is read on from where a reader stood", async () => {
    const place = placeIn(newRoot());
    const { journal } = await opened(place);
    const { reader, events } = await readAll(place.file);
    await journal.commit([stateEvent(1), stateEvent(2)]);
    const more = [];
    for await (const batch of reader.batches()) more.push(...batch.map((e) => e.seq));
    expect([events.length, more]).toEqual([1, [2, 3]]);
    await journal.close();
  });
});
