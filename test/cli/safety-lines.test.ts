import { describe, expect, it } from "vitest";
import { safetyLines } from "../../src/cli/rig/safety-lines.js";
import { bench } from "../unit/rig/bench.js";

describe("the last words of a run", () => {
  it("say what the last look found, not that it has no answer yet", async () => {
    const { clock, rig, line } = bench();
    expect(await rig.start()).toEqual([]);
    await rig.safe("a test");
    await rig.whenActed();
    let lost = 0;
    line("drive").loses = () => lost++ < 2;
    const looking = rig.verify();
    await clock.sleep(5);
    const lines = await safetyLines(rig, clock);
    await looking;
    expect(lost).toBeGreaterThan(0);
    expect(lines.join("\n")).not.toContain("NOT SAFE");
  });

  it("wait for a device that is gone no longer than 5 s, and then say so", async () => {
    const { clock, rig, line } = bench();
    expect(await rig.start()).toEqual([]);
    await rig.safe("a test");
    line("drive").dead.add(1);
    const from = clock.elapsed();
    void rig.verify();
    const lines = await safetyLines(rig, clock);
    expect(clock.elapsed() - from).toBeLessThan(5100);
    expect(lines.join("\n")).toContain("NOT SAFE");
    await rig.close();
  });
});
