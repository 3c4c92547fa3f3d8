import { utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { timeSyncOf } from "../../../src/cli/machine/time-sync.js";
import { lastTimeSync, TimeWatch } from "../../../src/lab/time-watch.js";
import type { RecordEvent, TimeSync } from "../../../src/record/document/event.js";
import { MadeUpMachine } from "../line/made-up-machine.js";
import { header } from "../record/run.js";

const set: TimeSync = { state: "synchronised", source: "timesyncd" };
const not: TimeSync = { state: "not synchronised", source: "timesyncd" };

describe("the state of time sync", () => {
  it("is an event at the first look and at every change, looked at once a minute", () => {
    let now = set;
    let looks = 0;
    const watch = new TimeWatch(() => {
      looks++;
      return now;
    }, set);
    const told: (RecordEvent | undefined)[] = [];
    for (let at = 0; at <= 600_000; at += 1000) {
      if (at === 150_000) now = not;
      told.push(watch.at({ at, cycle: at / 1000 }));
    }
    const events = told.filter((e) => e !== undefined);
    expect(looks).toBe(11);
    expect(events).toEqual([
      {
        kind: "clock",
        at: 180_000,
        cycle: 180,
        text: "time sync: not synchronised (timesyncd), was synchronised (timesyncd)",
        data: { timeSync: not },
      },
    ]);
    expect(lastTimeSync({ ...header, id: "", timeSync: set }, events)).toEqual(not);
    expect(lastTimeSync({ ...header, id: "", timeSync: set }, [])).toEqual(set);
  });

  it("is not asked where time is simulated", () => {
    expect(new TimeWatch(undefined, undefined).at({ at: 0, cycle: 0 })).toBeUndefined();
  });
});

describe("who sets the clock", () => {
  const wall = Date.UTC(2026, 0, 2);
  const hour = 3_600_000;
  const file = "/run/systemd/timesync/synchronized";
  const machine = (...files: [string, number][]) => {
    const made = new MadeUpMachine();
    for (const [path, modified] of files) {
      made.file(path, "");
      utimesSync(join(made.root, path), modified / 1000, modified / 1000);
    }
    return made.open();
  };

  it.each<[string, [string, number][], TimeSync]>([
    ["timesyncd, an hour ago", [[file, wall - hour]], set],
    ["timesyncd, two days ago", [[file, wall - 48 * hour]], not],
    ["timesyncd, not yet", [["/run/systemd/timesync/other", 0]], not],
    [
      "chrony, which leaves no word",
      [["/run/chrony/x", 0]],
      { state: "unknown", source: "chrony runs" },
    ],
    ["nobody", [], { state: "unknown", source: "no sign of a time service" }],
  ])("%s", (_what, files, expected) => {
    expect(timeSyncOf(machine(...files), wall)).toEqual(expected);
  });
});
