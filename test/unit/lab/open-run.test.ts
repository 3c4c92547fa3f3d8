import { describe, expect, it } from "vitest";
import { causeOf, openRunsOf, refuseWhileOpen } from "../../../src/lab/open-run.js";
import type { StoredEvent } from "../../../src/record/document/event.js";
import type { RunListing } from "../../../src/record/reader-port.js";

const state = (to: string, reason: string) => {
  return { kind: "state", text: `to ${to}`, data: { to, reason } } as unknown as StoredEvent;
};
const safe = (ok: boolean, text: string) => {
  const input = { kind: "confirmed", act: "safe", ok };
  return { kind: ok ? "safe" : "fault", text, data: { input } } as unknown as StoredEvent;
};
const acted = (by: string | null, text: string) => {
  const kind = by === null ? "safe" : "fault";
  return { kind, text, data: { input: { kind: "acted", by } } } as unknown as StoredEvent;
};
const alarm = { kind: "alarm", text: "vibration", data: {} } as unknown as StoredEvent;

describe("what interrupted a run", () => {
  it.each<[string, StoredEvent[], string]>([
    [
      "is the trip that brought it down",
      [
        state("Execute", "done"),
        state("Aborting", "s2.vibration above"),
        state("Aborted", "s2.vibration above"),
        alarm,
      ],
      "s2.vibration above",
    ],
    ["is what a person did", [state("Holding", "Ctrl-C"), state("Held", "Ctrl-C")], "Ctrl-C"],
    [
      "is the controller's death in the middle of its work",
      [state("Execute", "done"), alarm],
      "the controller died in Execute",
    ],
    [
      "is the defect that it died of, also before every actuator had acted",
      [state("Execute", "done"), state("Aborting", "a defect of Wearout: boom")],
      "a defect of Wearout: boom",
    ],
    [
      "says what has not acted",
      [state("Aborting", "hot"), safe(false, "speed NOT SAFE"), state("Aborted", "hot")],
      "hot; speed NOT SAFE",
    ],
    [
      "does not say so any more once it has acted",
      [
        ...[state("Aborting", "hot"), safe(false, "speed NOT SAFE"), state("Aborted", "hot")],
        acted(null, "every actuator has acted"),
      ],
      "hot",
    ],
    [
      "says who left what had not acted",
      [
        ...[state("Aborting", "hot"), safe(false, "speed NOT SAFE"), state("Aborted", "hot")],
        acted("anna", "left by anna: at Q1"),
      ],
      "hot; left by anna: at Q1; speed NOT SAFE",
    ],
    ["is its death before the first event", [], "the controller died before the run began"],
  ])("%s", (_what, events, cause) => {
    expect(causeOf(events)).toBe(cause);
  });
});

const listed = (change: Partial<RunListing>): RunListing => ({
  id: "four-1",
  rig: "four",
  profile: "p",
  specimens: ["a", "b"],
  simulated: false,
  condition: "interrupted",
  outcome: null,
  startedWall: 0,
  endedWall: null,
  problem: null,
  ...change,
});

describe("an open run", () => {
  it.each<[string, Partial<RunListing>, boolean]>([
    ["blocks its rig", {}, true],
    ["blocks its specimens on another rig", { rig: "one", specimens: ["b", "c"] }, true],
    ["blocks its specimens while it is at work", { rig: "one", condition: "running" }, true],
    ["blocks no other rig and specimens", { rig: "one", specimens: ["x"] }, false],
    ["blocks nothing when it is simulated", { simulated: true }, false],
    ["blocks nothing when it has ended", { condition: "ended", outcome: "stopped" }, false],
    ["blocks nothing when its record is damaged", { condition: "damaged", specimens: [] }, false],
    ["leaves its rig free when it is parked", { condition: "parked", specimens: ["x"] }, false],
    ["keeps its specimens when it is parked", { condition: "parked", rig: "one" }, true],
    [
      "keeps the station that its specimen was left in when it is parked",
      { condition: "parked", specimens: ["x"], mounted: ["s2"] },
      true,
    ],
    [
      "leaves the other stations free when it is parked",
      { condition: "parked", specimens: ["x"], mounted: ["s1"] },
      false,
    ],
  ])("%s", (_what, change, blocks) => {
    const wanted = { rig: "four", specimens: ["b"], stations: ["s2"] };
    expect(openRunsOf(wanted, [listed(change)])).toHaveLength(blocks ? 1 : 0);
  });

  it("is named with both ways on where a new one is refused", () => {
    const refuse = (run: RunListing) => () =>
      refuseWhileOpen({ rig: "four", specimens: ["b"], stations: ["s2"] }, [run]);
    expect(refuse(listed({}))).toThrow(
      "run four-1 is open and has rig four: wearout run resume four-1 goes on with it, wearout run stop four-1 ends it",
    );
    const elsewhere = listed({ id: "one-3", rig: "one" });
    expect(refuse(elsewhere)).toThrow(
      /run one-3 is open and has specimen b: wearout run resume one-3 /,
    );
    expect(refuse({ ...elsewhere, condition: "parked" })).toThrow(
      "run one-3 is parked and has specimen b: wearout run resume one-3",
    );
    const mounted = { condition: "parked", specimens: ["x"], mounted: ["s2"] } as const;
    expect(refuse(listed(mounted))).toThrow("run four-1 is parked and has station s2 of four: ");
    expect(refuse({ ...elsewhere, condition: "running" })).toThrow(
      /run one-3 is at work with specimen b/,
    );
  });
});
