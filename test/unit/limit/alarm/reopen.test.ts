import { describe, expect, it } from "vitest";
import { acknowledge, raise } from "../../../../src/limit/alarm/ask.js";
import type { AlarmFacts } from "../../../../src/limit/alarm/change.js";
import { limitFacts, rigFacts } from "../../../../src/limit/alarm/facts.js";
import { reopenBook, returnedUnseen } from "../../../../src/limit/alarm/reopen.js";
import { shelve } from "../../../../src/limit/alarm/shelf.js";
import { isReturned } from "../../../../src/limit/check.js";
import { compiled, lookAt } from "../limit.js";
import { Notebook, second } from "./alarms.js";

const hot = compiled({ name: "hot", hi: 90, reaction: "trip" });
const warm = compiled({ name: "warm", hi: 80, hysteresis: 5, station: "s1" });
const limits = [hot, warm];
const lineLost = rigFacts("r1", "line-lost", "drive");

/** What a controller wrote that raised these and died. */
function died(raised: readonly AlarmFacts[], more: (notes: Notebook) => void = () => {}) {
  const notes = new Notebook();
  for (const alarm of raised) notes.write([raise(alarm, 1, alarm.limit, second(1))]);
  more(notes);
  return notes;
}

function reopened(notes: Notebook, known = limits): Notebook {
  notes.write(reopenBook(notes.book, known, { ...second(60), at: 0 }));
  return notes;
}

describe("the alarms of a rig after a restart", () => {
  it("stand as they were, acknowledged or not, with their first out", () => {
    const notes = died([limitFacts("r1", hot), limitFacts("r1", warm)], (n) =>
      n.write(acknowledge(n.book, { seen: 1, by: "wang" }, second(2)).changes),
    );
    const before = notes.book;
    expect(reopened(notes).book).toEqual(before);
    expect(before.rows.map(({ state, isFirstOut }) => [state, isFirstOut])).toEqual([
      ["acknowledged", true],
      ["unacknowledged", false],
    ]);
  });

  it("stay where their limit is gone from the file, and say so until they are acknowledged", () => {
    const notes = reopened(died([limitFacts("r1", warm)]), [hot]);
    expect(notes.row(limitFacts("r1", warm))).toMatchObject({
      state: "returned-unacknowledged",
      unwatched: "its limit is not in the rig file any more",
    });
    expect(reopened(died([limitFacts("r1", warm)]), [warm]).book.rows[0]?.unwatched).toBeNull();
  });

  it("do not know a limit of the same name at another station", () => {
    const notes = reopened(died([limitFacts("r1", warm)]), [{ ...warm, station: "s2" }]);
    expect(notes.book.rows[0]?.unwatched).toMatch(/not in the rig file/);
  });

  it("do not go on saying what only the controller before has seen", () => {
    const notes = reopened(died([lineLost]));
    expect(notes.row(lineLost)).toMatchObject({
      ...{ state: "returned-unacknowledged", stands: false },
      unwatched: "the controller that saw it has ended",
    });
    expect(reopenBook(notes.book, limits, second(99))).toEqual([]);
  });

  it("go on with their shelves, and tell what stands of those that are over", () => {
    const shelf = { by: "wang", reason: "chatters", lengthMs: 90_000 };
    const facts = limitFacts("r1", warm);
    const shelved = () =>
      died([facts], (n) => n.write(shelve(n.book, facts, shelf, second(1)).changes));
    expect(reopened(shelved()).row(facts)).toMatchObject({ shelf: { lengthMs: 31_000 } });
    const over = (known: typeof limits) =>
      reopenBook(shelved().book, known, second(91)).map(({ change }) => change);
    expect(over(limits)).toEqual(["expired"]);
    expect(over([])).toEqual(["expired", "unwatched"]);
  });
});

describe("an alarm that returned while nobody looked", () => {
  const notes = () => died([limitFacts("r1", hot), limitFacts("r1", warm)]);
  const returns = (value: number, quality?: number) => {
    const look = lookAt({ at: 0, value, ...(quality === undefined ? {} : { quality }) });
    const isBack = (i: number) => isReturned(limits[i]!, look, [], 0);
    const changes = returnedUnseen(notes().book, "r1", limits, look.values, isBack, second(2));
    return changes.map(({ limit, change }) => `${limit} ${change}`);
  };

  it("returns with the first good sample that is back inside, behind its hysteresis", () => {
    expect(returns(70)).toEqual(["hot returned", "warm returned"]);
    expect(returns(76)).toEqual(["hot returned"]);
    expect(returns(95)).toEqual([]);
    expect(returns(70, 3)).toEqual([]);
  });

  it("is not told twice, nor of another rig", () => {
    const look = lookAt({ at: 0, value: 70 });
    const book = notes();
    const of = (rig: string, at: number) =>
      returnedUnseen(book.book, rig, limits, look.values, () => true, second(at));
    expect(of("r2", 2)).toEqual([]);
    book.write(of("r1", 2));
    expect(of("r1", 3)).toEqual([]);
  });
});
