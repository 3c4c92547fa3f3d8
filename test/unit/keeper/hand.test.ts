import { afterEach, describe, expect, it } from "vitest";
import type { Guest } from "../../../src/keeper/guest.js";
import { Keeper } from "../../../src/keeper/keeper.js";
import { isStart, isStop } from "../../plant/scene.js";
import { workingRig } from "./exhaustive-rig.js";

const keepers: Keeper[] = [];
afterEach(async () => {
  for (const keeper of keepers.splice(0)) await keeper.close();
});

/** A spindle of another hand that works, with a guest that is made safe a second after it was told to hold. */
async function working() {
  const { clock, plant, rig } = await workingRig({ drive: "acs580" });
  const keeper = new Keeper({ rig, limits: [], clock });
  keepers.push(keeper);
  const told: string[] = [];
  const guest: Guest = {
    isOver: false,
    abortedFor: undefined,
    begin: async () => {},
    cycle: async () => {
      await rig.write(rig.actuators.map(({ role }) => (role === "speed" ? 500 : 3000)));
    },
    attend: async () => {},
    trip: (limit) => void told.push(`trip ${limit}`),
    fault: (text) => void told.push(text),
    hand: (roles, isTaken) => {
      told.push(`${roles.join()} ${isTaken ? "taken" : "back"}`);
      void clock.sleep(1000).then(() => keeper.safe("held"));
    },
    failed: async () => {},
    onInput: () => {},
  };
  void keeper.board(guest);
  await clock.sleep(3000);
  const writes = (fromMs: number) =>
    plant.stamps.filter((s) => s.name === "spindle" && s.values.length > 0 && s.atMs >= fromMs);
  const alarms = () =>
    keeper.book.alarms.rows.map(({ limit, stands }) => `${limit}${stands ? " stands" : ""}`);
  return { clock, plant, rig, keeper, told, writes, alarms, spindle: plant.unit("spindle") };
}

describe("a drive that another hand takes", () => {
  it("is fed and written to before, and only read until the rig is made safe", async () => {
    const b = await working();
    expect(b.writes(b.clock.elapsed() - 1500).some((s) => isStart(s, "acs580"))).toBe(true);
    b.spindle.setMode({ local: true });
    await b.clock.sleep(1100);
    expect(b.told).toEqual(["speed taken"]);
    const seenAtMs = b.clock.elapsed();
    await b.clock.sleep(800);
    expect(b.writes(seenAtMs)).toEqual([]);
    await b.clock.sleep(5000);
    const sinceMs = b.clock.elapsed();
    await b.clock.sleep(60_000);
    expect(b.writes(sinceMs)).toEqual([]);
    expect(b.alarms()).toContain("another-hand:spindle stands");
    const [alarm] = b.keeper.book.alarms.rows;
    expect(alarm?.text).toMatch(/^spindle is in another hand \(remote is 0\)/);
    expect(b.rig.safety().find(({ role }) => role === "load")).toMatchObject({ acted: true });
  });

  it("gets no start when it is given back with the old run word, but is identified and stopped", async () => {
    const b = await working();
    b.spindle.setMode({ local: true });
    await b.clock.sleep(1100);
    const takenAtMs = b.clock.elapsed();
    await b.clock.sleep(20_000);
    const backAtMs = b.clock.elapsed();
    b.spindle.setMode({});
    await b.clock.sleep(25_000);
    expect(b.writes(takenAtMs).filter((s) => isStart(s, "acs580"))).toEqual([]);
    const asked = b.plant.stamps.filter((s) => s.name === "spindle" && s.atMs >= backAtMs);
    const stop = asked.findIndex((s) => isStop(s, "acs580"));
    expect(stop).toBeGreaterThan(0);
    expect(asked.slice(0, stop).some(({ address, code }) => code === 3 && address === 5900)).toBe(
      true,
    );
    expect(b.plant.state().units["spindle"]).toMatchObject({ energised: false });
    expect(b.alarms()).toContain("another-hand:spindle");
    expect(b.told).toEqual(["speed taken", "speed back"]);
  });

  it("is not started by us while it is there, and says why", async () => {
    const b = await working();
    b.spindle.setMode({ local: true });
    await b.clock.sleep(10_000);
    const fromMs = b.clock.elapsed();
    const faults = await b.rig.start();
    expect(faults.map(({ detail }) => detail).join()).toMatch(/spindle|another hand|NOT SAFE/);
    expect(b.writes(fromMs)).toEqual([]);
  });

  it("that is another device when it is given back is written nothing to", async () => {
    const b = await working();
    b.spindle.setMode({ local: true });
    await b.clock.sleep(20_000);
    const backAtMs = b.clock.elapsed();
    b.spindle.set(5900, 7);
    b.spindle.setMode({});
    await b.clock.sleep(40_000);
    expect(b.writes(backAtMs)).toEqual([]);
    expect(b.alarms()).toContain("another-hand:spindle stands");
  });

  it("at rest is an alarm too, and holds nothing up", async () => {
    const b = await working();
    await b.keeper.safe("held");
    await b.clock.sleep(5000);
    b.spindle.setMode({ local: true });
    await b.clock.sleep(12_000);
    expect(b.alarms()).toContain("another-hand:spindle stands");
    b.spindle.setMode({});
    await b.clock.sleep(12_000);
    expect(b.alarms()).toContain("another-hand:spindle");
  });
});

describe("a drive that somebody sets back again and again", () => {
  it("is an alarm, is written to once a minute, and is fed no more", async () => {
    const b = await working();
    b.spindle.setMode({ changesBack: { addresses: [0], afterMs: 600 } });
    await b.keeper.safe("held");
    await b.clock.sleep(60_000);
    expect(b.alarms()).toContain("contested:speed stands");
    const fromMs = b.clock.elapsed();
    await b.clock.sleep(10 * 60_000);
    expect(b.alarms()).toContain("contested:speed stands");
    const written = b.writes(fromMs).filter((s) => isStop(s, "acs580"));
    expect(written.length).toBeGreaterThan(0);
    expect(written.length).toBeLessThanOrEqual(11);
    b.spindle.setMode({});
    await b.clock.sleep(5 * 60_000);
    expect(b.alarms()).toContain("contested:speed");
  });
});
