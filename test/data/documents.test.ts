/** What records and journals say, against their published schemas, by a validator that is not ours. */
import { cpSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { openRecord } from "../../src/record/reader.js";
import { newRoot } from "../unit/record/fixture.js";

const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

function misfits(schema: string, values: readonly unknown[]): string[] {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTuples: false });
  const validate = ajv.compile(JSON.parse(readFileSync(path(`schema/${schema}`), "utf8")));
  return values
    .filter((value) => !validate(value))
    .map((value) => JSON.stringify(value).slice(0, 300));
}

describe("the record of an earlier version", () => {
  it("says what the schema of events says", () => {
    // A copy: reading it leaves the files of an open database beside it.
    const root = newRoot();
    cpSync(path("test/data/records/layout-2-open"), root, { recursive: true });
    const reader = openRecord(root, "bearing-four-1");
    const bodies = [...reader.stored.events()].map(({ body }) => JSON.parse(body) as unknown);
    reader.close();
    expect(bodies.length).toBeGreaterThan(5);
    expect(misfits("record-event.json", bodies)).toEqual([]);
  });
});

describe("the schema of an event", () => {
  it("refuses what is of another kind, has another field, or lacks one", () => {
    const state = { from: "Idle", to: "Starting", command: "start", reason: "start by lin" };
    const event = { seq: 1, wall: 0, at: 0, cycle: 0, text: "x", kind: "state", data: state };
    const wrong = [
      { ...event, kind: "step" },
      { ...event, data: { ...state, more: 1 } },
      { ...event, data: { from: "Idle" } },
      { ...event, seq: 0 },
    ];
    expect(misfits("record-event.json", [event])).toEqual([]);
    expect(misfits("record-event.json", wrong)).toHaveLength(wrong.length);
  });
});
