import { afterEach, describe, expect, it } from "vitest";
import type { Sample } from "../../../src/base/sample.js";
import type { Guest } from "../../../src/keeper/guest.js";
import { Keeper } from "../../../src/keeper/keeper.js";
import { RigBook } from "../../../src/keeper/rig-book.js";
import { limitFacts, rigFacts } from "../../../src/limit/alarm/facts.js";
import { bench } from "../rig/bench.js";

const keepers: Keeper[] = [];
afterEach(async () => {
  for (const keeper of keepers.splice(0)) await keeper.close();
});

function kept(cycle = "1 s") {
  const b = bench("bearing-four", (loaded) => {
    loaded.rig.cycle = cycle;
  });
  const keeper = new Keeper({ rig: b.rig, limits: b.loaded.limits, clock: b.clock });
  keepers.push(keeper);
  const sampled: number[] = [];
  b.rig.watch(({ at }) => sampled.push(at));
  return { ...b, keeper, sampled };
}

/** A run that notes what it is asked, and takes as long for it as `takes` says. */
function guestOf(
  b: ReturnType<typeof kept>,
  takes: Partial<Record<"begin" | "cycle", number>> = {},
) {
  const told: string[] = [];
  const samples: Sample[] = [];
  let input: () => void = () => {};
  const state: { isOver: boolean; abortedFor: string | undefined } = {
    isOver: false,
    abortedFor: undefined,
  };
  const guest: Guest = {
    get isOver() {
      return state.isOver;
    },
    get abortedFor() {
      return state.abortedFor;
    },
    begin: () => b.clock.sleep(takes.begin ?? 0).then(() => void told.push("begun")),
    cycle: (sample) => {
      samples.push(sample);
      return b.clock.sleep(takes.cycle ?? 0);
    },
    attend: async () => void told.push("attended"),
    trip: (limit) => void told.push(`trip ${limit}`),
    fault: (text) => void told.push(text),
    hand: (_roles, _isTaken, text) => void told.push(text),
    failed: async (error) => void told.push(`failed: ${(error as Error).message}`),
    onInput: (listener) => {
      input = listener;
    },
  };
  return { guest, told, samples, state, say: () => input() };
}

describe("a kept rig", () => {
  it("is read once a second and trips by its limits without a run", async () => {
    const b = kept();
    b.keeper.open();
    await b.clock.sleep(10_500);
    expect(b.sampled).toHaveLength(11);
    b.device("thermometer-3").set("pv", 140);
    await b.clock.sleep(1500);
    expect(b.rig.isSafe).toBe(true);
  });

  it("is read no more when it is closed", async () => {
    const b = kept();
    b.keeper.open();
    await b.clock.sleep(2500);
    await b.keeper.close();
    const { length } = b.sampled;
    await b.clock.sleep(10_000);
    expect(b.sampled).toHaveLength(length);
  });

  it("is looked at without delay where somebody asks", async () => {
    const b = kept();
    b.keeper.open();
    await b.clock.sleep(1300);
    const before = b.clock.elapsed();
    const { at } = await b.keeper.look();
    expect(at).toBe(before);
  });
});

