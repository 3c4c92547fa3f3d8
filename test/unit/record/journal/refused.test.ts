import { renameSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FileDisk, type JournalDisk } from "../../../../src/record/journal/disk.js";
import type { JournalEvent } from "../../../../src/record/journal/kinds.js";
import type { JournalPlace } from "../../../../src/record/journal/standing.js";
import { newRoot } from "../fixture.js";
import { ManualClock } from "../run.js";
import { besides, opened, placeIn, readAll, stateEvent, written } from "./rig.js";

/** A real file on a disk that refuses when it is told to, with a part of the text written. */
class SickDisk implements JournalDisk {
  readonly #file: FileDisk;
  full = false;
  cuts: boolean | "refused" = true;
  hang: Promise<void> | undefined;

  constructor(place: JournalPlace) {
    this.#file = new FileDisk(place.file);
  }

  async begin(text: Buffer, aside: string | undefined): Promise<void> {
    this.#refuse();
    await this.#file.begin(text, aside);
  }

  async cutTail(from: number, aside: string): Promise<void> {
    this.#refuse();
    await this.#file.cutTail(from, aside);
  }

  async write(at: number, text: Buffer): Promise<void> {
    await this.hang;
    if (this.full) await this.#file.write(at, text.subarray(0, text.length - 7));
    this.#refuse();
    await this.#file.write(at, text);
  }

  async cut(at: number): Promise<void> {
    if (this.cuts === "refused") this.#refuse();
    await this.#file.cut(at);
  }

  look(bytes: number): Promise<string | undefined> {
    return this.#file.look(bytes);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #refuse(): void {
    if (this.full) throw new Error("ENOSPC: no space left on device");
  }
}

async function onSickDisk(place = placeIn(newRoot()), full = false) {
  const disk = new SickDisk(place);
  disk.full = full;
  const clock = new ManualClock();
  return { place, disk, clock, ...(await opened(place, { disk, clock })) };
}

async function kinds(place: JournalPlace): Promise<string[]> {
  return (await readAll(place.file)).events.map((e) => e.kind);
}

const full = { code: "RECORD_FAILED", message: expect.stringContaining("ENOSPC") };

