/** The plant of another hand is one that the program can work with, over each kind of line and each drive. */
import { expect, it } from "vitest";
import { isDead, isStop, longestTestMs, patienceMs, Scene } from "../plant/scene.js";
import type { Wishes } from "../plant/site.js";

const cases: Wishes[] = [
  { drive: "md", lines: "tcp" },
  { drive: "acs580", lines: "rtu-tcp" },
  { drive: "asda", lines: "serial" },
];

for (const wishes of cases) {
  it.concurrent(
    `a run turns the shaft of an ${wishes.drive} drive over ${wishes.lines}, and Ctrl-C stops it`,
    async ({ onTestFinished: atEnd }) => {
      const scene = await Scene.make(wishes, atEnd);
      const run = await scene.running();
      run.signal("SIGINT");
      expect((await run.ended).status).toBe(0);
      expect(scene.plant.writes.some((stamp) => isStop(stamp, scene.drive))).toBe(true);
      await scene.plant.until("nothing has energy", isDead, patienceMs);
    },
    longestTestMs,
  );
}
