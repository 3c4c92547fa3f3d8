/** Case S1: a line that was dead for longer than anybody repeats, and comes back to a shaft that turns. */
import { expect, it } from "vitest";
import { type Death, monotonicMs } from "../plant/config.js";
import { isDead, isStop, longestTestMs, patienceMs, Scene } from "../plant/scene.js";
import type { Wishes } from "../plant/site.js";

/** From the line's return to the stop on the wire. */
const reactionMs = 2000;

const cases: { name: string; wishes: Wishes; how: Death; awayMs: number }[] = [
  { name: "a TCP line that is silent", wishes: {}, how: "silent", awayMs: 8000 },
  { name: "a TCP line that refuses", wishes: {}, how: "refused", awayMs: 8000 },
  { name: "a serial line", wishes: { lines: "serial" }, how: "silent", awayMs: 8000 },
  {
    name: "an adapter that is unplugged",
    wishes: { lines: "serial" },
    how: "unplugged",
    awayMs: 8000,
  },
];

for (const { name, wishes, how, awayMs } of cases) {
  it.concurrent(
    `stops the drive within two seconds of the return of ${name} for ${awayMs / 1000} s`,
    async ({ onTestFinished: atEnd }) => {
      const scene = await Scene.make(wishes, atEnd);
      const run = await scene.running();
      await scene.plant.kill("drive", how);
      // The other line lives: the load is taken away long before.
      const unloaded = ({ units }: { units: Record<string, { energised: boolean }> }) =>
        !units["hydraulics"]!.energised;
      await scene.plant.until("the load is off", unloaded, patienceMs);
      const deadAt = monotonicMs();
      await scene.plant.until(
        "the line was away",
        ({ atMs }) => atMs - deadAt > awayMs,
        patienceMs,
      );
      expect(run.isAlive, "a process never leaves an actuator that has not acted").toBe(true);
      await scene.plant.revive("drive");
      const backAt = monotonicMs();
      const stop = await scene.plant.write("a stop", (s) => isStop(s), backAt, patienceMs);
      expect(stop.atMs - backAt, "time").toBeLessThan(reactionMs);
      await scene.plant.until("nothing has energy", isDead, patienceMs);
      const end = await run.ended;
      expect(end.status).toBe(7);
      expect(end.talk + end.out).toMatch(/run resume/);
    },
    longestTestMs,
  );
}
