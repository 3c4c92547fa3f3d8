import { describe, expect, it } from "vitest";
import { acknowledge, giveBack, raise, unwatch } from "../../../../src/limit/alarm/ask.js";
import { bookOf } from "../../../../src/limit/alarm/book.js";
import { changesAnew } from "../../../../src/limit/alarm/carry.js";
import { limitFacts } from "../../../../src/limit/alarm/facts.js";
import { reopenBook } from "../../../../src/limit/alarm/reopen.js";
import {
  bypass,
  expireService,
  isBypassed,
  longestBypassMs,
  mayBeBypassed,
  outages,
  putBack,
  serviceFacts,
  takeOut,
} from "../../../../src/limit/alarm/service.js";
import { shelve } from "../../../../src/limit/alarm/shelf.js";
import { compiled } from "../limit.js";
import { facts, Notebook, second } from "./alarms.js";

const loud = compiled({ name: "loud", hi: 25, reaction: "trip" });
const away = compiled({ name: "away", hi: 1, reaction: "trip" });
const third = compiled({ name: "third", hi: 1, reaction: "trip" });
const dimension = "velocity" as const;
const signed = { by: "mei", second: "li", reason: "loose cable", lengthMs: 3_600_000 };
const drive = { what: "device", name: "drive" } as const;
const own = serviceFacts("r1", drive);
const out = { by: "mei", reason: "new bearing", lengthMs: 10_000 };

function bypassed(notes: Notebook, limit = loud, word = signed, s = 1): string | undefined {
  const asked = bypass(notes.book, "r1", { limit, dimension }, word, second(s));
  notes.write(asked.changes);
  return asked.refused[0]?.code;
}

describe("a bypass in the book", () => {
  it("is of one limit, with a reason and a second person who is not the first, for one shift at most", () => {
    const notes = new Notebook();
    expect(bypassed(notes, loud, { ...signed, reason: " " })).toBe("no-reason");
    expect(bypassed(notes, loud, { ...signed, second: "" })).toBe("no-second-person");
    for (const second of ["mei", "Mei", "mei@rig-7"]) {
      expect(bypassed(notes, loud, { ...signed, second })).toBe("no-second-person");
    }
    const here = { ...signed, by: "root@rig-7" };
    expect(bypassed(notes, loud, { ...here, second: "root" })).toBe("no-second-person");
    expect(bypassed(notes, away, { ...here, second: "root@rig-8" })).toBeUndefined();
    const long = { ...signed, lengthMs: longestBypassMs + 1 };
    expect(bypassed(notes, loud, long)).toBe("bypass-too-long");
    expect(bypassed(notes)).toBeUndefined();
    expect([isBypassed(notes.book, loud), isBypassed(notes.book, third)]).toEqual([true, false]);
    expect(bypassed(notes)).toBe("is-bypassed");
  });

  it("is refused beside two others of its rig", () => {
    const notes = new Notebook();
    bypassed(notes, loud);
    bypassed(notes, away);
    expect(bypassed(notes, third)).toBe("too-many-bypasses");
  });

  it("is never of what keeps people from overspeed, over-temperature and an open chain", () => {
    expect(mayBeBypassed(loud, "speed")).toBe(false);
    expect(mayBeBypassed(loud, "temperature")).toBe(false);
    expect(mayBeBypassed(compiled({ name: "reverse", lo: -6300 }), "speed")).toBe(false);
    expect(mayBeBypassed(compiled({ name: "stall", lo: 100 }), "speed")).toBe(true);
    expect(mayBeBypassed(compiled({ name: "chain-opened", lo: 0.5 }), "ratio")).toBe(false);
    expect(mayBeBypassed(loud, "velocity")).toBe(true);
  });

  it("is over after its time, and what stands is an alarm again", () => {
    const notes = new Notebook();
    bypassed(notes);
    notes.write([raise(limitFacts("r1", loud), 30, "loud", second(2))]);
    expect(expireService(notes.book, second(3600))).toEqual([]);
    notes.write(expireService(notes.book, second(3601)));
    expect(isBypassed(notes.book, loud)).toBe(false);
    expect(notes.row(limitFacts("r1", loud))).toMatchObject({ state: "unacknowledged" });
  });

  it("goes on over a restart only where the wall clock can say what is left", () => {
    for (const isWallTrusted of [true, false]) {
      const notes = new Notebook();
      bypassed(notes);
      const now = { ...second(601, { isWallTrusted }), at: 0 };
      notes.write(reopenBook(notes.book, [loud], now));
      expect(isBypassed(notes.book, loud)).toBe(isWallTrusted);
      if (!isWallTrusted) continue;
      const left = notes.book.rows[0]?.outOfService;
      expect(left).toMatchObject({ lengthMs: 3_000_000, second: "li", since: { at: 0 } });
    }
  });
});

