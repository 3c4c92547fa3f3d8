import { describe, expect, it } from "vitest";
import { bench, type StubLine } from "./bench.js";

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

/** Every third request to the line is refused. */
function isBusyEveryThird(line: StubLine, exception: number): void {
  let n = 0;
  line.refuses = () => (++n % 3 === 0 ? exception : undefined);
}

describe("a rig on its way up whose devices are busy (L8)", () => {
  for (const name of ["bearing-four", "harmonic-one"]) {
    for (const exception of [5, 6]) {
      it(`${name} starts although every third request gets exception ${exception}`, async () => {
        const { rig, loaded, line } = bench(name);
        for (const at of Object.keys(loaded.rig.lines)) isBusyEveryThird(line(at), exception);
        expect(await rig.identify()).toEqual([]);
        expect(await rig.start()).toEqual([]);
      });
    }
  }

  it("a device that stays busy is given 2 s for each question, then its word is the fault", async () => {
    const { clock, rig, line } = bench();
    line("drive").refuses = () => 6;
    const faults = await rig.start();
    expect(faults[0]).toMatchObject({ device: "spindle" });
    expect(faults[0]?.detail).toContain("exception 6");
    expect(clock.elapsed()).toBeGreaterThanOrEqual(2000);
    expect(clock.elapsed()).toBeLessThan(2200);
  });

  it("a refusal for what was asked is not repeated", async () => {
    const { rig, line } = bench();
    line("drive").refuses = () => 2;
    expect(await rig.start()).toHaveLength(1);
    expect(line("drive").sent).toHaveLength(1);
  });

  it("a start command that waits for a busy device is not sent any more once the rig is made safe", async () => {
    const { clock, rig, line } = bench();
    line("drive").refuses = ({ lane, request }) =>
      lane !== "stop" && request.kind === "write" ? 6 : undefined;
    const starting = rig.start();
    while (line("drive").writes().length < 3 && clock.elapsed() < 5000) await clock.sleep(10);
    const safeAt = clock.elapsed();
    await rig.safe("a test");
    await starting;
    const others = line("drive")
      .writes()
      .filter(({ lane, at }) => lane !== "stop" && at > safeAt);
    expect(others).toEqual([]);
  });

  it("a setpoint that a busy device refuses once is there in the same cycle", async () => {
    const { rig, line } = bench();
    expect(await rig.start()).toEqual([]);
    let refused = 0;
    line("drive").refuses = ({ request }) =>
      request.kind === "write" && refused++ === 0 ? 6 : undefined;
    expect(await rig.write(rig.actuators.map(({ ceiling }) => ceiling / 2))).toEqual([]);
    expect(refused).toBeGreaterThan(1);
  });
});
