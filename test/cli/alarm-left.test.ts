/** Alarms of a rig that nobody keeps: what its journal says of them. */
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { journalBeside } from "../../src/record/journal/standing.js";
import { planFile } from "../../src/rig/safe-plan-file.js";
import { opened, placeIn } from "../unit/record/journal/rig.js";
import { ManualClock } from "../unit/record/run.js";
import { newFolder, wearout } from "./command.js";

const key = { rig: "bearing-four", limit: "housing-hot" };
const raised = (station: string, text: string) => {
  const facts = { reaction: "trip", priority: "high" } as const;
  const found = { at: 0, wall: Date.UTC(2026, 0, 1, 1), value: 403, text };
  return { change: "raised" as const, ...key, station, ...facts, ...found };
};

/** A rig that was kept once, with two alarms, one of them seen and gone. */
async function left() {
  const state = newFolder();
  const site = realpathSync(newFolder());
  const file = journalBeside(planFile(state, site, "bearing-four"));
  const clock = new ManualClock();
  const { journal } = await opened(placeIn(state, { file, site, rig: "bearing-four" }), { clock });
  const gone = { ...key, station: "s2", at: 1, wall: Date.UTC(2026, 0, 1, 1) };
  const changes = [
    raised("s1", "s1 housing-hot: 131 degC"),
    raised("s2", "s2 housing-hot: 133 degC"),
    { change: "acknowledged" as const, ...gone, by: "mei" },
    { change: "returned" as const, ...gone, value: 390 },
  ];
  await clock.advance(3_600_000);
  await journal.commit(changes.map((data) => ({ kind: "alarm", text: "alarm", data })));
  await journal.close();
  const call = (...words: string[]) => wearout("--site", site, ...words, "--state", state);
  return { file, call };
}

it("are listed as its journal has them, and that nobody keeps it is said", async () => {
  const { call } = await left();
  const { status, out, talk } = await call("alarm", "list", "bearing-four");
  expect(status).toBe(0);
  expect(out).toMatch(/^housing-hot@s1 +high +trip +unacknowledged, first +2026-01-01 01:00/m);
  expect(out).not.toContain("s2");
  expect(talk).toContain(
    "no process keeps bearing-four: these alarms stood when its journal was last written, 2026-01-01 01:00 UTC",
  );
  const json = await call("alarm", "list", "bearing-four-3", "--json");
  expect(JSON.parse(json.out)).toMatchObject([{ id: "housing-hot@s1", count: 1 }]);
});

it("are listed up to where a journal is not what was written, and that is said", async () => {
  const { call, file } = await left();
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace("s2 housing-hot: 133", "s2 housing-hot: 134"),
  );
  const { status, out, talk } = await call("alarm", "list", "bearing-four");
  expect(status).toBe(3);
  expect(out).toContain("housing-hot@s1");
  expect(talk).toContain(file);
});

it("are none where it was never kept", async () => {
  const words = ["alarm", "list", "bearing-four", "--state", newFolder()];
  const { status, out, talk } = await wearout("--site", newFolder(), ...words);
  expect([status, out]).toEqual([0, ""]);
  expect(talk).toMatch(/no process keeps bearing-four .*no journal yet, so no alarm stands/);
});

it("cannot be acknowledged, and who could is said", async () => {
  const { call } = await left();
  const { status, talk } = await call("alarm", "ack", "bearing-four", "--all");
  expect(status).toBe(5);
  expect(talk).toMatch(
    /only who keeps the rig takes a word on its alarms: .*rig keep .*bearing-four/,
  );
});
