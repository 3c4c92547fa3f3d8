import { describe, expect, it } from "vitest";
import { WallWatch } from "../../../src/keeper/wall-watch.js";
import type { TimeSync } from "../../../src/record/document/event.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";

const set: TimeSync = { state: "synchronised", source: "timesyncd" };
const unset: TimeSync = { state: "not synchronised", source: "timesyncd" };

function watched(sync = set) {
  const clock = new VirtualClock(0);
  const now = { sync, asked: 0 };
  const watch = new WallWatch(clock, () => {
    now.asked++;
    return now.sync;
  });
  return { clock, now, watch };
}

describe("the wall clock of a kept rig", () => {
  it("is told of at the first look with who sets it, and not again while that is the same", () => {
    const { watch } = watched();
    const first = watch.look({ at: 0, wall: 1000 });
    expect(first).toMatchObject([
      { kind: "clock", text: "time sync: synchronised (timesyncd)", data: { timeSync: set } },
    ]);
    expect(watch.look({ at: 1000, wall: 2000 })).toEqual([]);
  });

  it("is told of when it is set, with how far, and not when it is slewed", () => {
    const { watch } = watched();
    watch.look({ at: 0, wall: 1000 });
    expect(watch.look({ at: 1000, wall: 2400 })).toEqual([]);
    expect(watch.look({ at: 2000, wall: 3_603_400 })).toMatchObject([
      { text: "the wall clock was set forward by 1 h", data: { byMs: 3_600_000 } },
    ]);
    expect(watch.look({ at: 3000, wall: 3400 })).toMatchObject([{ data: { byMs: -3_601_000 } }]);
  });

  it("is trusted only while it is synchronised, which is asked once a minute", async () => {
    const { clock, now, watch } = watched();
    expect(watch.isTrusted).toBe(true);
    watch.look({ at: 0, wall: 0 });
    now.sync = unset;
    expect([watch.isTrusted, now.asked]).toEqual([true, 1]);
    await clock.sleep(60_000);
    expect([watch.isTrusted, now.asked]).toEqual([false, 2]);
    const told = watch.look({ at: 60_000, wall: 60_000 });
    expect(told.map(({ text }) => text)).toEqual([
      "time sync: not synchronised (timesyncd), was synchronised (timesyncd)",
    ]);
    now.sync = set;
    await clock.sleep(60_000);
    expect(watch.look({ at: 120_000, wall: 120_000 })).toMatchObject([{ data: { timeSync: set } }]);
  });
});
