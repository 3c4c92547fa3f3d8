import { cpSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { canonicalJson, chainHash, hashText } from "../../../src/record/canonical.js";
import { openRecord } from "../../../src/record/reader.js";
import { openForWriting, type SqlValue } from "../../../src/record/sqlite.js";
import { type Verification, verifyChain } from "../../../src/record/verify/verify.js";
import { createRecord } from "../../../src/record/writer.js";
import { newRoot } from "./fixture.js";
import { eventOf, header, ManualClock, summaryOf } from "./run.js";

const root = newRoot();
const id = "bench-1";
const events = 6;

beforeAll(async () => {
  const writer = await createRecord(root, header, new ManualClock());
  for (let n = 1; n <= events; n++) await writer.commit([eventOf(n)]);
  await writer.end(summaryOf(id));
});

function verify(folder = root): Verification {
  const reader = openRecord(folder, id);
  try {
    return verifyChain(reader);
  } finally {
    reader.close();
  }
}

/** Verifies a copy that was changed behind the record's back. */
function verifyWith(sql: string, ...values: SqlValue[]): Verification {
  const copy = newRoot();
  cpSync(join(root, id), join(copy, id), { recursive: true });
  const db = openForWriting(join(copy, id, "run.db"));
  db.prepare(sql).run(...values);
  db.close();
  return verify(copy);
}

describe("the chain of events", () => {
  it("agrees for an untouched record", () => {
    expect(verify()).toEqual({ ok: true, events, badFiles: [] });
  });

  it("is found broken when any byte of any event is changed", () => {
    const reader = openRecord(root, id);
    const bodies = [...reader.stored.events()].map((e) => Buffer.from(e.body));
    reader.close();
    const place = fc.integer({ min: 1, max: events }).chain((seq) => {
      const last = (bodies[seq - 1]?.length ?? 1) - 1;
      return fc.tuple(
        fc.constant(seq),
        fc.integer({ min: 0, max: last }),
        fc.integer({ min: 1, max: 127 }),
      );
    });
    fc.assert(
      fc.property(place, ([seq, at, flip]) => {
        const bytes = Buffer.from(bodies[seq - 1] ?? []);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        const sql = "UPDATE event SET body = CAST(? AS TEXT) WHERE seq = ?";
        const found = verifyWith(sql, bytes, seq);
        expect(found).toMatchObject({ ok: false, events: seq - 1, firstBad: { seq } });
      }),
      { numRuns: 60 },
    );
    expect(verify().ok).toBe(true);
  });

  it.each([
    ["a changed hash", "UPDATE event SET hash = 'x' || substr(hash, 2) WHERE seq = 3", 3],
    ["a missing event", "DELETE FROM event WHERE seq = 4", 4],
    ["events missing at the end of an ended run", "DELETE FROM event WHERE seq = 6", 6],
    [
      "a changed header",
      "UPDATE meta SET value = replace(value, '4 kN', '3 kN') WHERE key = 'header'",
      1,
    ],
    [
      "a changed summary",
      "UPDATE meta SET value = replace(value, 'failed', 'passed') WHERE key = 'summary'",
      7,
    ],
  ])("is found broken by %s", (_, sql, seq) => {
    expect(verifyWith(sql)).toMatchObject({ ok: false, firstBad: { seq } });
  });

  it("names a kept file that is not what was hashed", () => {
    const changed = verifyWith("UPDATE file SET text = text || ' ' WHERE kind = 'profile'");
    expect(changed).toMatchObject({ ok: false, badFiles: ["constant-load"] });
    const gone = verifyWith("DELETE FROM file WHERE kind = 'profile'");
    expect(gone).toMatchObject({ ok: false, badFiles: ["constant-load"] });
  });

  it("follows the rule written in docs/record.md", () => {
    const reader = openRecord(root, id);
    const [first] = [...reader.stored.events()];
    const body = `{"at":1000,"cycle":1,"data":{"a":[1,"ß"],"cycle":1,"z":1},"kind":"checkpoint","seq":1,"text":"event after sample 1","wall":${reader.header.startedWall}}`;
    expect(first?.body).toBe(body);
    expect(first?.hash).toBe(hashText(`${hashText(reader.stored.header())}\n${body}`));
    reader.close();
  });
});

describe("canonical JSON", () => {
  it("does not depend on the order of keys, and leaves out nothing else", () => {
    expect(canonicalJson({ b: [1, { d: 2, c: null }], a: "x\n" })).toBe(
      '{"a":"x\\n","b":[1,{"c":null,"d":2}]}',
    );
    expect(canonicalJson({ n: Number.NaN, m: -0 })).toBe('{"m":0,"n":null}');
  });

  it("reads back as the same value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value as never);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it("hashes as other SHA-256 tools do", () => {
    expect(hashText("abc")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(chainHash("a", "b")).toBe(hashText("a\nb"));
  });
});
