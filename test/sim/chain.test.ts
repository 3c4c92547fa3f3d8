/** A rig that reads its safety chain: opened it aborts, and closing it moves nothing. */
import { afterAll, expect, it } from "vitest";
import { removeFolders, type SimRun, simulate } from "./harness.js";
import { changedRig, path, short } from "./short.js";

afterAll(removeFolders);

const rig = changedRig("bearing-four", {
  "type: inovance/md-dialect": "type: abb/acs580",
  "write: spindle.setpoint": "write: spindle.reference",
  "read: spindle.running-speed": "read: spindle.actual",
  "  meter: {":
    "  inputs: { type: advantech/adam-4150, line: io, unit: 51, turnaround: 50 ms }\n  meter: {",
  "  power:\n": '  chain: { unit: "1", read: inputs.input-0 }\n  power:\n',
  "  - name: overspeed\n":
    '  - { name: chain-opened, role: chain, below: "0.5", reaction: trip, message: Open. }\n  - name: overspeed\n',
});

it("aborts when the chain opens, keeps nothing alive while it is open, and starts nothing when it is closed", async () => {
  const words: { at: number; word: number }[] = [];
  const before = (run: SimRun) => {
    run.bench.device("inputs").set("input-0", 1);
    const drive = run.bench.device("spindle");
    drive.onWrite((points) => {
      if (!points.includes("control-word")) return;
      words.push({ at: run.clock.elapsed(), word: drive.get("control-word") });
    });
  };
  const set = (atMs: number, value: number) => ({
    atMs,
    act: (run: SimRun) => run.bench.device("inputs").set("input-0", value),
  });
  const script = [set(30_000, 0), set(31_500, 1)];
  const run = await simulate({ ...short, rig, before, script });
  expect(path(run)).toEqual(expect.arrayContaining(["Execute", "Aborting", "Aborted"]));
  expect(run.test.state.reason).toMatch(/^chain-opened: chain is 0/);
  expect(words.some(({ at, word }) => at > 30_000 && word === 0x047e)).toBe(true);
  expect(words.filter(({ at, word }) => at > 31_500 && word === 0x047f)).toEqual([]);
  expect(run.bench.device("spindle").activeSetpoint(0)).toBeUndefined();
  const [alarm] = run.keeper.book.alarms.rows;
  expect(alarm).toMatchObject({ limit: "chain-opened", priority: "high" });
  expect(alarm?.guidance?.en).toMatch(/who opened the safety chain/);
});