describe("the alarms of a kept rig", () => {
  const shown = (b: ReturnType<typeof kept>) =>
    b.keeper.book.alarms.rows.map(({ limit, station, state, stands }) => ({
      ...{ limit, station, state, stands },
    }));

  it("raises one for a trip and gives it back; only then, and when acknowledged, it can be cleared", async () => {
    const b = kept();
    b.keeper.open();
    await b.clock.sleep(1500);
    b.device("thermometer-3").set("pv", 140);
    await b.clock.sleep(5000);
    const alarm = { limit: "housing-hot", station: "s3" };
    expect(shown(b)).toEqual([{ ...alarm, state: "unacknowledged", stands: true }]);
    expect(b.keeper.state).toMatchObject({ state: "Aborted" });
    expect(b.keeper.clear("mei")).toMatch(/^still there: housing-hot: /);
    b.device("thermometer-3").set("pv", 30);
    await b.clock.sleep(5000);
    expect(shown(b)).toEqual([{ ...alarm, state: "returned-unacknowledged", stands: false }]);
    expect(b.keeper.clear("mei")).toBeUndefined();
    expect(b.keeper.state).toMatchObject({ state: "Idle" });
    expect(shown(b)).toHaveLength(1);
    const { revision } = b.keeper.book.alarms;
    await b.keeper.book.acknowledge({ seen: revision, by: "mei" });
    expect(shown(b)).toEqual([]);
  });

  it("tells its journal each state without a run, and how safe it was when it got there", async () => {
    const b = kept();
    const told: unknown[] = [];
    b.keeper.book.listen(({ kind, by, data }) => {
      if (kind === "state") told.push({ ...data, by });
      if (kind === "safe") told.push(data);
    });
    b.keeper.open();
    await b.clock.sleep(1500);
    void b.keeper.safe("by hand");
    await b.clock.sleep(20_000);
    expect(b.keeper.clear("mei")).toBeUndefined();
    await b.clock.sleep(1500);
    const acted = b.rig.actuators.map(({ role }) => expect.objectContaining({ role, acted: true }));
    expect(told).toEqual([
      ...[{ from: "Idle", to: "Aborted", by: undefined }, { actuators: acted }],
      { from: "Aborted", to: "Idle", by: "mei" },
    ]);
  });

  it("stays aborted when a run that was aborted has left, until a person clears it", async () => {
    const b = kept();
    const { guest, state } = guestOf(b);
    const left = b.keeper.board(guest);
    await b.clock.sleep(500);
    void b.rig.safe("a noise");
    Object.assign(state, { isOver: true, abortedFor: "a noise" });
    await b.clock.sleep(5000);
    await left;
    expect(b.keeper.state).toMatchObject({ state: "Aborted", reason: "a noise" });
    expect(b.keeper.clear("mei")).toBeUndefined();
    expect(b.keeper.state).toMatchObject({ state: "Idle" });
  });

  it("gives back what returned while no controller was there, once the rig is read", async () => {
    const before = kept();
    const hot = before.loaded.limits.find((l) => l.name === "housing-hot" && l.station === "s3")!;
    const first = new RigBook("bearing-four", before.clock);
    await first.raise(limitFacts("bearing-four", hot), 413, "housing-hot: 140 degC");
    const b = bench("bearing-four");
    const book = new RigBook("bearing-four", b.clock, undefined, first.alarms);
    book.goOn(b.loaded.limits);
    const keeper = new Keeper({ rig: b.rig, limits: b.loaded.limits, clock: b.clock, book });
    keepers.push(keeper);
    keeper.open();
    await b.clock.sleep(3000);
    expect(book.alarms.rows).toMatchObject([{ state: "returned-unacknowledged", stands: false }]);
  });

  it("gives silence back when the line answers again, also at rest", async () => {
    const b = kept();
    await b.rig.start();
    b.keeper.open();
    await b.clock.sleep(3500);
    b.line("sensors").closed = true;
    await b.clock.sleep(100_000);
    expect(shown(b)).toHaveLength(1);
    expect(shown(b)).toMatchObject([{ stands: true }]);
    b.line("sensors").closed = false;
    // What is silent for long is asked less often.
    await b.clock.sleep(60_000);
    expect(shown(b)).toMatchObject([{ state: "returned-unacknowledged", stands: false }]);
  });

  it("takes no reading for lost that only its slow cycle without a run leaves out", async () => {
    const b = kept("100 ms");
    await b.rig.start();
    b.keeper.open();
    await b.clock.sleep(3500);
    b.line("sensors").closed = true;
    await b.clock.sleep(2300);
    b.line("sensors").closed = false;
    await b.clock.sleep(1500);
    expect(b.rig.isSafe).toBe(false);
    b.line("sensors").closed = true;
    await b.clock.sleep(4500);
    expect(b.rig.isSafe).toBe(true);
  });

  it("says what is not safe in its time, until it is", async () => {
    const b = kept();
    await b.rig.start();
    b.keeper.open();
    b.line("io").dead.add(31);
    void b.keeper.safe("by hand");
    await b.clock.sleep(20_000);
    const notSafe = () => shown(b).find(({ limit }) => limit === "not-safe:load");
    expect(notSafe()).toMatchObject({ state: "unacknowledged", stands: true });
    b.line("io").dead.delete(31);
    await b.clock.sleep(60_000);
    expect(notSafe()).toMatchObject({ state: "returned-unacknowledged", stands: false });
  });

  it("says what moves though it was made safe, until it stands", async () => {
    const b = kept();
    b.keeper.open();
    await b.keeper.safe("by hand");
    await b.clock.sleep(3500);
    b.device("spindle").set("running-speed", 300);
    await b.clock.sleep(3000);
    expect(shown(b)).toMatchObject([{ limit: "unasked-motion:speed", stands: true }]);
    b.device("spindle").set("running-speed", 0);
    await b.clock.sleep(3000);
    expect(shown(b)).toMatchObject([{ limit: "unasked-motion:speed", stands: false }]);
  });
});

