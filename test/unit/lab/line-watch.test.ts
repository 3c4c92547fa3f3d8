import { describe, expect, it } from "vitest";
import { LineWatch } from "../../../src/lab/line-watch.js";
import type { Slow } from "../../../src/rig/device.js";

function bench(echoing: string[] = []) {
  const slow: Record<number, Slow> = {};
  const drive = { otherMaster: 0, localEcho: 0, slow };
  const told: string[] = [];
  const watch = new LineWatch({ drive }, echoing, (text) => told.push(text));
  return { drive, told, watch };
}

describe("what is heard on the lines of a run", () => {
  it("is told at once when it is another master, and then once a minute while it goes on", () => {
    const { drive, told, watch } = bench();
    for (let at = 0; at <= 180_000; at += 1000) {
      if (at >= 10_000 && at < 130_000) drive.otherMaster++;
      watch.look(at);
    }
    expect(told.map((text) => /\((.*) heard\)/.exec(text)?.[1])).toEqual([
      "1 request",
      "60 requests",
      "59 requests",
    ]);
    expect(told[0]).toBe(
      "another master asks on line drive (1 request heard): two masters disturb each other, take it off",
    );
  });

  it("is told once when it is an echo, and not where the rig file says so", () => {
    for (const [declared, times] of [
      [[], 1],
      [["drive"], 0],
    ] as const) {
      const { drive, told, watch } = bench([...declared]);
      for (let at = 0; at < 100_000; at += 1000) {
        drive.localEcho++;
        watch.look(at);
      }
      expect(told.length).toBe(times);
    }
  });

  it("is told once when a device answers slower than its turnaround, with the figure to write", () => {
    const { drive, told, watch } = bench();
    for (let times = 1; times <= 9; times++) {
      drive.slow[5] = { times, longestMs: 100 + times, turnaroundMs: 50 };
      watch.look(times * 1000);
    }
    expect(told).toEqual([
      "line drive: unit 5 answers after up to 103 ms, its turnaround says 50 ms: turnaround: 130 ms",
    ]);
  });
});
