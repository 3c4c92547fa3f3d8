import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { JournalEvent, StoredJournalEvent } from "../../../../src/record/journal/kinds.js";
import { headerLine } from "../../../../src/record/journal/line.js";
import { readJournal } from "../../../../src/record/journal/reader.js";
import { standingOf } from "../../../../src/record/journal/standing.js";
import { newRoot } from "../fixture.js";
import { epoch } from "../run.js";
import { besides, linesOf, opened, placeIn, readAll, stateEvent, written } from "./rig.js";

const carried: JournalEvent = {
  kind: "service",
  text: "the drive stays out of service",
  data: { what: "device", name: "drive", change: "out" },
};

let whole: Buffer;
let lines: string[];

beforeAll(async () => {
  const place = placeIn(newRoot());
  await written(place, 3);
  whole = readFileSync(place.file);
  lines = linesOf(place.file);
});

/** Where the line of an event begins; that of event 0 is the header. */
function lineAt(seq: number): number {
  return Buffer.byteLength(
    lines
      .slice(0, seq)
      .map((line) => `${line}\n`)
      .join(""),
  );
}

function put(bytes: Buffer) {
  const place = placeIn(newRoot());
  writeFileSync(place.file, bytes);
  return place;
}

/** Opens a journal of these bytes, writes one event and closes it. */
async function reopened(bytes: Buffer, more: Parameters<typeof placeIn>[1] = {}) {
  const { file } = put(bytes);
  const place = placeIn(join(file, ".."), more);
  const { journal, told, folded } = await opened(place, { carry: () => [carried] });
  await journal.commit([stateEvent(9)]);
  await journal.close();
  const { events, reader } = await readAll(place.file);
  expect(reader.tail).toEqual({ kind: "whole" });
  return { place, told, folded, events };
}

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe("a journal whose end was cut", () => {
  it("at every byte of its last two lines goes on behind the last whole line", async () => {
    const { file } = placeIn(newRoot());
    for (let cut = lineAt(4); cut <= whole.length; cut++) {
      writeFileSync(file, whole.subarray(0, cut));
      const good = cut === whole.length ? cut : cut >= lineAt(5) ? lineAt(5) : lineAt(4);
      const folded: StoredJournalEvent[] = [];
      const standing = await standingOf(placeIn(dirname(file)), (event) => folded.push(event));
      const { seq = 0, hash } = folded.at(-1) ?? {};
      const link = { seq, hash };
      expect(standing).toEqual({ how: "went-on", link, bytes: good, tornBytes: cut - good });
      expect(lineAt(seq + 1)).toBe(good);
    }
  });

  it("has what was cut off in a file beside it, and tells so", async () => {
    for (const [cut, good] of [
      [lineAt(5) + 1, lineAt(5)],
      [whole.length - 1, lineAt(5)],
      [lineAt(5) - 1, lineAt(4)],
    ] as const) {
      const { place, told, folded, events } = await reopened(whole.subarray(0, cut));
      const name = "bench-0011223344556677.journal.jsonl.torn-20260101T000000Z";
      expect(besides(place)).toEqual([name]);
      expect(readFileSync(join(place.file, "..", name))).toEqual(whole.subarray(good, cut));
      const why = `the last line was never finished (${cut - good} bytes)`;
      expect(told).toEqual([
        `the journal ${place.file}: ${why}; they were set aside as ${place.file}.torn-20260101T000000Z`,
      ]);
      expect(events[folded.length]?.data).toMatchObject({ how: "went-on", why, aside: name });
    }
  });

  it("is read up to its last whole line, and that is no damage", async () => {
    for (const cut of [1, 20, 100]) {
      const { file } = put(whole.subarray(0, whole.length - cut));
      const seen = [];
      for await (const { seq } of readJournal(file)) seen.push(seq);
      expect(seen).toEqual([1, 2, 3, 4]);
    }
  });

  it("goes on where a power cut left zeros in the place of the last write", async () => {
    const zeros = Buffer.alloc(4096);
    for (const tail of [zeros, Buffer.concat([zeros, Buffer.from('56"}\n')])]) {
      const { told, folded, place } = await reopened(Buffer.concat([whole, tail]));
      expect(folded.length).toBe(5);
      expect(told).toEqual([expect.stringContaining(`never finished (${tail.length} bytes)`)]);
      expect(readFileSync(join(place.file, "..", besides(place)[0] ?? ""))).toEqual(tail);
    }
  });

  it("takes a second name where one is there already", async () => {
    const { file } = put(whole.subarray(0, -1));
    for (let n = 0; n < 2; n++) {
      const { journal } = await opened(placeIn(join(file, "..")));
      await journal.close();
      truncateSync(file, readFileSync(file).length - 1);
    }
    const { journal } = await opened(placeIn(join(file, "..")));
    await journal.close();
    const name = "bench-0011223344556677.journal.jsonl.torn-20260101T000000Z";
    expect(besides(placeIn(join(file, "..")))).toEqual([name, `${name}-2`, `${name}-3`]);
  });
});

