import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  acknowledge,
  giveBack,
  raise,
  returnToService,
  takeOutOfService,
  unwatch,
} from "../../../../src/limit/alarm/ask.js";
import { type AlarmBook, bookOf } from "../../../../src/limit/alarm/book.js";
import { changesAnew } from "../../../../src/limit/alarm/carry.js";
import type { AlarmChange, AlarmFacts } from "../../../../src/limit/alarm/change.js";
import { carryShelves, expire, shelve, unshelve } from "../../../../src/limit/alarm/shelf.js";
import { facts, Notebook, second, trip } from "./alarms.js";

const warm = facts("warm", { station: "s1", message: "look", guidance: { en: "oil it" } });

function raised(notes: Notebook, alarm: AlarmFacts, s: number, value = 1): void {
  notes.write([raise(alarm, value, `${alarm.limit} at ${s}`, second(s))]);
}
function returned(notes: Notebook, alarm: AlarmFacts, s: number): void {
  notes.write([giveBack(notes.book, alarm, 0, second(s))]);
}
function acknowledged(notes: Notebook, s: number, seen = notes.book.revision) {
  const asked = acknowledge(notes.book, { seen, by: "wang" }, second(s));
  notes.write(asked.changes);
  return asked;
}

describe("the alarm book", () => {
  it("tells of an alarm when, how often, how far, what and what to do", () => {
    const notes = new Notebook();
    raised(notes, warm, 1, 91);
    returned(notes, warm, 2);
    raised(notes, warm, 3, 95);
    expect(notes.row(warm)).toMatchObject({
      ...warm,
      state: "unacknowledged",
      stands: true,
      raisedAt: { at: 1000, wall: 1_001_000 },
      lastRaisedAt: { at: 3000, wall: 1_003_000 },
      returnedAt: null,
      count: 2,
      firstValue: 91,
      lastValue: 95,
      text: "warm at 3",
    });
  });

  it("keeps the alarms of stations and rigs apart", () => {
    const notes = new Notebook();
    const others = [warm, { ...warm, station: "s2" }, { ...warm, rig: "r2" }];
    for (const alarm of others) raised(notes, alarm, 1);
    expect(notes.book.rows.map(({ rig, station, count }) => [rig, station, count])).toEqual([
      ["r1", "s1", 1],
      ["r1", "s2", 1],
      ["r2", "s1", 1],
    ]);
  });

  it("ends an alarm that is acknowledged and returned, in either order, and begins it anew", () => {
    for (const isAcknowledgedFirst of [true, false]) {
      const notes = new Notebook();
      raised(notes, warm, 1);
      if (isAcknowledgedFirst) acknowledged(notes, 2);
      returned(notes, warm, 3);
      if (!isAcknowledgedFirst) acknowledged(notes, 4);
      expect(notes.book.rows).toEqual([]);
      raised(notes, warm, 5);
      expect(notes.row(warm)).toMatchObject({ count: 1, raisedAt: { at: 5000 } });
    }
  });

  it("does not clear what is acknowledged, and says who did it", () => {
    const notes = new Notebook();
    raised(notes, warm, 1);
    acknowledged(notes, 2);
    const by = { acknowledgedBy: "wang", acknowledgedAt: { at: 2000, wall: 1_002_000 } };
    expect(notes.row(warm)).toMatchObject({ state: "acknowledged", stands: true, ...by });
    raised(notes, warm, 3);
    const nobody = { acknowledgedBy: null, acknowledgedAt: null };
    expect(notes.row(warm)).toMatchObject({ state: "unacknowledged", ...nobody });
  });

  it("acknowledges all that was seen, and nothing that came since", () => {
    const notes = new Notebook();
    raised(notes, facts("a"), 1);
    raised(notes, facts("b"), 1);
    const seen = notes.book.revision;
    raised(notes, facts("a"), 3);
    raised(notes, facts("c"), 3);
    const { refused } = acknowledged(notes, 4, seen);
    expect(refused.map(({ limit, code }) => [limit, code])).toEqual([
      ["a", "came-since"],
      ["c", "came-since"],
    ]);
    expect(notes.book.rows.map((row) => row.state)).toEqual([
      "unacknowledged",
      "acknowledged",
      "unacknowledged",
    ]);
  });

  it("takes an alarm that is named twice once", () => {
    const notes = new Notebook();
    raised(notes, warm, 1);
    const request = { keys: [warm, warm], seen: notes.book.revision, by: "wang" };
    expect(acknowledge(notes.book, request, second(2)).changes).toHaveLength(1);
  });

  it("acknowledges one alarm, and refuses with the reason what cannot be", () => {
    const notes = new Notebook();
    raised(notes, facts("a"), 1);
    raised(notes, facts("b"), 1);
    const ask = (limit: string) => {
      const request = { keys: [facts(limit)], seen: notes.book.revision, by: "wang" };
      const asked = acknowledge(notes.book, request, second(2));
      notes.write(asked.changes);
      return asked.refused.map(({ code }) => code);
    };
    expect([ask("a"), ask("a"), ask("z")]).toEqual([[], ["is-acknowledged"], ["is-normal"]]);
    expect(notes.row(facts("b")).state).toBe("unacknowledged");
  });

  it("does not say returned of what does not stand", () => {
    const notes = new Notebook();
    expect(giveBack(notes.book, warm, 0, second(1))).toBeUndefined();
    raised(notes, warm, 1);
    returned(notes, warm, 2);
    expect(giveBack(notes.book, warm, 0, second(3))).toBeUndefined();
  });

  it("knows no NaN: a value that is none is null", () => {
    const notes = new Notebook();
    raised(notes, warm, 1, Number.NaN);
    expect(notes.row(warm)).toMatchObject({ firstValue: null, lastValue: null });
  });
});

