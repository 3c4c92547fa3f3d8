import { describe, expect, it } from "vitest";
import { parseText } from "../../../../src/base/schema.js";
import { isAlarm, raise } from "../../../../src/limit/alarm/ask.js";
import { AlarmChange } from "../../../../src/limit/alarm/change.js";
import { limitFacts, rigAlarms, rigFacts } from "../../../../src/limit/alarm/facts.js";
import { defaultPriority } from "../../../../src/limit/alarm/priority.js";
import { mayBeShelved } from "../../../../src/limit/alarm/shelf.js";
import { reactions } from "../../../../src/limit/limit.js";
import { compiled } from "../limit.js";
import { second } from "./alarms.js";

describe("what an alarm is", () => {
  it("comes from its limit: name, station, reaction, priority, message and guidance", () => {
    const guidance = { en: "oil it", zh: "加油" };
    const parts = { priority: "medium", message: "hot", guidance } as const;
    expect(limitFacts("r1", compiled({ station: "s2", reaction: "hold", ...parts }))).toEqual({
      ...{ rig: "r1", limit: "hot", station: "s2", reaction: "hold" },
      ...parts,
    });
    expect(limitFacts("r1", compiled())).toEqual({
      ...{ rig: "r1", limit: "hot", station: null, reaction: "warn", priority: "low" },
    });
  });

  it("has a priority by its reaction, and is urgent where the rig is isolated", () => {
    expect(reactions.map((reaction) => defaultPriority(reaction, false))).toEqual([
      ...["low", "low", "medium", "medium", "medium", "high", "high"],
    ]);
    expect(defaultPriority("trip", true)).toBe("urgent");
  });

  it("is not what is only written down", () => {
    expect(reactions.filter((reaction) => !isAlarm(reaction))).toEqual(["log"]);
  });

  it.each(rigAlarms)("is known for every rig: %s, with guidance in both languages", (name) => {
    const facts = rigFacts("r1", name, "drive");
    expect(facts.limit).toBe(`${name}:drive`);
    expect(facts.guidance?.en).toMatch(/\.$/);
    expect(facts.guidance?.zh).toMatch(/。$/);
  });

  it("is never shelved where it says that something moves or does not stop", () => {
    for (const name of ["unasked-motion", "not-safe", "contested", "line-lost"] as const) {
      expect(mayBeShelved(rigFacts("r1", name, "drive")), name).toBe(false);
    }
  });

  it("is written down in the form that its schema has", () => {
    const change = raise(rigFacts("r1", "line-lost", "drive"), Number.NaN, "no answer", second(1));
    const { problems } = parseText(AlarmChange, JSON.stringify(change), "journal");
    expect(problems).toEqual([]);
    const wrong = parseText(AlarmChange, JSON.stringify({ ...change, by: "x" }), "journal");
    expect(wrong.problems).not.toEqual([]);
  });
});
