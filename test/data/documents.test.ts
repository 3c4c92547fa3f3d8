/** What records and journals say, against their published schemas, by a validator that is not ours. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { listRuns, openRecord } from "../../src/record/reader.js";

const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

function misfits(schema: string, values: readonly unknown[]): string[] {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTuples: false });
  const validate = ajv.compile(JSON.parse(readFileSync(path(`schema/${schema}`), "utf8")));
  return values
    .filter((value) => !validate(value))
    .map((value) => JSON.stringify(value).slice(0, 300));
}

describe("records of earlier versions", () => {
  for (const folder of readdirSync(path("test/data/records"))) {
    const root = path(`test/data/records/${folder}`);
    for (const { id } of listRuns(root)) {
      it(`${folder}/${id} say what the schemas of events and of the summary say`, () => {
        const reader = openRecord(root, id);
        const bodies = [...reader.stored.events()].map(({ body }) => JSON.parse(body) as unknown);
        expect(bodies.length).toBeGreaterThan(5);
        expect(misfits("record-event.json", bodies)).toEqual([]);
        const { summary } = reader;
        if (summary !== undefined) expect(misfits("run-summary.json", [summary])).toEqual([]);
        reader.close();
      });
    }
  }
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
