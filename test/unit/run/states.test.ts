import { describe, expect, it } from "vitest";
import {
  allowed,
  next,
  type PackmlCommand,
  type PackmlState,
  packmlCommands,
  packmlStates,
} from "../../../src/run/states.js";

/** Written by hand from the state model of ISA-TR88.00.02; `.` means refused, `*` a row of ours. */
const expected = `
state         reset     start    hold    unhold    suspend    unsuspend    complete   stop     abort    clear    done
Stopped       Resetting .        .       .         .          .            .          .        Aborting .        .
Resetting     .         .        .       .         .          .            .          Stopping Aborting .        Idle
Idle          .         Starting .       .         .          .            .          Stopping Aborting .        .
Starting      .         .        Holding* .         .          .            .          Stopping Aborting .        Execute
Execute       .         .        Holding .         Suspending .            Completing Stopping Aborting .        Completing
Completing    .         .        .       .         .          .            .          Stopping Aborting .        Complete
Complete      Resetting .        .       .         .          .            .          Stopping Aborting .        .
Holding       .         .        .       .         .          .            .          Stopping Aborting .        Held
Held          .         .        .       Unholding .          .            .          Stopping Aborting .        .
Unholding     .         .        Holding* .         .          .            .          Stopping Aborting .        Execute
Suspending    .         .        Holding* .         .          .            .          Stopping Aborting .        Suspended
Suspended     .         .        Holding* .         .          Unsuspending .          Stopping Aborting .        .
Unsuspending  .         .        Holding* .         .          .            .          Stopping Aborting .        Execute
Stopping      .         .        .       .         .          .            .          .        Aborting .        Stopped
Aborting      .         .        .       .         .          .            .          .        .        .        Aborted
Aborted       .         .        .       .         .          .            .          .        .        Clearing .
Clearing      .         .        .       .         .          .            .          .        Aborting .        Stopped
`;

const [header, ...rows] = expected
  .trim()
  .split("\n")
  .map((line) => line.split(/\s+/));
const commands = header?.slice(1) as PackmlCommand[];

describe("the PackML table", () => {
  it("is written for all 17 states and all 11 commands", () => {
    expect(rows.map((row) => row[0])).toEqual([...packmlStates]);
    expect(commands).toEqual([...packmlCommands]);
  });

  for (const row of rows) {
    const state = row[0] as PackmlState;
    for (const [i, command] of commands.entries()) {
      const to = row[i + 1]?.replace("*", "");
      it(`${state} + ${command} = ${to === "." ? "refused" : to}`, () => {
        expect(next(state, command) ?? ".").toBe(to);
      });
    }
  }

  it("lets abort reach Aborted from every state", () => {
    for (const state of packmlStates) {
      const aborting = state === "Aborted" || state === "Aborting" ? state : next(state, "abort");
      const end = aborting === "Aborting" ? next("Aborting", "done") : aborting;
      expect(end, state).toBe("Aborted");
    }
  });

  it("lets only clear lead out of Aborted", () => {
    expect(allowed("Aborted")).toEqual(["clear"]);
  });

  it("lets every state reach every other one", () => {
    for (const from of packmlStates) expect(reachable(from).size, from).toBe(packmlStates.length);
  });
});

function reachable(from: PackmlState): Set<PackmlState> {
  const seen = new Set<PackmlState>([from]);
  for (const state of seen) {
    for (const command of allowed(state)) seen.add(next(state, command) as PackmlState);
  }
  return seen;
}
