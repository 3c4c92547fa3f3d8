import { describe, expect, it } from "vitest";
import { Noise } from "../../../src/sim/part-noise.js";

function draws(noise: Noise, channel: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    noise.at(i * 137.25);
    return noise.of(channel, 1);
  });
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const sum = (values: readonly number[]) => values.reduce((s, v) => s + v, 0);
  const meanA = sum(a) / a.length;
  const meanB = sum(b) / b.length;
  const cross = sum(a.map((v, i) => (v - meanA) * (b[i]! - meanB)));
  return (
    cross / Math.sqrt(sum(a.map((v) => (v - meanA) ** 2)) * sum(b.map((v) => (v - meanB) ** 2)))
  );
}

describe("measurement noise", () => {
  const count = 20_000;

  it("has mean 0 and standard deviation 1", () => {
    const values = draws(new Noise(7, 1), 0, count);
    const mean = values.reduce((s, v) => s + v, 0) / count;
    const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / count;
    // Four standard errors, of the 4096 table values, which are fewer than the draws.
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(4096));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 4096));
  });

  it("is independent from channel to channel and from instant to instant", () => {
    const noise = new Noise(7, 1);
    const bound = 4 / Math.sqrt(count);
    const first = draws(noise, 0, count);
    expect(Math.abs(correlation(first, draws(noise, 1, count)))).toBeLessThan(bound);
    expect(Math.abs(correlation(first.slice(1), first.slice(0, -1)))).toBeLessThan(bound);
    expect(Math.abs(correlation(first, draws(new Noise(8, 1), 0, count)))).toBeLessThan(bound);
  });

  it("is the same at the same instant however often it is asked, beyond a thousand hours too", () => {
    const noise = new Noise(7, 1);
    noise.at(3.6e9);
    const late = noise.of(3, 2);
    noise.at(5);
    noise.of(3, 2);
    noise.at(3.6e9);
    expect(noise.of(3, 2)).toBe(late);
    noise.at(3.6e9 - 4_294_967.296);
    expect(noise.of(3, 2)).not.toBe(late);
  });
});