describe("the first out", () => {
  it("is the first trip of a group, and stays it when others follow or it comes again", () => {
    const notes = new Notebook();
    raised(notes, facts("warm"), 1);
    raised(notes, trip("b"), 2);
    raised(notes, trip("a"), 2);
    returned(notes, trip("b"), 3);
    raised(notes, trip("b"), 4);
    const first = notes.book.rows.filter((row) => row.isFirstOut);
    expect(first.map((row) => row.limit)).toEqual(["b"]);
  });

  it("is kept, normal itself, until the whole group is acknowledged and returned", () => {
    const notes = new Notebook();
    raised(notes, trip("a"), 1);
    raised(notes, trip("b"), 2);
    returned(notes, trip("a"), 3);
    acknowledged(notes, 4);
    expect(notes.row(trip("a"))).toMatchObject({ state: "normal", isFirstOut: true });
    expect(notes.row(trip("b"))).toMatchObject({ state: "acknowledged", isFirstOut: false });
    returned(notes, trip("b"), 5);
    expect(notes.book.rows).toEqual([]);
    raised(notes, trip("b"), 6);
    expect(notes.row(trip("b")).isFirstOut).toBe(true);
  });

  it("is one for each rig", () => {
    const notes = new Notebook();
    raised(notes, trip("a"), 1);
    raised(notes, trip("a", { rig: "r2" }), 2);
    expect(notes.book.rows.map((row) => row.isFirstOut)).toEqual([true, true]);
  });
});

