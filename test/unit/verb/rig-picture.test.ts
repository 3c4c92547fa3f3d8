import { expect, it } from "vitest";
import { RigBook } from "../../../src/keeper/rig-book.js";
import type { AlarmFacts } from "../../../src/limit/alarm/change.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { alarmRows } from "../../../src/verb/rig-picture.js";

const trip = (limit: string): AlarmFacts => ({
  ...{ rig: "r1", limit, station: null, reaction: "trip", priority: "high" },
});

it("shows the first out of a group as long as another of the group is open, though it is normal itself", async () => {
  const book = new RigBook("r1", new VirtualClock(0));
  await book.raise(trip("oil-low"), 1, "oil 0.2 bar");
  await book.raise(trip("hot"), 1, "hot: 140 degC");
  await book.giveBack(trip("oil-low"), 2);
  await book.acknowledge({ seen: book.alarms.revision, by: "mei" });
  const shown = () =>
    alarmRows(book.alarms.rows).map(({ id, state, firstOut }) => [id, state, firstOut]);
  expect(shown()).toEqual([
    ["oil-low", "normal", true],
    ["hot", "acknowledged", false],
  ]);
  await book.giveBack(trip("hot"), 0);
  expect(shown()).toEqual([]);
});

it("of what was never raised says so, and why it is on the list", async () => {
  const book = new RigBook("r1", new VirtualClock(0));
  const shelf = { by: "li", reason: "new sensor", lengthMs: 60_000 };
  await book.shelve({ ...trip("warm"), reaction: "warn", priority: "low" }, shelf);
  expect(alarmRows(book.alarms.rows)).toMatchObject([
    { id: "warm", raisedWall: null, count: 0, text: "shelved by li: new sensor" },
  ]);
});

it("keeps what the limit says is to be done beside what was found", async () => {
  const book = new RigBook("r1", new VirtualClock(0));
  await book.raise({ ...trip("hot"), message: "Look at the oil." }, 1, "hot: 140 degC");
  expect(alarmRows(book.alarms.rows)).toMatchObject([{ text: "hot: 140 degC. Look at the oil." }]);
});
