import { describe, expect, it } from "vitest";
import { bench } from "./bench.js";

describe("a rig on its way up (L12)", () => {
  for (const name of ["bearing-four", "harmonic-one"]) {
    it(`one lost answer of any read of ${name} is asked for again, whichever it is`, async () => {
      const { loaded } = bench(name);
      const lines = Object.keys(loaded.rig.lines);
      let reads = 0;
      for (const line of lines) {
        for (let nth = 0; ; nth++) {
          const { rig, line: at } = bench(name, () => {}, loaded);
          let read = 0;
          at(line).loses = ({ request }) => request.kind === "read" && read++ === nth;
          expect(await rig.start(), `read ${nth} of ${line}`).toEqual([]);
          if (read <= nth) break;
          reads++;
        }
      }
      expect(reads).toBeGreaterThan(10);
    });
  }

  it("a device that is silent is not asked for ever", async () => {
    const { rig, line } = bench();
    line("drive").dead.add(1);
    expect((await rig.start())[0]).toMatchObject({ code: "device-silent", device: "spindle" });
    expect(line("drive").sent.length).toBe(2);
  });

  it("a read that a stop waits for is not repeated: the stop is", async () => {
    const { rig, line } = bench();
    expect(await rig.start()).toEqual([]);
    const before = line("drive").sent.length;
    line("drive").dead.add(1);
    await rig.sessions.get("spindle")?.read("running-speed", "stop");
    expect(line("drive").sent.length).toBe(before + 1);
  });
});