describe("an alarm whose limit is looked at no more", () => {
  const why = "not in the rig file any more";

  it("stays until it is acknowledged, and says so", () => {
    const notes = new Notebook();
    raised(notes, warm, 1);
    raised(notes, facts("other"), 1);
    notes.write(unwatch(notes.book, (row) => row.limit === "other", why, second(2)));
    const gone = { state: "returned-unacknowledged", stands: false, unwatched: why };
    expect(notes.row(warm)).toMatchObject({ ...gone, message: "look", returnedAt: { at: 2000 } });
    expect(unwatch(notes.book, (row) => row.limit === "other", why, second(3))).toEqual([]);
    acknowledged(notes, 4);
    expect(notes.book.rows.map((row) => row.limit)).toEqual(["other"]);
  });

  it("keeps the time at which it had returned before", () => {
    const notes = new Notebook();
    raised(notes, warm, 1);
    returned(notes, warm, 2);
    notes.write(unwatch(notes.book, () => false, why, second(3)));
    expect(notes.row(warm)).toMatchObject({ returnedAt: { at: 2000 }, unwatched: why });
  });

  it("ends with its limit when it was acknowledged before", () => {
    const notes = new Notebook();
    raised(notes, warm, 1);
    acknowledged(notes, 2);
    notes.write(unwatch(notes.book, () => false, why, second(3)));
    expect(notes.book.rows).toEqual([]);
  });

  it("is told although it was shelved or out of service, where it stood", () => {
    const notes = new Notebook();
    const shelf = { by: "wang", reason: "chatters", lengthMs: 60_000 };
    raised(notes, warm, 1);
    notes.write(shelve(notes.book, warm, shelf, second(2)).changes);
    notes.write(unwatch(notes.book, () => false, why, second(3)));
    const gone = { state: "returned-unacknowledged", shelf: null, outOfService: null };
    expect(notes.row(warm)).toMatchObject(gone);
  });

  it("is an alarm like any other when its limit comes back", () => {
    const notes = new Notebook();
    raised(notes, warm, 1);
    notes.write(unwatch(notes.book, () => false, why, second(2)));
    raised(notes, warm, 3);
    expect(notes.row(warm)).toMatchObject({ state: "unacknowledged", unwatched: null, count: 2 });
  });
});

describe("what is out of service", () => {
  const out = { by: "wang", reason: "new sensor" };

  it("counts and is listed, and is told anew in service when it stands", () => {
    const notes = new Notebook();
    notes.write(takeOutOfService(notes.book, [trip("a"), warm], out, second(1)).changes);
    raised(notes, trip("a"), 2);
    expect(notes.row(trip("a"))).toMatchObject({
      ...{ state: "out-of-service", count: 1, stands: true, isFirstOut: false },
      outOfService: { ...out, since: { at: 1000 } },
    });
    notes.write(returnToService(notes.book, [trip("a"), warm], "li", second(3)).changes);
    expect(notes.book.rows).toMatchObject([{ state: "unacknowledged", isFirstOut: true }]);
    expect(notes.row(trip("a")).outOfService).toBeNull();
  });

  it("needs a reason, and is not taken out twice", () => {
    const notes = new Notebook();
    const ask = (reason: string) => {
      const asked = takeOutOfService(notes.book, [warm], { by: "wang", reason }, second(1));
      notes.write(asked.changes);
      return asked.refused.map(({ code }) => code);
    };
    expect([ask(" "), ask("new sensor"), ask("again")]).toEqual([
      ["no-reason"],
      [],
      ["is-out-of-service"],
    ]);
  });
});

