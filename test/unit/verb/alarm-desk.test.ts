import { describe, expect, it } from "vitest";
import { valueProblems } from "../../../src/base/schema.js";
import { RigBook } from "../../../src/keeper/rig-book.js";
import type { AlarmFacts } from "../../../src/limit/alarm/change.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { askAlarm } from "../../../src/verb/alarm-desk.js";
import { verbNamed } from "../../../src/verb/all.js";
import { alarmRows } from "../../../src/verb/rig-picture.js";

const warm: AlarmFacts = {
  ...{ rig: "r1", limit: "warm", station: null, reaction: "warn", priority: "low" },
};
const hot: AlarmFacts = { ...warm, limit: "hot", reaction: "trip", priority: "high" };

function book(): RigBook {
  return new RigBook("r1", new VirtualClock(0));
}

/** What a person who looks now sends to acknowledge all of it. */
function all(of: RigBook) {
  const rows = alarmRows(of.alarms.rows);
  return rows.map(({ id, raisedRevision }) => ({ alarm: id, raisedRevision }));
}

describe("shelving", () => {
  it("of what is no alarm says which there are, and the whole command that lists them", async () => {
    const rig = book();
    const shelve = (alarm: string) =>
      askAlarm(rig, "alarm shelve", { alarm, by: "mei", reason: "known", forMs: 1000 });
    expect((await shelve("warn")).text).toBe(
      "no such alarm: warn; none stands there now; all of them: wearout alarm list r1",
    );
    await rig.raise(warm, 1, "warm: 61 degC");
    expect((await shelve("warn")).text).toContain('expected "warm" (did you mean that?)');
  });

  it("of a trip is refused with the reason alone: the answer says already that it is refused", async () => {
    const rig = book();
    await rig.raise(hot, 1, "hot: 140 degC");
    const said = await askAlarm(rig, "alarm shelve", {
      ...{ alarm: "hot", by: "mei", reason: "known", forMs: 1000 },
    });
    expect(said).toEqual({
      accepted: false,
      text: "hot: a trip and what is urgent is never shelved",
    });
  });
});

describe("acknowledging", () => {
  it("takes nothing that went normal and came again since it was seen", async () => {
    const rig = book();
    await rig.raise(warm, 1, "warm: 61 degC");
    const seen = { by: "mei", alarms: all(rig) };
    await rig.giveBack(warm, 0);
    await rig.acknowledge({ seen: rig.alarms.revision, by: "li" });
    await rig.raise(warm, 1, "warm: 90 degC");
    const said = await askAlarm(rig, "alarm ack", seen);
    expect(said).toEqual({
      accepted: false,
      text: "warm was raised again since it was seen",
    });
    expect(alarmRows(rig.alarms.rows)).toMatchObject([{ state: "unacknowledged", count: 1 }]);
    const now = await askAlarm(rig, "alarm ack", { by: "mei", alarms: all(rig) });
    expect(now).toMatchObject({ accepted: true, text: "acknowledged: warm" });
  });

  it("takes all that waits for a word beside one that is shelved and was never raised", async () => {
    const rig = book();
    const shelf = { by: "li", reason: "new sensor", lengthMs: 60_000 };
    await rig.shelve(warm, shelf);
    await rig.raise(hot, 1, "hot: 140 degC");
    const args = { by: "mei", alarms: all(rig) };
    expect(args.alarms).toContainEqual({ alarm: "warm", raisedRevision: 0 });
    const { input } = verbNamed("alarm ack")!;
    expect(valueProblems(input, args)).toEqual([]);
    expect(await askAlarm(rig, "alarm ack", args)).toMatchObject({ accepted: true });
    expect(alarmRows(rig.alarms.rows)).toMatchObject([
      { id: "hot", state: "acknowledged" },
      { id: "warm", state: "shelved" },
    ]);
  });
});
