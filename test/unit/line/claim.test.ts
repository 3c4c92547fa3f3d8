import { describe, expect, it } from "vitest";
import { type Clock, RealClock } from "../../../src/base/clock.js";
import { claimLine, LineWatch, reportOf } from "../../../src/line/claim.js";
import { newStatistics } from "../../../src/line/line.js";
import { Trace } from "../../../src/line/trace.js";

// Addresses of documentation (RFC 5737): a name would be looked up anew for each question.
const clock = new RealClock();
const trace = new Trace();
for (let at = 1; at <= 3; at++) {
  const bytes = Buffer.from([at, 0xff]);
  trace.add({ at, unit: 7, direction: "out", bytes: [bytes], verdict: () => "read holding 0 1" });
}
const statistics = newStatistics();
statistics.stopLatency.add(12);
const line = {
  ...{ name: "drives", statistics, recent: trace.recent() },
  ...{ exchange: () => new Promise<never>(() => {}), close: () => Promise.resolve() },
};

function claim(address: string) {
  return claimLine({ tcp: address }, clock, (known) =>
    reportOf(line, address, "rig four", 5, known),
  );
}

describe("a claimed line", () => {
  it("is refused to everybody else, whatever the case of its host, and told who has it", async () => {
    const mine = await claim("gateway-a:502");
    await expect(claim("GATEWAY-A:502")).rejects.toMatchObject({
      code: "LINE_IN_USE",
      message: "GATEWAY-A:502 is held by rig four",
    });
    await mine.release();
    await (await claim("gateway-a:502")).release();
  });

  it("tells its counters and the frames after the last known one, again and again", async () => {
    const mine = await claim("192.0.2.2:502");
    const watch = await LineWatch.open({ tcp: "192.0.2.2:502" }, clock);
    expect(await watch?.report(1)).toMatchObject({
      ...{ line: "drives", address: "192.0.2.2:502", holder: "rig four", atMs: 5 },
      statistics: { exchanges: 0, stopLatency: { count: 1, max: 12 } },
      frames: [
        { n: 2, unit: 7, direction: "out", verdict: "read holding 0 1", hex: "02ff" },
        { n: 3, hex: "03ff" },
      ],
    });
    expect((await watch?.report(3))?.frames).toEqual([]);
    await mine.release();
    expect(await watch?.report(3)).toBeUndefined();
  });

  it("is given up on when its holder says nothing in time, for good", async () => {
    let over = () => {};
    const impatient: Clock = {
      ...{ wall: () => 0, elapsed: () => 0, outside: (work) => work },
      sleep: () => new Promise((resolve) => (over = resolve)),
    };
    const mine = await claim("192.0.2.4:502");
    const watch = await LineWatch.open({ tcp: "192.0.2.4:502" }, impatient);
    const report = watch?.report(0);
    over();
    expect(await report).toBeUndefined();
    expect(await watch?.report(0)).toBeUndefined();
    await mine.release();
  });

  it("is nobody's when nobody claimed it, and serial ports are one line by any path to them", async () => {
    expect(await LineWatch.open({ tcp: "192.0.2.3:502" }, clock)).toBeUndefined();
    const wire = { baud: 9600, format: "8N1" } as const;
    const report = (known: number) => reportOf(line, "null", "rig four", 5, known);
    const mine = await claimLine({ serial: "/dev/null", ...wire }, clock, report);
    const watch = await LineWatch.open({ serial: "/dev/../dev/null", ...wire }, clock);
    expect((await watch?.report(0))?.holder).toBe("rig four");
    watch?.close();
    await mine.release();
  });

  it("does not end with those who ask and leave at once", async () => {
    const mine = await claim("192.0.2.5:502");
    for (let i = 0; i < 200; i++) {
      const watch = await LineWatch.open({ tcp: "192.0.2.5:502" }, clock);
      void watch?.report(0);
      watch?.close();
    }
    const last = await LineWatch.open({ tcp: "192.0.2.5:502" }, clock);
    expect((await last?.report(0))?.holder).toBe("rig four");
    last?.close();
    await mine.release();
  });
});
