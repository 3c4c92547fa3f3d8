import { describe, expect, it } from "vitest";
import { giveBack, raise } from "../../../../src/limit/alarm/ask.js";
import type { AlarmFacts, Moment } from "../../../../src/limit/alarm/change.js";
import {
  carryShelves,
  expire,
  longestShelfMs,
  shelve,
  unshelve,
} from "../../../../src/limit/alarm/shelf.js";
import { facts, Notebook, second, trip } from "./alarms.js";

const warm = facts("warm");
const hour = 3600;

function shelved(lengthMs: number, now: Moment, alarm: AlarmFacts = warm) {
  const notes = new Notebook();
  notes.write([raise(alarm, 1, "warm", now)]);
  const asked = shelve(notes.book, alarm, { by: "wang", reason: "chatters", lengthMs }, now);
  notes.write(asked.changes);
  return { notes, refused: asked.refused.map(({ code }) => code) };
}

/** A moment of the next controller: its own elapsed time, and a wall clock. */
function restarted(wallS: number, isWallTrusted: boolean): Moment {
  return { at: 5, wall: second(wallS).wall, isWallTrusted };
}

describe("shelving", () => {
  it("is by name, with a reason and for a time; what is shelved counts and is listed", () => {
    const { notes } = shelved(hour * 1000, second(1));
    notes.write([giveBack(notes.book, warm, 0, second(2)), raise(warm, 2, "warm", second(3))]);
    const shelf = { by: "wang", reason: "chatters", lengthMs: 3_600_000, since: { at: 1000 } };
    expect(notes.row(warm)).toMatchObject({ state: "shelved", stands: true, count: 2, shelf });
  });

  it.each<[string, AlarmFacts]>([
    ["a trip", trip("hot")],
    ["what is urgent", facts("smoke", { priority: "urgent" })],
  ])("is refused for %s", (_, alarm) => {
    const { notes, refused } = shelved(1000, second(1), alarm);
    expect(refused).toEqual(["may-not-be-shelved"]);
    expect(notes.row(alarm).state).toBe("unacknowledged");
  });

  it("is refused for what tripped though the edited file now only warns", () => {
    const { notes } = shelved(1000, second(1), trip("hot"));
    const shelf = { by: "wang", reason: "chatters", lengthMs: 1000 };
    const { refused } = shelve(notes.book, facts("hot"), shelf, second(2));
    expect(refused).toMatchObject([{ limit: "hot", code: "may-not-be-shelved" }]);
  });

  it.each([0, -1, Number.NaN, longestShelfMs + 1])("is refused for %d ms", (lengthMs) => {
    expect(shelved(lengthMs, second(1)).refused).toEqual(["shelf-too-long"]);
  });

  it("is refused without a reason, and a second time while it lasts", () => {
    const { notes } = shelved(longestShelfMs, second(1));
    const again = (reason: string) =>
      shelve(notes.book, warm, { by: "wang", reason, lengthMs: 1000 }, second(2)).refused;
    expect(again(" ")).toMatchObject([{ code: "no-reason" }]);
    expect(again("longer")).toMatchObject([{ code: "is-shelved" }]);
  });

  it("ends by a word: what stands is told anew, what has returned is normal", () => {
    for (const isBack of [false, true]) {
      const { notes } = shelved(hour * 1000, second(1));
      if (isBack) notes.write([giveBack(notes.book, warm, 0, second(2))]);
      notes.write(unshelve(notes.book, warm, "li", second(3)).changes);
      const states = notes.book.rows.map(({ state, shelf }) => [state, shelf]);
      expect(states).toEqual(isBack ? [] : [["unacknowledged", null]]);
    }
  });

  it("can be of what is normal now, and leaves nothing behind", () => {
    const notes = new Notebook();
    const shelf = { by: "wang", reason: "door is opened", lengthMs: 1000 };
    notes.write(shelve(notes.book, warm, shelf, second(1)).changes);
    expect(notes.row(warm)).toMatchObject({ state: "shelved", stands: false, raisedAt: null });
    notes.write(expire(notes.book, second(2)));
    expect(notes.book.rows).toEqual([]);
  });
});

describe("the end of a shelf", () => {
  const isOver = (from: Moment, to: Moment) =>
    expire(shelved(hour * 1000, from).notes.book, to).length === 1;
  const wall = (s: number) => second(s).wall;

  it("comes with its time, to the millisecond", () => {
    const { at, ...rest } = second(hour + 1);
    expect(isOver(second(1), { ...rest, at: at - 1, wall: wall(hour) })).toBe(false);
    expect(isOver(second(1), second(hour + 1))).toBe(true);
  });

  it("comes by the wall clock where it was set then and is now: the machine may have slept", () => {
    expect(isOver(second(1), { ...second(2), wall: wall(hour + 1) })).toBe(true);
  });

  it("does not come by a wall clock that nobody set, then or now, however far it jumps", () => {
    const year = { ...second(2), wall: wall(8766 * hour) };
    expect(isOver(second(1), { ...year, isWallTrusted: false })).toBe(false);
    expect(isOver(second(1, { isWallTrusted: false }), year)).toBe(false);
  });

  it("comes by elapsed time though the wall clock went back", () => {
    expect(isOver(second(1), { ...second(hour + 1), wall: 0 })).toBe(true);
  });
});

describe("a shelf over a restart", () => {
  it("goes on with what a clock that is set says is left", () => {
    const { notes } = shelved(hour * 1000, second(0));
    notes.write(carryShelves(notes.book, restarted(600, true)));
    const left = { lengthMs: 3_000_000, beganAgain: false, by: "wang", since: { at: 5 } };
    expect(notes.row(warm)).toMatchObject({ state: "shelved", shelf: left });
    expect(expire(notes.book, { ...restarted(601, true), at: 3_000_004 })).toEqual([]);
    expect(expire(notes.book, { ...restarted(601, true), at: 3_000_005 })).toHaveLength(1);
  });

  it("is over when its time ran out while the controller was away", () => {
    const { notes } = shelved(hour * 1000, second(0));
    notes.write(carryShelves(notes.book, restarted(hour, true)));
    expect(notes.row(warm)).toMatchObject({ state: "unacknowledged", shelf: null });
  });

  it("is never longer than it was, though the clock went back", () => {
    const { notes } = shelved(hour * 1000, second(0));
    notes.write(carryShelves(notes.book, restarted(-hour / 4, true)));
    expect(notes.row(warm).shelf?.lengthMs).toBe(3_600_000);
  });

  it("begins again where no clock can say what is left, but only once", () => {
    const { notes } = shelved(hour * 1000, second(0));
    notes.write(carryShelves(notes.book, restarted(9 * hour, false)));
    expect(notes.row(warm).shelf).toMatchObject({ lengthMs: 3_600_000, beganAgain: true });
    notes.write(carryShelves(notes.book, restarted(9 * hour, false)));
    expect(notes.row(warm)).toMatchObject({ state: "unacknowledged", shelf: null });
  });
});
