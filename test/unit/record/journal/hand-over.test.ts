import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { handOversAgainst } from "../../../../src/record/journal/hand-over.js";
import type { JournalEvent } from "../../../../src/record/journal/kinds.js";
import { createRecord } from "../../../../src/record/writer.js";
import { newRoot } from "../fixture.js";
import { eventOf, header, ManualClock } from "../run.js";
import { opened, placeIn } from "./rig.js";

function handOver(way: "in" | "out", run: string, event: number): JournalEvent {
  return { kind: "hand-over", text: `${way} ${run}`, data: { way, run, event } };
}

/** A record with three events, and a journal with these hand-overs. */
async function found(...events: JournalEvent[]) {
  const root = newRoot();
  const writer = await createRecord(root, header, new ManualClock());
  await writer.commit([eventOf(1), eventOf(2), eventOf(3)]);
  await writer.close();
  const place = placeIn(newRoot());
  const { journal } = await opened(place);
  await journal.commit(events);
  await journal.close();
  return { root, place, look: (rig = "bench") => handOversAgainst(root, place.file, rig) };
}

describe("what a journal says of runs", () => {
  it("is borne out by records that have the events it names; those that lie elsewhere are left out", async () => {
    const { look } = await found(
      handOver("in", "bench-1", 0),
      handOver("out", "bench-1", 3),
      handOver("in", "bench-2", 900),
    );
    expect(await look()).toEqual({ checked: 2, findings: [] });
  });

  it("is not borne out by a record that ends before, or that is of another rig", async () => {
    const { look } = await found(handOver("out", "bench-1", 4));
    expect((await look()).findings).toEqual([
      "event 2: run bench-1 had event 4 then, and its record ends before it",
    ]);
    expect((await look("other")).findings).toEqual(["event 2: run bench-1 is of the rig bench"]);
  });

  it("cannot be looked at in a record that cannot be read", async () => {
    const { look, root } = await found(handOver("out", "bench-1", 3));
    const file = join(root, "bench-1", "run.db");
    // In its place, not into it: the thread that wrote it may not be gone, and has all of it in the log beside it.
    for (const beside of ["", "-wal", "-shm"]) rmSync(file + beside, { force: true });
    writeFileSync(file, "no database");
    expect((await look()).findings).toEqual([expect.stringContaining("cannot be read")]);
  });
});
