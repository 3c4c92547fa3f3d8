import { describe, expect, it } from "vitest";
import { RigBook } from "../../../src/keeper/rig-book.js";
import { type Audience, noteWhoIsTold } from "../../../src/keeper/told-notes.js";
import type { JournalEvent } from "../../../src/record/journal/kinds.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";

const facts = {
  ...{ rig: "r1", limit: "overload", station: null, reaction: "warn", priority: "medium" },
} as Parameters<RigBook["raise"]>[0];

/** A book whose journal numbers its events from 5 on. */
function booked(there: readonly Audience[]) {
  const written: JournalEvent[] = [];
  const journal = {
    commit: async (events: readonly JournalEvent[]) => void written.push(...events),
    get lastSeq() {
      return written.length + 4;
    },
  };
  const book = new RigBook("r1", new VirtualClock(0), journal);
  noteWhoIsTold(book, () => there);
  return { book, written };
}

async function settled(book: RigBook): Promise<void> {
  await book.note({ kind: "closed", text: "over", data: {} });
}

describe("an alarm that is raised", () => {
  it("has in the journal who was told of it, by its number", async () => {
    const there = [
      { to: "the terminal of process 7", via: "terminal" },
      { to: "2 at the socket", via: "socket" },
    ];
    const { book, written } = booked(there);
    await book.raise(facts, 5, "overload 5 kN above 4 kN");
    await settled(book);
    expect(written.filter((e) => e.kind === "told")).toMatchObject([
      {
        text: "the terminal of process 7 was told: overload 5 kN above 4 kN",
        data: { ...there[0], delivered: true, about: 5 },
      },
      { data: { ...there[1], delivered: true, about: 5 } },
    ]);
  });

  it("says that nobody was there, where nobody was", async () => {
    const { book, written } = booked([]);
    await book.raise(facts, 5, "overload");
    await settled(book);
    expect(written.filter((e) => e.kind === "told")).toMatchObject([
      { data: { to: "nobody", delivered: false, about: 5 } },
    ]);
  });

  it("tells nobody that it has returned", async () => {
    const { book, written } = booked([]);
    await book.raise(facts, 5, "overload");
    await book.giveBack({ rig: "r1", limit: "overload", station: null }, 1);
    await settled(book);
    expect(written.map(({ kind }) => kind).filter((kind) => kind === "told")).toHaveLength(1);
  });
});
