import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Cancel, withDeadline } from "../../../src/base/clock.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";

const start = Date.UTC(2026, 0, 1);

/** A chain of promises that takes `depth` turns of the microtask queue. */
async function chain(depth: number): Promise<void> {
  for (let i = 0; i < depth; i++) await undefined;
}

async function nested(depth: number): Promise<void> {
  await undefined;
  if (depth > 0) await nested(depth - 1);
}

describe("virtual clock", () => {
  it("jumps to the next sleeper and never wakes one early or late", async () => {
    const clock = new VirtualClock(start);
    await clock.sleep(3_600_000);
    expect(clock.elapsed()).toBe(3_600_000);
    expect(clock.wall()).toBe(start + 3_600_000);
    await clock.sleep(0.25);
    expect(clock.elapsed()).toBe(3_600_000.25);
  });

  it("interleaves two actors in the order of time", async () => {
    const clock = new VirtualClock(start);
    const seen: string[] = [];
    const actor = async (name: string, every: number, times: number) => {
      for (let i = 0; i < times; i++) {
        await clock.sleep(every);
        seen.push(`${name}${clock.elapsed()}`);
      }
    };
    await Promise.all([actor("a", 3, 4), actor("b", 4, 3)]);
    expect(seen).toEqual(["a3", "b4", "a6", "b8", "a9", "b12", "a12"]);
  });

  it("wakes those due together in the order they went to sleep, each settled before the next", async () => {
    const clock = new VirtualClock(start);
    const seen: string[] = [];
    const actor = async (name: string) => {
      await clock.sleep(5);
      seen.push(`${name} wakes`);
      await chain(50);
      seen.push(`${name} done`);
    };
    await Promise.all([actor("a"), actor("b")]);
    expect(seen).toEqual(["a wakes", "a done", "b wakes", "b done"]);
  });

  it.each([
    ["a loop of 200 awaits", () => chain(200)],
    ["200 nested async calls", () => nested(200)],
    [
      "a then chain of 200",
      () =>
        Array.from({ length: 200 }).reduce<Promise<unknown>>(
          (p) => p.then(() => {}),
          Promise.resolve(),
        ),
    ],
  ])("does not jump while %s is still settling", async (_, work) => {
    const clock = new VirtualClock(start);
    const far = clock.sleep(1_000_000);
    for (let i = 1; i <= 20; i++) {
      await clock.sleep(1);
      await work();
      expect(clock.elapsed()).toBe(i);
    }
    await far;
    expect(clock.elapsed()).toBe(1_000_000);
  });

  it("stands still while something outside is pending, even over real input and output", async () => {
    const clock = new VirtualClock(start);
    let woke = false;
    const sleeper = clock.sleep(10).then(() => {
      woke = true;
    });
    const text = await clock.outside(readFile(new URL(import.meta.url), "utf8"));
    expect(text.length).toBeGreaterThan(100);
    expect(woke).toBe(false);
    expect(clock.elapsed()).toBe(0);
    await sleeper;
    expect(clock.elapsed()).toBe(10);
  });

  it("goes on after outside work failed", async () => {
    const clock = new VirtualClock(start);
    await expect(clock.outside(Promise.reject(new Error("disk")))).rejects.toThrow("disk");
    await clock.sleep(1);
    expect(clock.elapsed()).toBe(1);
  });

  it("wakes a cancelled sleeper at once, without moving time", async () => {
    const clock = new VirtualClock(start);
    const cancel = new Cancel();
    const sleeper = clock.sleep(1e6, cancel).then(() => clock.elapsed());
    await clock.sleep(5);
    cancel.cancel();
    expect(await sleeper).toBe(5);
    await clock.sleep(1e6, cancel);
    expect(clock.elapsed()).toBe(5);
  });

  it("keeps its order when thousands of sleepers were cancelled", async () => {
    const clock = new VirtualClock(start);
    const times: number[] = [];
    const waits: Promise<unknown>[] = [];
    for (let i = 0; i < 5000; i++) {
      const cancel = new Cancel();
      const due = (i * 7919) % 5003;
      waits.push(
        clock.sleep(due, cancel).then(() => cancel.cancelled || times.push(clock.elapsed())),
      );
      if (i % 10 !== 0) cancel.cancel();
    }
    await Promise.all(waits);
    expect(times).toHaveLength(500);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it("calls work in its place among the sleepers, and lets settle what the work set going", async () => {
    const clock = new VirtualClock(start);
    const seen: string[] = [];
    const note = (what: string) => seen.push(`${what} ${clock.elapsed()}`);
    const first = clock.sleep(2).then(() => note("sleeper"));
    clock.call(1, () => {
      note("quiet");
      clock.call(1, () => {
        note("waking");
        void chain(50).then(() => note("settled"));
        return true;
      });
      return false;
    });
    await Promise.all([first, clock.sleep(3)]);
    expect(seen).toEqual(["quiet 1", "sleeper 2", "waking 2", "settled 2"]);
  });

  it("stands still for outside work also between calls", async () => {
    const clock = new VirtualClock(start);
    let called = false;
    clock.call(1, () => {
      called = true;
      return false;
    });
    await clock.outside(readFile(new URL(import.meta.url), "utf8"));
    expect(called).toBe(false);
    await clock.sleep(1);
    expect(called).toBe(true);
  });

  it("wakes any set of sleepers exactly when due", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 }),
        async (waits) => {
          const clock = new VirtualClock(start);
          const woke: number[] = [];
          const sleep = (ms: number, i: number) =>
            clock.sleep(ms).then(() => {
              expect(clock.elapsed()).toBe(ms);
              woke.push(i);
            });
          await Promise.all(waits.map(sleep));
          const expected = waits.map((_, i) => i).sort((a, b) => waits[a]! - waits[b]! || a - b);
          expect(woke).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("steps wall time without touching elapsed time or sleepers", async () => {
    const clock = new VirtualClock(start);
    clock.stepWall(-60_000);
    await clock.sleep(1000);
    expect(clock.wall()).toBe(start - 59_000);
    expect(clock.elapsed()).toBe(1000);
  });

  it("rests when everyone sleeps for ever", async () => {
    const clock = new VirtualClock(start);
    const cancel = new Cancel();
    const forever = clock.sleep(Number.POSITIVE_INFINITY, cancel);
    await clock.sleep(7);
    await clock.outside(new Promise((resolve) => setImmediate(resolve)));
    expect(clock.elapsed()).toBe(7);
    cancel.cancel();
    await forever;
    expect(clock.elapsed()).toBe(7);
  });

  it("lets the machine's own events through during a long run of jumps", async () => {
    const clock = new VirtualClock(start);
    let turns = 0;
    let running = true;
    const turn = () => {
      turns++;
      if (running) setImmediate(turn);
    };
    setImmediate(turn);
    for (let i = 0; i < 20_000; i++) await clock.sleep(1);
    running = false;
    expect(turns).toBeGreaterThanOrEqual(9);
  });
});

describe("withDeadline on virtual time", () => {
  it("gives the work when it is in time, and does not call late", async () => {
    const clock = new VirtualClock(start);
    let lates = 0;
    const late = () => ++lates;
    const work = clock.sleep(5).then(() => -1);
    expect(await withDeadline(clock, work, 10, late)).toBe(-1);
    expect(clock.elapsed()).toBe(5);
    await clock.sleep(100);
    expect(lates).toBe(0);
  });

  it("gives late() at the deadline", async () => {
    const clock = new VirtualClock(start);
    const work = clock.sleep(50).then(() => "work");
    expect(await withDeadline(clock, work, 10, () => "late")).toBe("late");
    expect(clock.elapsed()).toBe(10);
    await work;
  });
});
