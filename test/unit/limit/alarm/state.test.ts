import { describe, expect, it } from "vitest";
import {
  type AlarmHappening,
  type AlarmState,
  alarmHappenings,
  alarmStates,
  nextAlarmState,
} from "../../../../src/limit/alarm/state.js";

/** By hand from ISA-18.2; `.` refused, `a|b`: a where the condition stands, b where it does not. */
const expected = `
state                   raised         returned                acknowledged shelved carried unshelved             expired               out-of-service in-service            unwatched
normal                  unacknowledged .                       .            shelved .       .                     .                     out-of-service .                     .
unacknowledged          unacknowledged returned-unacknowledged acknowledged shelved .       .                     .                     out-of-service .                     returned-unacknowledged
acknowledged            unacknowledged normal                  .            shelved .       .                     .                     out-of-service .                     normal
returned-unacknowledged unacknowledged .                       normal       shelved .       .                     .                     out-of-service .                     returned-unacknowledged
shelved                 shelved        shelved                 .            .       shelved unacknowledged|normal unacknowledged|normal out-of-service .                     returned-unacknowledged|normal
out-of-service          out-of-service out-of-service          .            .       out-of-service . unacknowledged|normal                     .              unacknowledged|normal returned-unacknowledged|normal
`;

const [header, ...rows] = expected
  .trim()
  .split("\n")
  .map((line) => line.split(/\s+/));
const happenings = header?.slice(1) as AlarmHappening[];

describe("the table of alarm states", () => {
  it("is written for all states and all happenings", () => {
    expect(rows.map((row) => row[0])).toEqual([...alarmStates]);
    expect(happenings).toEqual([...alarmHappenings]);
  });

  for (const row of rows) {
    const state = row[0] as AlarmState;
    for (const [i, happening] of happenings.entries()) {
      const cell = row[i + 1] ?? "";
      const [stands, clear = stands] = cell.split("|");
      it(`${state} + ${happening} = ${cell === "." ? "refused" : cell}`, () => {
        const to = [true, false].map((now) => nextAlarmState(state, happening, now));
        if (cell === ".") for (const refused of to) expect(refused).toHaveProperty("refused");
        else expect(to).toEqual([stands, clear]);
      });
    }
  }

  it("says why it refuses, for each in its own words", () => {
    const why = (state: AlarmState, happening: AlarmHappening) =>
      nextAlarmState(state, happening, true);
    expect(why("normal", "acknowledged")).toEqual({ refused: "is-normal" });
    expect(why("acknowledged", "acknowledged")).toEqual({ refused: "is-acknowledged" });
    expect(why("returned-unacknowledged", "returned")).toEqual({ refused: "has-returned" });
    expect(why("shelved", "acknowledged")).toEqual({ refused: "is-shelved" });
    expect(why("unacknowledged", "expired")).toEqual({ refused: "is-not-shelved" });
    expect(why("out-of-service", "shelved")).toEqual({ refused: "is-out-of-service" });
    expect(why("shelved", "in-service")).toEqual({ refused: "is-in-service" });
  });
});
