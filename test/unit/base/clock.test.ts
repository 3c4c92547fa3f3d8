import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { MessageChannel } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import {
  Cancel,
  type ElapsedMs,
  type EpochMs,
  RealClock,
  type RunMs,
  withDeadline,
} from "../../../src/base/clock.js";

const clock = new RealClock();
const run = promisify(execFile);

describe("the real clock", () => {
  it("never wakes early, not even by part of a millisecond", async () => {
    for (const ms of [0, 0.3, 1.75, 3, 7.5]) {
      const from = clock.elapsed();
      await clock.sleep(ms);
      expect(clock.elapsed() - from).toBeGreaterThanOrEqual(ms);
    }
  });

  it("lets what arrived meanwhile be seen first when the machine wakes a sleeper late", async () => {
    const { port1, port2 } = new MessageChannel();
    const seen: string[] = [];
    port2.on("message", () => seen.push("message"));
    const sleeping = clock.sleep(3).then(() => seen.push("awake"));
    port1.postMessage("");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
    await sleeping;
    port1.close();
    expect(seen).toEqual(["message", "awake"]);
  });

  it("ends a sleep at once when it is cancelled, before or after it began", async () => {
    const late = new Cancel();
    const sleeping = clock.sleep(60_000, late);
    late.cancel();
    await sleeping;
    await clock.sleep(60_000, late);
    expect(late.cancelled).toBe(true);
  });

  it("wakes all of many, none before its time, although one timer serves them all", async () => {
    const from = clock.elapsed();
    const woken: number[] = [];
    const lengths = [9, 2, 30, 0.4, 5, 14, 2.5];
    const asleep = lengths.map(async (ms) => {
      await clock.sleep(ms);
      expect(clock.elapsed() - from).toBeGreaterThanOrEqual(ms);
      woken.push(ms);
    });
    const cancel = new Cancel();
    const cancelled = clock.sleep(1, cancel);
    cancel.cancel();
    await Promise.all([...asleep, cancelled]);
    // In which order those wake that are due in one busy moment nobody promises.
    expect(woken.sort((a, b) => a - b)).toEqual(lengths.sort((a, b) => a - b));
  });

  it("holds the process while somebody sleeps, and not for one that was cancelled", async () => {
    const built = new URL("../../../src/base/clock.js", import.meta.url);
    const script = `
      const { Cancel, RealClock } = await import("${built}");
      const clock = new RealClock();
      const cancel = new Cancel();
      const long = clock.sleep(600_000, cancel);
      cancel.cancel();
      void clock.sleep(20).then(() => console.log("woken"));`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script]);
    expect(stdout).toBe("woken\n");
  });

  it("sleeps longer than one timer can", async () => {
    const cancel = new Cancel();
    let over = false;
    const sleeping = clock.sleep(2 ** 32, cancel).then(() => {
      over = true;
    });
    await clock.sleep(5);
    expect(over).toBe(false);
    cancel.cancel();
    await sleeping;
  });
});

describe("a deadline", () => {
  it("gives the work's answer when it comes in time", async () => {
    expect(await withDeadline(clock, Promise.resolve("done"), 60_000, () => "late")).toBe("done");
  });

  it("gives the late answer when the work hangs", async () => {
    const never = new Promise<string>(() => {});
    expect(await withDeadline(clock, never, 2, () => "late")).toBe("late");
  });

  it("passes the work's error on", async () => {
    const broken = Promise.reject(new Error("broken"));
    await expect(withDeadline(clock, broken, 60_000, () => "late")).rejects.toThrow("broken");
  });
});

describe("a cancel", () => {
  it("calls each listener once, and not those that stopped listening", () => {
    const cancel = new Cancel();
    const calls: string[] = [];
    cancel.listen(() => calls.push("a"));
    const stop = cancel.listen(() => calls.push("b"));
    stop();
    cancel.cancel();
    cancel.cancel();
    cancel.listen(() => calls.push("c"));
    expect(calls).toEqual(["a", "c"]);
  });
});

/** Whether the compiler takes the one for the other. */
type Fits<A, B> = A extends B ? true : false;

describe("the times of three clocks", () => {
  it("are not taken for each other: the build fails where one is", () => {
    const run: [Fits<RunMs, ElapsedMs>, Fits<RunMs, EpochMs>] = [false, false];
    const elapsed: [Fits<ElapsedMs, RunMs>, Fits<ElapsedMs, EpochMs>] = [false, false];
    const wall: [Fits<EpochMs, RunMs>, Fits<EpochMs, ElapsedMs>] = [false, false];
    expect([...run, ...elapsed, ...wall]).not.toContain(true);
  });

  it("are numbers: a difference fits where a time is wanted", () => {
    const at: RunMs = clock.elapsed() - clock.elapsed();
    expect(at).toBeLessThanOrEqual(0);
  });
});
