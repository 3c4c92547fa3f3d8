import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PlanStore } from "../../../src/keeper/plan-store.js";
import type { SafePlan } from "../../../src/rig/safe-plan.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { smallPlan } from "../rig/small-plan.js";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const plan = smallPlan("speed", "load");

function energised() {
  const root = mkdtempSync(join(tmpdir(), "plan-store-"));
  folders.push(root);
  const clock = new VirtualClock(0);
  const folder = join(root, "state");
  const lines = new Map([["drives", { tcp: "127.0.0.1:1502" }]]);
  const owner = { folder, site: "/srv/lab", rig: "bench", software: "0", lines };
  const store = new PlanStore(owner, clock);
  store.check();
  store.energise(plan);
  const saved = () => JSON.parse(readFileSync(store.file, "utf8")) as SafePlan;
  const open = () =>
    saved()
      .actuators.filter((a) => a.energised)
      .map((a) => a.role);
  /** A file where the folder was: nothing can be written there, whoever asks. */
  const refuse = () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "");
  };
  const allow = () => rmSync(folder);
  return { store, clock, folder, saved, open, refuse, allow };
}

describe("the safe plan of a rig that is kept", () => {
  it("says what is out of service, from the next write on too, until it is returned", () => {
    const { store, saved } = energised();
    store.takenOut(new Set(["drive"]));
    expect(saved().devices["drive"]).toMatchObject({ isOut: true });
    store.acted("speed");
    store.acted("load");
    expect(saved().devices["drive"]).toMatchObject({ isOut: true });
    store.takenOut(new Set());
    expect(saved().devices["drive"]).not.toHaveProperty("isOut");
    expect(store.look().told).toEqual([]);
  });

  it("is looked at by stat alone, and nothing is said while nobody touches it", () => {
    const { store } = energised();
    const before = statSync(store.file).mtimeMs;
    expect(store.look()).toEqual({ told: [], word: undefined });
    expect(statSync(store.file).mtimeMs).toBe(before);
  });

  it.each<[string, RegExp, (file: string) => void]>([
    ["is removed", /was removed while the rig is kept: it is written again/, (f) => rmSync(f)],
    ["is overwritten", /was changed by somebody else/, (f) => writeFileSync(f, "{}")],
    ["is emptied", /was changed by somebody else/, (f) => writeFileSync(f, "")],
    [
      "is cleared by another process",
      /was changed by somebody else/,
      (f) => {
        writeFileSync(
          f,
          readFileSync(f, "utf8").replaceAll('"energised":true', '"energised":false'),
        );
      },
    ],
  ])("that %s is noticed, told once and written again", (_what, told, harm) => {
    const { store, open } = energised();
    harm(store.file);
    expect(store.look().told).toEqual([expect.stringMatching(told)]);
    expect(open()).toEqual(["speed", "load"]);
    expect(store.look().told).toEqual([]);
  });

  it("says of a state folder that is refused by now what stays, once, and is written when it can be", async () => {
    const { store, clock, refuse, allow, open } = energised();
    refuse();
    expect(() => store.acted("speed")).not.toThrow();
    expect(() => store.acted("load")).not.toThrow();
    expect(() => store.guest(null)).not.toThrow();
    expect(() => store.open("speed")).not.toThrow();
    const told =
      /cannot be written: .*; it stays as it was, and the run goes on; nothing is started/;
    expect(store.look().told).toEqual([expect.stringMatching(told)]);
    expect(store.look().told).toEqual([]);
    expect(() => store.energise(plan)).toThrow(/cannot be written/);
    allow();
    await clock.sleep(10_000);
    expect(store.look().told).toEqual([expect.stringMatching(/is written again/)]);
    expect(open()).toEqual(["speed"]);
  });

  it("names the plan, not the file beside it, where it cannot be written", () => {
    const { store, refuse } = energised();
    refuse();
    expect(() => store.check()).toThrow(store.file);
    expect(() => store.check()).not.toThrow(/probe|plan\.json\./);
  });

  it("leaves nothing behind where it was only tried", () => {
    const { store, folder } = energised();
    store.check();
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("hands over a person's word until it is answered, and one that is taken clears it", () => {
    const { store, saved, open } = energised();
    const word = { by: "anna", reason: "isolated at Q1", wall: 0 };
    writeFileSync(store.file, JSON.stringify({ ...saved(), abandoned: word }));
    expect(store.look()).toEqual({ told: [], word });
    store.answer(word, { taken: false, text: "the rig runs" });
    expect(store.look()).toEqual({ told: [], word: undefined });
    expect(open()).toEqual(["speed", "load"]);
    store.answer(word, { taken: true, text: "it lets go" });
    expect(open()).toEqual([]);
    expect(saved().abandoned).toEqual({ ...word, answer: { taken: true, text: "it lets go" } });
  });

  it("says again what may move although another process had left it as acted", () => {
    const { store, folder, clock, open } = energised();
    for (const role of ["speed", "load"]) store.acted(role);
    expect(open()).toEqual([]);
    const lines = new Map([["drives", { tcp: "127.0.0.1:1502" }]]);
    const owner = { folder, site: "/srv/lab", rig: "bench", software: "0", lines };
    new PlanStore(owner, clock).open("load");
    expect(open()).toEqual(["load"]);
  });
});
