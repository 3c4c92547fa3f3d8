import { describe, expect, it } from "vitest";
import { columnText } from "../../../src/cli/view/column-text.js";
import { columnNamed } from "../../../src/rig/column.js";
import { loadRig, loadRigText } from "../../../src/rig/load.js";
import { folders } from "../rig/bench.js";

/** The bearing rig with two more roles: the state of its drive, as it is and by its number. */
function rigWithState() {
  const { text, typeTexts } = loadRig("bearing-four", folders);
  const state = '  drive-state: { unit: "1", read: spindle.state }\n';
  const power = /\n {2}power:\n/;
  expect(text).toMatch(power);
  const more = text.replace(power, `\n${state}  power:\n`);
  return loadRigText({ name: "bearing-four", text: more, types: typeTexts });
}

describe("a reading for a person", () => {
  it("of a role that shows a state has the word of the device type", () => {
    const column = columnNamed(rigWithState().columns, "drive-state")!;
    expect(columnText(column, 3)).toBe("stopped (3)");
    expect(columnText(column, 99)).toBe("99");
    expect(columnText(column, Number.NaN)).toBe("-");
  });

  it("of flags has the names of those that are set, of a quantity its unit", () => {
    const facts = { name: "a", role: "a", dimension: "ratio", unit: "1" } as const;
    expect(columnText({ ...facts, words: { bits: { ready: 0, fault: 3 } } }, 9)).toBe(
      "9 (ready, fault)",
    );
    const speed = columnNamed(rigWithState().columns, "speed")!;
    expect(columnText(speed, 1500)).toBe("1500 rpm");
  });
});
