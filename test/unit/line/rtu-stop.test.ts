import { describe, expect, it } from "vitest";
import { AsciiTransport } from "../../../src/line/ascii-transport.js";
import { LineQueue } from "../../../src/line/queue.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { brief, honest, pipe, read, rtuBench, spec, timing, write } from "./scripted.js";

const t35Ms = (3.5 * 11 * 1000) / 19_200;
/** Sums of fractions of a millisecond end a few bits off. */
const rounding = 1e-9;
const requestMs = (8 * 11 * 1000) / 19_200;

describe("stops and silence on an RTU line", () => {
  it("keeps T3.5 of silence after every byte, or the device's longer one", async () => {
    const { line, slave } = await rtuBench((seen, _n, send) => send(honest(seen)));
    for (let i = 0; i < 5; i++) await line.exchange(1, read(i), timing, "fast");
    await line.exchange(1, read(9), { ...timing, silenceMs: 12 }, "fast");
    const gaps = slave.seen.slice(1).map((seen, i) => seen.at - slave.sentAt[i]!);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(t35Ms - rounding);
    expect(gaps[4]).toBeGreaterThanOrEqual(12);
    expect(gaps[0]).toBeLessThan(t35Ms + 0.1);
  });

  it("cuts the wait for a dead unit to its turnaround when a stop comes", async () => {
    const { line, clock, slave, statistics } = await rtuBench((seen, _n, send) => {
      if (seen.unit === 2) send(honest(seen));
    });
    const slow = { turnaroundMs: 5, silenceMs: 0 };
    const poll = line.exchange(1, read(0, 120), slow, "fast");
    await clock.sleep(3);
    const stop = line.exchange(2, write(7, 0), slow, "stop");
    expect(brief(await poll)).toBe("cut");
    expect(brief(await stop)).toEqual([]);
    expect(slave.seen[1]!.at).toBeLessThan(t35Ms + requestMs + 5 + t35Ms + 0.1);
    expect(statistics).toMatchObject({ cut: 1, ok: 1 });
    expect(statistics.stopLatency.max).toBeLessThan(15);
  });

  it("cuts it on an ASCII wire as well, whose adapter gives back what is sent", async () => {
    const clock = new VirtualClock(0);
    const [ours, theirs] = pipe();
    const sentAt: number[] = [];
    theirs.onData((bytes) => {
      sentAt.push(clock.elapsed());
      theirs.write(bytes);
    });
    const wire = { ...spec, localEcho: true, framing: "ascii" } as const;
    const transport = new AsciiTransport(wire, async () => ours, clock);
    await transport.open();
    const line = new LineQueue("test", transport, clock);
    const poll = line.exchange(1, read(0, 120), { turnaroundMs: 5, silenceMs: 0 }, "fast");
    await clock.sleep(15);
    void line.exchange(2, write(7, 0), { turnaroundMs: 5, silenceMs: 0 }, "stop");
    expect(brief(await poll)).toBe("cut");
    await clock.sleep(10);
    const asciiMs = (17 * 11 * 1000) / 19_200;
    expect(sentAt[1]).toBeLessThan(t35Ms + asciiMs + 5 + t35Ms + 0.1);
  });

  it("lets an answer that has begun finish before the stop", async () => {
    const { line, clock } = await rtuBench(async (seen, _n, send) => {
      const frame = honest(seen);
      send(frame.subarray(0, 3));
      await clock.sleep(60);
      send(frame.subarray(3));
    });
    const poll = line.exchange(1, read(10, 40), timing, "fast");
    await clock.sleep(20);
    const stop = line.exchange(1, write(7, 0), timing, "stop");
    expect(brief(await poll)).toEqual(Array.from({ length: 40 }, (_, i) => 10 + i));
    expect(brief(await stop)).toEqual([]);
  });

  it("never writes a stop beside a running exchange", async () => {
    let talking = false;
    let collisions = 0;
    const { line, clock } = await rtuBench(async (seen, _n, send) => {
      if (talking) collisions++;
      talking = true;
      await clock.sleep(requestMs + 10);
      send(honest(seen));
      talking = false;
    });
    const polls: Promise<unknown>[] = [];
    for (let i = 0; i < 40; i++) {
      polls.push(line.exchange(1, read(i, 10), timing, "fast"));
      await clock.sleep((i * 7) % 23);
      polls.push(
        line.exchange(1, write(7, i), timing, "stop").then((r) => expect(r.ok).toBe(true)),
      );
    }
    await Promise.all(polls);
    expect(collisions).toBe(0);
  });

  it("gives up waiting for the quarantine when a stop comes", async () => {
    const { line, clock, slave } = await rtuBench((seen, n, send) => {
      if (n > 0) send(honest(seen));
    });
    await line.exchange(1, read(0), timing, "fast");
    const failedAt = clock.elapsed();
    const quarantined = line.exchange(1, read(50), timing, "fast");
    await clock.sleep(5);
    const stop = line.exchange(1, write(7, 0), timing, "stop");
    expect(brief(await quarantined)).toBe("cut");
    expect(brief(await stop)).toEqual([]);
    expect(slave.seen[1]!.at).toBeLessThan(failedAt + 6);
  });

  it("a late confirmation of another write never confirms a stop", async () => {
    const { line } = await rtuBench(async (seen, n, send, clock) => {
      if (n === 0) {
        await clock.sleep(110);
        send(honest(seen));
      }
    });
    const asked = line.exchange(1, write(7, 9, 9), timing, "write");
    expect(brief(await asked)).toBe("timeout");
    const stop = await line.exchange(1, write(7, 0, 0), timing, "stop");
    expect(brief(stop)).toBe("timeout");
  });

  it("a stop is confirmed however often it failed before, once the late window is over", async () => {
    const { line, clock } = await rtuBench((seen, n, send) => {
      if (n >= 3) send(honest(seen));
    });
    for (const value of [1, 2, 3]) {
      const failed = await line.exchange(1, write(7, value, 0), timing, "stop");
      expect(brief(failed)).toBe("timeout");
    }
    await clock.sleep(200);
    expect(brief(await line.exchange(1, write(7, 0, 0), timing, "stop"))).toEqual([]);
  });

  it("a repeated stop is confirmed by the late echo of the first", async () => {
    const { line, slave } = await rtuBench(async (seen, n, send, clock) => {
      if (n > 1) return;
      await clock.sleep(n === 0 ? 0 : 110);
      send(honest(seen));
    });
    await line.exchange(1, read(0), timing, "fast");
    expect(brief(await line.exchange(1, write(7, 0), timing, "stop"))).toBe("timeout");
    expect(brief(await line.exchange(1, write(7, 0), timing, "stop"))).toEqual([]);
    expect(slave.seen.length).toBe(3);
  });

  it("a line that is never silent does not hang an exchange", async () => {
    const { line, clock, wires } = await rtuBench(() => {});
    let babble = true;
    const babbler = (async () => {
      while (babble) {
        wires[0]!.write(Uint8Array.of(0x55));
        await clock.sleep(1);
      }
    })();
    const before = clock.elapsed();
    const reply = await line.exchange(1, write(0, 1), timing, "write");
    expect(reply.ok).toBe(false);
    expect(clock.elapsed() - before).toBeLessThan(400);
    babble = false;
    await babbler;
  });
});