describe("the book, whatever happens", () => {
  const alarms = [facts("warm"), warm, trip("a"), trip("b"), trip("a", { rig: "r2" })];
  const what = fc.constantFrom(
    ...["raise", "raise", "return", "return", "acknowledge", "acknowledge all", "shelve"],
    ...["unshelve", "expire", "restart", "out", "in", "unwatch"],
  );
  const happening = fc.record({
    what,
    alarm: fc.constantFrom(...alarms),
    gapS: fc.integer({ min: 0, max: 4000 }),
    isWallTrusted: fc.boolean(),
    seenBefore: fc.integer({ min: 0, max: 3 }),
  });
  type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

  function happens(notes: Notebook, { what: name, alarm, ...rest }: Happening, s: number): void {
    const { book } = notes;
    const now = second(s, { isWallTrusted: rest.isWallTrusted });
    const by = "wang";
    const seen = book.revision - rest.seenBefore;
    const changes: Record<string, () => Parameters<Notebook["write"]>[0]> = {
      raise: () => [raise(alarm, s, alarm.limit, now)],
      return: () => [giveBack(book, alarm, s, now)],
      acknowledge: () => acknowledge(book, { keys: [alarm], seen, by }, now).changes,
      "acknowledge all": () => acknowledge(book, { seen, by }, now).changes,
      shelve: () => shelve(book, alarm, { by, reason: "r", lengthMs: 5e6 }, now).changes,
      unshelve: () => unshelve(book, alarm, by, now).changes,
      expire: () => expire(book, now),
      restart: () => carryShelves(book, now),
      out: () => takeOutOfService(book, [alarm], { by, reason: "r" }, now).changes,
      in: () => returnToService(book, [alarm], by, now).changes,
      unwatch: () => unwatch(book, (row) => row.limit !== alarm.limit, "gone", now),
    };
    notes.write(changes[name]!());
  }

  const run = (
    list: readonly Happening[],
    look: (notes: Notebook, happened: Happening) => void,
  ) => {
    const notes = new Notebook();
    let s = 0;
    for (const one of list) {
      s += one.gapS;
      happens(notes, one, s);
      look(notes, one);
    }
    return notes;
  };
  const story = fc.array(happening, { maxLength: 60 });

  it("is the fold of what was written down", () => {
    fc.assert(
      fc.property(story, (list) => {
        const notes = run(list, () => {});
        expect(bookOf(notes.written)).toEqual(notes.book);
        // Nothing was asked for that the table refuses.
        expect(notes.book.revision).toBe(notes.written.length);
      }),
    );
  });

  it("shows the same when it is written down anew", () => {
    const shown = ({ rows }: AlarmBook) =>
      rows
        .map(({ rig, limit, station, state, stands, isFirstOut, ...row }) => ({
          ...{ rig, limit, station, state, stands, isFirstOut },
          ...{ reaction: row.reaction, priority: row.priority, text: row.text },
          ...{ shelf: row.shelf, outOfService: row.outOfService, unwatched: row.unwatched },
        }))
        .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
    fc.assert(
      fc.property(story, (list) => {
        run(list, ({ book }) => {
          const anew = bookOf(JSON.parse(JSON.stringify(changesAnew(book))) as AlarmChange[]);
          expect(shown(anew)).toEqual(shown(book));
        });
      }),
    );
  });

  it("has every alarm once, none that is normal but a first out, and shelves no trip", () => {
    fc.assert(
      fc.property(story, (list) => {
        run(list, ({ book: { rows } }) => {
          const keys = rows.map(({ rig, limit, station }) => `${rig} ${limit} ${station}`);
          expect(new Set(keys).size).toBe(rows.length);
          for (const row of rows) {
            if (row.state === "normal") expect(row.isFirstOut).toBe(true);
            if (row.reaction === "trip") expect(row.state).not.toBe("shelved");
            expect(row.shelf !== null).toBe(row.state === "shelved");
            expect(row.outOfService !== null).toBe(row.state === "out-of-service");
          }
        });
      }),
    );
  });

  it("marks exactly one first out per rig as long as one of its trips is open", () => {
    fc.assert(
      fc.property(story, (list) => {
        run(list, ({ book: { rows } }) => {
          for (const rig of ["r1", "r2"]) {
            const trips = rows.filter((row) => row.rig === rig && row.reaction === "trip");
            const open = trips.filter(({ state }) => !["normal", "out-of-service"].includes(state));
            const marked = rows.filter((row) => row.rig === rig && row.isFirstOut);
            expect(marked.length).toBe(open.length > 0 ? 1 : 0);
          }
        });
      }),
    );
  });

  it("says that it stands of what was raised last and has not returned, whatever people say", () => {
    fc.assert(
      fc.property(story, (list) => {
        const standing = new Set<string>();
        run(list, ({ book }, { what: name, alarm }) => {
          const key = ({ rig, limit, station }: typeof alarm) => `${rig} ${limit} ${station}`;
          if (name === "raise") standing.add(key(alarm));
          if (name === "return") standing.delete(key(alarm));
          const gone = alarms.filter((one) => one.limit === alarm.limit);
          if (name === "unwatch") for (const one of gone) standing.delete(key(one));
          const seen = book.rows.filter((row) => row.stands).map(key);
          expect(new Set(seen)).toEqual(standing);
        });
      }),
    );
  });
});