describe("a journal that the disk refuses", () => {
  for (const cuts of [true, "refused"] as const) {
    it(`goes on with the next event and counts what is missing (cutting off a part: ${cuts})`, async () => {
      const { place, disk, journal, told } = await onSickDisk();
      disk.cuts = cuts;
      disk.full = true;
      await expect(journal.commit([stateEvent(1)])).rejects.toMatchObject(full);
      journal.append([stateEvent(2), stateEvent(3)]);
      await expect(journal.commit([stateEvent(4)])).rejects.toMatchObject(full);
      expect(journal.failing).toMatchObject(full);
      disk.full = false;
      await journal.commit([stateEvent(5)]);
      expect(journal.failing).toBeUndefined();
      await journal.close();
      const { events, reader } = await readAll(place.file);
      expect(reader.tail).toEqual({ kind: "whole" });
      expect(events.map((e) => e.kind)).toEqual(["opened", "fault", "state", "closed"]);
      expect(events[1]).toMatchObject({
        text: expect.stringMatching(/^4 events could not be written: .*ENOSPC/),
        data: { source: "journal", refused: 4 },
      });
      expect(told).toEqual([
        expect.stringMatching(
          /cannot be written: ENOSPC.*; the rig is kept all the same, what happens is not in it$/,
        ),
        expect.stringMatching(/is written again; not in it: 4 events$/),
      ]);
    });
  }

  it("that cannot be begun keeps nobody from keeping the rig, and begins once there is room", async () => {
    const { place, disk, clock, journal, told } = await onSickDisk(placeIn(newRoot()), true);
    expect(journal.failing).toMatchObject(full);
    await expect(journal.commit([stateEvent(1)])).rejects.toMatchObject(full);
    disk.full = false;
    // It is not tried with every event: a journal is read whole each time.
    await expect(journal.commit([stateEvent(2)])).rejects.toMatchObject(full);
    await clock.advance(10_000);
    await journal.commit([stateEvent(3)]);
    await journal.close();
    expect(await kinds(place)).toEqual(["opened", "fault", "state", "closed"]);
    expect(told.length).toBe(2);
  });

  it("whose torn end cannot be set aside stays as it is until it can", async () => {
    const place = placeIn(newRoot());
    await written(place, 2);
    const torn = (await readFile(place.file)).subarray(0, -5);
    writeFileSync(place.file, torn);
    const { disk, clock, journal, folded } = await onSickDisk(place, true);
    await expect(journal.commit([stateEvent(3)])).rejects.toMatchObject(full);
    expect(await readFile(place.file)).toEqual(torn);
    expect(folded.length).toBe(3);
    disk.full = false;
    await clock.advance(10_000);
    await journal.commit([stateEvent(4)]);
    await journal.close();
    expect(await kinds(place)).toEqual([
      "opened",
      "state",
      "state",
      "opened",
      "fault",
      "state",
      "closed",
    ]);
    expect(besides(place)).toEqual([expect.stringContaining(".torn-")]);
    // What had been folded when it was opened is not folded again.
    expect(folded.length).toBe(3);
  });

  it("that never answers is refused after the deadline, and what waited behind is not written later", async () => {
    const { place, disk, clock, journal, told } = await onSickDisk();
    let answer = () => {};
    disk.hang = new Promise((resolve) => {
      answer = resolve;
    });
    const late = {
      code: "RECORD_FAILED",
      message: expect.stringContaining("has not answered for 10000 ms"),
    };
    const first = expect(journal.commit([stateEvent(1)])).rejects.toMatchObject(late);
    const second = expect(journal.commit([stateEvent(2)])).rejects.toMatchObject(late);
    await clock.advance(10_000);
    await first;
    await second;
    expect(told).toEqual([expect.stringContaining("has not answered")]);
    answer();
    await journal.commit([stateEvent(3)]);
    await journal.close();
    const { events } = await readAll(place.file);
    const about = events.map((e) => (e.kind === "state" ? e.data.from : e.kind));
    expect(about).toEqual(["opened", "S1", "fault", "S3", "closed"]);
  });

  it("in a place where no folder can be is told, and everything else goes on", async () => {
    const root = newRoot();
    writeFileSync(join(root, "file"), "");
    const { journal, told } = await opened(placeIn(join(root, "file", "state")));
    expect(told).toEqual([
      expect.stringMatching(/cannot be written: .*; the rig is kept all the same/),
    ]);
    await expect(journal.commit([stateEvent(1)])).rejects.toMatchObject({ code: "RECORD_FAILED" });
    await expect(journal.close()).rejects.toMatchObject({ code: "RECORD_FAILED" });
  });
});

describe("a journal that is taken away while it is written", () => {
  const carried: JournalEvent = stateEvent(7);
  const ways: [string, string, (file: string) => void][] = [
    ["removed", "removed or renamed", (file) => rmSync(file)],
    ["renamed", "removed or renamed", (file) => renameSync(file, `${file}.old`)],
    [
      "replaced",
      "another file was put in its place",
      (file) => {
        writeFileSync(`${file}.other`, "other\n");
        renameSync(`${file}.other`, file);
      },
    ],
    [
      "written by others",
      "something else has written",
      (file) => writeFileSync(file, "x\n", { flag: "a" }),
    ],
  ];

  for (const [how, why, take] of ways) {
    it(`(${how}) begins anew, says so with the last hash, and knows what a restart must know`, async () => {
      const place = placeIn(newRoot());
      const { journal, told } = await opened(place, { carry: () => [carried] });
      await journal.commit([stateEvent(1)]);
      const last = (await readAll(place.file)).events.at(-1);
      take(place.file);
      await journal.commit([stateEvent(2)]);
      await journal.close();
      const { events, reader } = await readAll(place.file);
      expect(reader.tail).toEqual({ kind: "whole" });
      expect(events.map((e) => e.text)).toEqual([
        "a journal begins anew",
        carried.text,
        stateEvent(2).text,
        "the rig is let go",
      ]);
      expect(events[0]?.data).toMatchObject({ how: "anew", before: last?.hash });
      expect(told).toEqual([expect.stringContaining(why)]);
    });
  }
});