describe("a journal that is damaged", () => {
  it("at any byte before its last line begins anew, with what stands before the damage", async () => {
    const { file } = placeIn(newRoot());
    for (let at = 0; at < lineAt(5); at++) {
      writeFileSync(file, changed(whole, at));
      const line = whole.subarray(0, at).filter((b) => b === 10).length + 1;
      const folded: StoredJournalEvent[] = [];
      const standing = await standingOf(placeIn(dirname(file)), (event) => folded.push(event));
      const why = expect.stringMatching(
        new RegExp(
          ` is damaged: line ${line}: .*; ${folded.length} events before it are as written`,
        ),
      );
      const before = folded.at(-1)?.hash;
      expect(standing).toEqual({ how: "anew", label: "damaged", why, before });
      expect(folded.length).toBe(Math.max(0, line - 2));
    }
  });

  it("at any byte of its last line is noticed, and the lines before are taken", async () => {
    const { file } = placeIn(newRoot());
    for (let at = lineAt(5); at < whole.length; at++) {
      writeFileSync(file, changed(whole, at));
      const folded: StoredJournalEvent[] = [];
      const standing = await standingOf(placeIn(dirname(file)), (event) => folded.push(event));
      expect(folded.length).toBe(4);
      const isTorn = standing.how === "went-on" && standing.tornBytes === whole.length - lineAt(5);
      expect(isTorn || standing.how === "anew").toBe(true);
    }
  });

  it("is set aside whole; the new one says why, and what a restart must know", async () => {
    for (const at of [5, lineAt(1) + 30, lineAt(5) + 30]) {
      const bytes = changed(whole, at);
      const { place, told, folded, events } = await reopened(bytes);
      const name = "bench-0011223344556677.journal.jsonl.damaged-20260101T000000Z";
      expect(besides(place)).toEqual([name]);
      expect(readFileSync(join(place.file, "..", name))).toEqual(bytes);
      expect(told).toEqual([
        expect.stringMatching(
          /is damaged: .*; it was set aside as .*damaged-.*, and a new one begins$/,
        ),
      ]);
      const before = folded.at(-1)?.hash;
      const last = before === undefined ? {} : { before };
      expect(events[0]?.data).toMatchObject({ how: "anew", aside: name, ...last });
      expect(events.map((e) => e.kind)).toEqual(["opened", "service", "state", "closed"]);
    }
  });

  it("in which lines are missing, swapped or twice there is not taken for whole", async () => {
    const [head = "", a = "", b = "", c = ""] = lines;
    const wrong = [
      [head, b],
      [head, a, c],
      [head, b, a],
      [head, a, a],
      [a, b],
      [head, head, a],
    ];
    for (const order of wrong) {
      const { told } = await reopened(Buffer.from(`${order.join("\n")}\n`));
      expect(told).toEqual([expect.stringContaining("is damaged")]);
    }
  });

  it("is refused by who only reads it, with what is trustworthy", async () => {
    const { file } = put(
      changed(whole, Buffer.byteLength(`${lines.slice(0, 3).join("\n")}\n`) + 30),
    );
    const seen: number[] = [];
    const reading = async () => {
      for await (const { seq } of readJournal(file)) seen.push(seq);
    };
    await expect(reading()).rejects.toMatchObject({
      code: "RECORD_DAMAGED",
      message: expect.stringContaining(
        "line 4: it was changed or does not follow from the line before; 2 events",
      ),
    });
    expect(seen).toEqual([1, 2]);
  });

  it("that holds nothing, no line, or a line without end is set aside", async () => {
    const long = Buffer.alloc(3_000_000, 0x20);
    for (const bytes of [Buffer.alloc(0), Buffer.from("hello\n"), Buffer.from("hello"), long]) {
      const { told, place, folded } = await reopened(bytes);
      expect(told).toEqual([expect.stringMatching(/set aside as .*\.damaged-/)]);
      const aside = readFileSync(join(place.file, "..", besides(place)[0] ?? ""));
      expect(aside.equals(bytes)).toBe(true);
      expect(folded).toEqual([]);
    }
  });
});

describe("a journal that is not this rig's", () => {
  const others = [
    [{ machine: "machine-2" }, "other-machine", "of another machine (machine-1)"],
    [{ site: "/srv/other" }, "other-site", "of the site /srv/site"],
    [{ rig: "other" }, "other-rig", "of the rig bench"],
  ] as const;

  for (const [more, label, why] of others) {
    it(`is set aside as ${label}, and nothing of it is folded`, async () => {
      const { told, folded, place, events } = await reopened(whole, more);
      expect(told).toEqual([expect.stringContaining(why)]);
      expect(folded).toEqual([]);
      expect(besides(place)).toEqual([expect.stringContaining(`.${label}-`)]);
      expect(events[0]?.data).toMatchObject({ how: "anew", why: expect.stringContaining(why) });
    });
  }

  it("of a newer version is set aside unread, and nothing is lost", async () => {
    const newer = {
      journal: "rig" as const,
      layout: 2,
      rig: "bench",
      site: "/srv/site",
      machine: "machine-1",
      software: "wearout 9.0.0",
      madeWall: epoch,
    };
    const bytes = Buffer.from(`${headerLine(newer).text}of another form\n`);
    const { told, folded, place } = await reopened(bytes);
    expect(told).toEqual([
      expect.stringContaining(
        "it has layout 2, this version of Wearout reads layouts up to 1; wearout 9.0.0",
      ),
    ]);
    expect(folded).toEqual([]);
    const [name = ""] = besides(place);
    expect(name).toContain(".newer-");
    expect(readFileSync(join(place.file, "..", name))).toEqual(bytes);
    const read = async () => {
      for await (const _ of readJournal(put(bytes).file));
    };
    await expect(read()).rejects.toMatchObject({
      code: "FILE_UNREADABLE",
      message: expect.stringContaining("nothing is lost"),
    });
  });
});