describe("a run on a kept rig", () => {
  it("has its limits watched while it begins, and is told", async () => {
    const b = kept();
    const run = guestOf(b, { begin: 30_000 });
    void b.keeper.board(run.guest);
    await b.clock.sleep(5000);
    b.device("thermometer-3").set("pv", 140);
    await b.clock.sleep(1500);
    expect(b.rig.isSafe).toBe(true);
    expect(run.told).toEqual(["trip housing-hot"]);
  });

  it("gets its first sample as soon as it has begun, then one per cycle", async () => {
    const b = kept();
    const run = guestOf(b, { begin: 2300 });
    void b.keeper.board(run.guest);
    await b.clock.sleep(5900);
    expect(run.samples.map(({ at }) => at)).toEqual([2300, 3300, 4300, 5300]);
  });

  it("that is at something gets no second sample; the guard has it", async () => {
    const b = kept();
    const run = guestOf(b, { cycle: 3500 });
    void b.keeper.board(run.guest);
    await b.clock.sleep(9000);
    expect(run.samples.map(({ at }) => at)).toEqual([0, 4000, 8000]);
    expect(b.sampled.length).toBeGreaterThanOrEqual(9);
  });

  it("decides what comes between two samples at once", async () => {
    const b = kept();
    const run = guestOf(b);
    void b.keeper.board(run.guest);
    await b.clock.sleep(1600);
    run.say();
    await b.clock.sleep(1);
    expect(run.told).toEqual(["begun", "attended"]);
  });

  it("leaves a rig that is kept on when it is over, and another may come", async () => {
    const b = kept();
    const run = guestOf(b);
    const over = b.keeper.board(run.guest);
    await b.clock.sleep(1500);
    run.state.isOver = true;
    run.say();
    await over;
    const { length } = b.sampled;
    await b.clock.sleep(5000);
    expect(b.sampled.length).toBeGreaterThanOrEqual(length + 4);
    const next = guestOf(b);
    void b.keeper.board(next.guest);
    await b.clock.sleep(1500);
    expect(next.samples.length).toBeGreaterThanOrEqual(1);
  });

  it("is told what was seen since it left, and no other run is", async () => {
    const b = kept();
    const run = guestOf(b);
    const over = b.keeper.board(run.guest, "r-1");
    await b.clock.sleep(1500);
    expect(b.keeper.since("r-1")).toBeUndefined();
    run.state.isOver = true;
    run.say();
    await over;
    const left = b.clock.elapsed();
    await b.clock.sleep(5000);
    const speed = b.rig.columns.findIndex(({ name }) => name === "speed");
    expect(b.keeper.since("r-1")?.average(speed)).toBe(0);
    expect(b.keeper.since("r-2")).toBeUndefined();
    expect(b.keeper.state).toMatchObject({ state: "Idle", since: left });
  });

  it("takes along what only it watched when it leaves: a trip of its profile that stood blocks no clear", async () => {
    for (const isFailing of [false, true]) {
      const b = kept();
      const run = guestOf(b);
      const over = b.keeper.board(run.guest).catch(() => {});
      await b.clock.sleep(1500);
      const loud = limitFacts("bearing-four", { ...b.loaded.limits[0]!, name: "loud" });
      await b.keeper.book.raise({ ...loud, reaction: "trip" }, 12, "loud: 12 mm/s");
      await b.keeper.book.raise(rigFacts("bearing-four", "contested", "spindle"), 0, "contested");
      await b.keeper.safe("loud: 12 mm/s");
      run.state.isOver = true;
      if (isFailing) run.guest.attend = () => Promise.reject(new Error("boom"));
      run.say();
      await over;
      await b.clock.sleep(10);
      expect(b.keeper.book.alarms.rows).toMatchObject([
        {
          limit: "loud",
          state: "returned-unacknowledged",
          unwatched: "the run that watched it has left the rig",
        },
        { limit: "contested:spindle", state: "unacknowledged", stands: true },
      ]);
      expect(b.keeper.clear("mei")).toBeUndefined();
    }
  });

  it("that fails leaves a rig that is safe, and the keeper goes on", async () => {
    const b = kept();
    const run = guestOf(b);
    run.guest.cycle = () => Promise.reject(new Error("boom"));
    await expect(b.keeper.board(run.guest)).rejects.toThrow("boom");
    expect(b.rig.isSafe).toBe(true);
    expect(run.told).toEqual(["begun", "failed: boom"]);
    const { length } = b.sampled;
    await b.clock.sleep(5000);
    expect(b.sampled.length).toBeGreaterThan(length + 3);
  });

  it("fails by a sample that cannot be taken, and the rig is made safe without one too", async () => {
    for (const isGuest of [true, false]) {
      const b = kept();
      b.rig.sample = () => Promise.reject(new Error("blind"));
      const run = guestOf(b);
      if (isGuest) await expect(b.keeper.board(run.guest)).rejects.toThrow("blind");
      else b.keeper.open();
      await b.clock.sleep(1000);
      expect(b.rig.isSafe).toBe(true);
    }
  });
});
