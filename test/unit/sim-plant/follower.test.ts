import { describe, expect, it } from "vitest";
import { Follower } from "../../../src/sim/part-follower.js";

function run(follower: Follower, seconds: number): void {
  let left = seconds;
  while (left > 0) {
    const step = Math.min(left, follower.pieceS());
    follower.move(step);
    left -= step;
  }
}

describe("a follower", () => {
  it("is the textbook lag behind a ramp, then behind the setpoint", () => {
    const follower = new Follower(100, 2);
    follower.aim(1000);
    run(follower, 4);
    // Response of a first-order lag to a ramp from rest: k (t - tau + tau exp(-t/tau)).
    expect(follower.value).toBeCloseTo(100 * (4 - 2 + 2 * Math.exp(-2)), 9);
    run(follower, 6);
    const atRampEnd = 100 * (10 - 2 + 2 * Math.exp(-5));
    expect(follower.value).toBeCloseTo(atRampEnd, 9);
    run(follower, 3);
    expect(follower.value).toBeCloseTo(1000 + (atRampEnd - 1000) * Math.exp(-1.5), 9);
  });

  it("reaches the setpoint exactly and rests there", () => {
    const follower = new Follower(500, 0.3);
    follower.aim(1500);
    run(follower, 60);
    expect(follower.value).toBe(1500);
    expect(follower.settled).toBe(true);
    expect(follower.pieceS()).toBe(Infinity);
    follower.aim(0);
    run(follower, 60);
    expect(follower.value).toBe(0);
    expect(follower.settled).toBe(true);
  });

  it("turns round in the middle of a ramp without a jump", () => {
    const follower = new Follower(100, 1);
    follower.aim(1000);
    run(follower, 3);
    const before = follower.value;
    follower.aim(-1000);
    expect(follower.value).toBe(before);
    run(follower, 1e-6);
    expect(follower.value).toBeCloseTo(before, 3);
    run(follower, 100);
    expect(follower.value).toBe(-1000);
  });
});