describe("what is out of service in the book", () => {
  const taken = () => {
    const notes = new Notebook();
    const asked = takeOut(notes.book, own, [limitFacts("r1", loud)], out, second(1));
    notes.write(asked.changes);
    return notes;
  };

  it("stays so when its time is over, and its alarm says so until a person returns it", () => {
    const notes = taken();
    expect(outages(notes.book)).toEqual([drive]);
    notes.write(expireService(notes.book, second(11)));
    expect(notes.row(own)).toMatchObject({ state: "unacknowledged", stands: true });
    expect(outages(notes.book)).toEqual([drive]);
    expect(expireService(notes.book, second(12))).toEqual([]);
    notes.write(putBack(notes.book, own, [limitFacts("r1", loud)], "mei", second(13)));
    expect(outages(notes.book)).toEqual([]);
    expect(notes.book.rows).toMatchObject([
      { limit: own.limit, state: "returned-unacknowledged", stands: false },
    ]);
  });

  it("is returned before its time without leaving anything", () => {
    const notes = taken();
    notes.write(putBack(notes.book, own, [limitFacts("r1", loud)], "mei", second(5)));
    expect(notes.book.rows).toEqual([]);
  });

  it("is so after a restart, with its whole time where no clock says what is left, and expired where it had", () => {
    const notes = taken();
    notes.write(reopenBook(notes.book, [loud], { ...second(5, { isWallTrusted: false }), at: 0 }));
    expect(outages(notes.book)).toEqual([drive]);
    expect(notes.row(own).outOfService).toMatchObject({ lengthMs: 10_000, since: { at: 0 } });
    const over = taken();
    over.write(expireService(over.book, second(11)));
    over.write(reopenBook(over.book, [loud], { ...second(60), at: 0 }));
    expect(outages(over.book)).toEqual([drive]);
  });

  it("and a bypass are the same in a book that is written down anew", () => {
    const notes = taken();
    bypassed(notes, away);
    const anew = bookOf(changesAnew(notes.book));
    expect(outages(anew)).toEqual([drive]);
    expect(isBypassed(anew, away)).toBe(true);
    const times = ({ rows }: typeof anew) => rows.map((row) => row.outOfService);
    expect(times(anew)).toEqual(times(notes.book));
  });

  it("is the same in a book that is written down anew where nobody looked at its limit any more", () => {
    const notes = new Notebook();
    notes.write([raise(facts("warm"), 1, "warm", second(1))]);
    notes.write(unwatch(notes.book, () => false, "gone", second(2)));
    const shelf = { by: "mei", reason: "known", lengthMs: 5000 };
    notes.write(shelve(notes.book, facts("warm"), shelf, second(3)).changes);
    expect(bookOf(changesAnew(notes.book)).rows).toMatchObject([
      { state: "shelved", unwatched: "gone", shelf },
    ]);
  });

  it("is the same in a book that is written down anew where it returned on its shelf, acknowledged before", () => {
    const notes = new Notebook();
    notes.write([raise(facts("warm"), 1, "warm: 61 degC", second(1))]);
    notes.write(acknowledge(notes.book, { seen: 1, by: "mei" }, second(2)).changes);
    const shelf = { by: "mei", reason: "known", lengthMs: 5000 };
    notes.write(shelve(notes.book, facts("warm"), shelf, second(3)).changes);
    notes.write([giveBack(notes.book, facts("warm"), 0, second(4))]);
    expect(bookOf(changesAnew(notes.book)).rows).toMatchObject([
      { state: "shelved", stands: false, text: "warm: 61 degC" },
    ]);
  });

  it("is no alarm that a limit of a file could have", () => {
    expect(outages(bookOf([raise(facts("service-expired"), 1, "x", second(1))]))).toEqual([]);
  });
});
