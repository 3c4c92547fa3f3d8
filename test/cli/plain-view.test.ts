import { describe, expect, it } from "vitest";
import type { Output } from "../../src/cli/output.js";
import { plainObserver } from "../../src/cli/plain-view.js";
import { summaryLines } from "../../src/cli/run-words.js";
import type { RecordEvent } from "../../src/record/document/event.js";
import type { RunSummary } from "../../src/record/document/run.js";
import type { RunState } from "../../src/run/state.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";

/** What a person at the terminal sees of these events. */
function seen(...events: (Pick<RecordEvent, "kind" | "text"> & { data: object })[]): string[] {
  const lines: string[] = [];
  const out = { talk: (text: string) => lines.push(text) } as unknown as Output;
  const observe = plainObserver(out, [], new VirtualClock(0), 60_000);
  const whole = events.map((event) => ({ ...event, at: 2000, cycle: 4 }) as RecordEvent);
  observe({} as RunState, undefined, whole);
  return lines.map((line) => line.trim());
}

describe("what a run says at the terminal", () => {
  it("a raised alarm comes with what its limit says is to be done, a returned one without", () => {
    const limit = { limit: "warm", message: "Look at the lubrication." };
    const raised = { ...limit, change: "raised" };
    expect(
      seen(
        { kind: "alarm", text: "warn: warm: 91 degC above 90 degC", data: raised },
        { kind: "alarm", text: "returned: warm", data: { ...limit, change: "returned" } },
        { kind: "alarm", text: "warn: cold", data: { ...raised, message: "" } },
      ),
    ).toEqual([
      "2 s  alarm     warn: warm: 91 degC above 90 degC. Look at the lubrication.",
      "2 s  alarm     returned: warm",
      "2 s  alarm     warn: cold",
    ]);
  });

  it("a reason is told once: what follows from it does not repeat it", () => {
    const reason = "abort by terminal; safe values NOT CONFIRMED: speed is running (567)";
    const data = {};
    const events = [
      { kind: "trip" as const, text: reason, data },
      { kind: "state" as const, text: `Execute -> Aborting: ${reason}`, data },
      { kind: "interruption" as const, text: `interruption 1: ${reason}`, data },
      { kind: "state" as const, text: "Aborting -> Aborted: safe values confirmed", data },
      { kind: "run-ended" as const, text: `run ended: aborted before it began, ${reason}`, data },
    ];
    expect(seen(...events)).toEqual([
      `2 s  trip      ${reason}`,
      "2 s  state     Execute -> Aborting",
      "2 s  interruption interruption 1",
      "2 s  state     Aborting -> Aborted: safe values confirmed",
      "2 s  run-ended run ended: aborted before it began",
    ]);
  });

  it("explains the words of what was wrong on the lines", () => {
    const wrong = { drive: { exchanges: 47, timeouts: 2, lateReplies: 2 } };
    const summary = { ...{ id: "a-1", stations: [], simulated: false }, lines: wrong };
    const said = summaryLines(summary as unknown as RunSummary);
    expect(said).toContainEqual(expect.stringMatching(/^ {2}timeout: a device did not answer/));
    expect(said).toContainEqual(expect.stringMatching(/^ {2}late answer: .* not used/));
  });

  it("at the end each line with what was wrong on it: late answers tell a slow machine from a loose cable", () => {
    const lines = {
      drive: { exchanges: 47, timeouts: 2, lateReplies: 2, reconnects: 1, crc: 0 },
      io: { exchanges: 9, timeouts: 0, lateReplies: 0 },
    };
    const summary = {
      id: "r-1",
      outcome: "stopped",
      state: "Stopped",
      reason: "Ctrl-C",
      stations: [],
      lines,
    };
    expect(summaryLines(summary as unknown as RunSummary).slice(1, 3)).toEqual([
      "  line drive: 47 exchanges, 2 timeouts, 2 late answers, 1 reconnect",
      "  line io: 9 exchanges, all answered",
    ]);
  });

  it("at the end how many cycles were missed, and nothing where none was", () => {
    const summary = { id: "r-1", outcome: "stopped", simulated: false, stations: [], lines: {} };
    const said = (cycles?: RunSummary["cycles"]) =>
      summaryLines({ ...summary, cycles } as unknown as RunSummary).filter((l) => /cycle/.test(l));
    expect(said({ planned: 178, done: 60, missed: 118 })).toEqual([
      "  cycles: 178 planned, 60 done, 118 missed",
    ]);
    expect(said({ planned: 60, done: 60, missed: 0 })).toEqual([]);
    expect(said()).toEqual([]);
  });

  it("an input is a matter of the record, but not when a person is waited for", () => {
    const why = "the profile does not say to go on by itself";
    expect(
      seen(
        { kind: "input", text: "start", data: {} },
        { kind: "input", text: `it waits for resume: ${why}`, data: { waits: why } },
      ),
    ).toEqual([`2 s  input     it waits for resume: ${why}`]);
  });
});
