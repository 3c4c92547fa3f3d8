import { describe, expect, it } from "vitest";
import { Excess, Room } from "../../../src/sim/part-thermal.js";

describe("a thermal mass", () => {
  it("rises to R q as 1 - exp(-t/tau)", () => {
    const excess = new Excess(0.5, 1200);
    excess.advance(1200, 40, 40);
    expect(excess.value).toBeCloseTo(20 * (1 - Math.exp(-1)), 12);
    excess.advance(1e9, 40, 40);
    expect(excess.value).toBe(20);
  });

  it("follows heat that rises in a straight line as the ramp response of a first-order lag", () => {
    const excess = new Excess(2, 100);
    excess.advance(300, 0, 30);
    // R k (t - tau (1 - exp(-t/tau))), k = 0.1 W/s.
    expect(excess.value).toBeCloseTo(2 * 0.1 * (300 - 100 * (1 - Math.exp(-3))), 10);
  });

  it("does not depend on how the time is cut", () => {
    const one = new Excess(2, 100);
    const many = new Excess(2, 100);
    one.advance(50, 10, 20);
    for (let i = 0; i < 1000; i++) many.advance(0.05, 10 + i * 0.01, 10 + (i + 1) * 0.01);
    expect(Math.abs(many.value - one.value)).toBeLessThan(1e-11);
  });

  it("loses nothing to rounding in steps of a microsecond", () => {
    const excess = new Excess(1, 1200);
    for (let i = 0; i < 10_000; i++) excess.advance(1e-6, 100, 101);
    const mean = 100.5;
    expect(excess.value).toBeCloseTo((mean * 0.01) / 1200, 8);
  });
});

describe("the room", () => {
  it("swings around its mean once a day, less and later behind a slow housing", () => {
    const fast = new Room(23, 2, 0, 1e-6);
    const slow = new Room(23, 2, 0, 86_400);
    expect(fast.at(21_600)).toBeCloseTo(25, 6);
    expect(fast.at(86_400)).toBeCloseTo(23, 6);
    const damped = 2 / Math.hypot(1, 2 * Math.PI);
    const delay = (86_400 * Math.atan(2 * Math.PI)) / (2 * Math.PI);
    expect(slow.at(21_600 + delay)).toBeCloseTo(23 + damped, 9);
  });
});
