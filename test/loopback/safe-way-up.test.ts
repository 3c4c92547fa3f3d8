/** Case S5: a drive in its own fault on the way up leads back to Held, not to the end of the run. */
import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { isDead, longestTestMs, patienceMs, Scene, turns } from "../plant/scene.js";

it.concurrent(
  "a run whose drive is in its communication fault is not over: reset, then resume goes on",
  async ({ onTestFinished: atEnd }) => {
    const scene = await Scene.make({ drive: "acs580" }, atEnd);
    const run = await scene.running();
    await run.killed();
    await scene.plant.order({ do: "fault", unit: "spindle" });
    const [id] = readdirSync(scene.site.records);
    const first = scene.command("run", "resume", id!, "--yes");
    await Promise.race([first.ended, first.heard(/reset/, patienceMs)]);
    if (first.isAlive) first.signal("SIGINT");
    const { status, talk, out } = await first.ended;
    expect(talk + out).toMatch(/reset/);
    expect([0, 5, 7]).toContain(status);
    expect(isDead(await scene.plant.state())).toBe(true);
    const list = await scene.command("run", "list", "--json").ended;
    expect(list.out).not.toMatch(/"aborted"|"stopped"/);
    await scene.plant.order({ do: "cure", unit: "spindle" });
    const second = scene.command("run", "resume", id!, "--yes");
    await Promise.race([
      scene.plant.until("the shaft turns again", turns, patienceMs),
      second.ended.then(({ talk }) => Promise.reject(new Error(talk))),
    ]);
  },
  longestTestMs,
);
