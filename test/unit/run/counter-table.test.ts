import { describe, expect, it } from "vitest";
import { type Counter, counters } from "../../../src/profile/exposure.js";
import { counterTable } from "../../../src/run/counter-table.js";
import { type PackmlState, packmlStates } from "../../../src/run/states.js";
import { contextOf } from "./bench.js";
import { context, second, seenAs, turning } from "./second.js";

/**
 * Written by hand from design, section 7. `+` counts, `s` counts at stress only, `f` counts where the shaft turns
 * as soon as its drive is started (its floor is not zero), `.` never.
 */
const expected = `
state         test  stress  turns  cycles  damage  energy
Stopped       .     .       .      .       .       .
Resetting     .     .       .      .       .       .
Idle          .     .       .      .       .       .
Starting      .     .       f      f       f       f
Execute       +     s       +      +       +       +
Completing    .     .       +      +       +       +
Complete      .     .       .      .       .       .
Holding       .     .       +      +       +       +
Held          .     .       +      +       +       +
Unholding     .     .       +      +       +       +
Suspending    .     .       +      +       +       +
Suspended     .     .       +      +       +       +
Unsuspending  .     .       +      +       +       +
Stopping      .     .       +      +       +       +
Aborting      .     .       +      +       +       +
Aborted       .     .       +      +       +       +
Clearing      .     .       .      .       .       .
`;
const columns: Counter[] = [
  ...(["timeOnTestMs", "timeAtStressMs", "turns"] as const),
  ...(["loadCycles", "damage", "energyJ"] as const),
];
const rows = expected
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(/\s+/));

type Condition = { atStress: boolean; turns: boolean; hasFloor: boolean };

/** A second at 1 kN and 60 W; at 600 rpm as asked, at 560 rpm off its setpoint, or standing. */
function lived(state: PackmlState, { atStress, turns, hasFloor }: Condition) {
  const rpm = !turns ? 0 : atStress ? 600 : 560;
  const readings = turning.with(1, rpm);
  const inContext = hasFloor ? contextOf({ floorRpm: 10 }) : context;
  return { rpm, exposure: second(state, readings, { seen: seenAs(readings) }, inContext) };
}

function amounts(rpm: number): Record<Counter, number> {
  const turned = { turns: rpm / 60, loadCycles: rpm / 30, damage: rpm * 1000 * 1e-12 * 1000 };
  return { timeOnTestMs: 1000, timeAtStressMs: 1000, ...turned, energyJ: 60 };
}

function isCounted(mark: string, { atStress, turns, hasFloor }: Condition): boolean {
  // A shaft that stands is off its setpoint of 600 rpm.
  if (mark === "s") return atStress && turns;
  return mark === "f" ? hasFloor : mark === "+";
}

const yesNo = [true, false];
const conditions = yesNo.flatMap((atStress) =>
  yesNo.flatMap((turns) => yesNo.map((hasFloor) => ({ atStress, turns, hasFloor }))),
);

describe("the table of counters", () => {
  it("is written for all 17 states and all counters", () => {
    expect(rows.map(([state]) => state)).toEqual([...packmlStates]);
    expect(Object.keys(counterTable)).toEqual([...packmlStates]);
    expect([...columns].sort()).toEqual([...counters].sort());
  });

  for (const [name, ...marks] of rows) {
    const state = name as PackmlState;
    for (const condition of conditions) {
      const { atStress, turns, hasFloor } = condition;
      const where = `${atStress ? "at" : "off"} stress, ${turns ? "turning" : "standing"}`;
      const floor = hasFloor ? ", with a floor" : "";
      it(`books a second of ${state} ${where}${floor} as it says`, () => {
        const { rpm, exposure } = lived(state, condition);
        columns.forEach((counter, i) => {
          const amount = isCounted(marks[i]!, condition) ? amounts(rpm)[counter] : 0;
          expect(exposure[counter][0], counter).toBeCloseTo(amount, 12);
          expect(exposure[counter][1], counter).toBeCloseTo(amount, 12);
        });
      });
    }
  }
});
