import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/random.js";
import type { Request } from "../../../src/device/request.js";
import type { Transport } from "../../../src/line/line.js";
import { drawFault, type Faults, noFaults } from "../../../src/sim/fault.js";
import { type SimWire, simTransport } from "../../../src/sim/sim-line.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { exampleDevice } from "./example-type.js";

const timing = { turnaroundMs: 5, silenceMs: 0 };
const serial: SimWire = { baud: 19_200, bitsPerChar: 11 };
const charMs = 11_000 / 19_200;
const readTen: Request = { kind: "read", table: "holding", address: 107, count: 10 };
const run: Request = { kind: "write", table: "holding", address: 107, values: [1], single: true };

function setUp(faults: Partial<Faults> = {}, wire: SimWire = serial) {
  const clock = new VirtualClock(0);
  const device = exampleDevice();
  const all = { ...noFaults, ...faults };
  const line = simTransport(new Map([[1, device]]), clock, wire, all, randomStream(1, "test"));
  const ask = (request: Request, unit = 1) => line.exchange(unit, request, timing, false);
  return { clock, device, line, ask };
}

/** Exchanges counted by their ends must add up to exchanges begun and repeated. */
function sumOfEnds({ statistics: s }: Transport): number {
  const { ok, timeouts, partial, crc, foreign, length, echo, exceptions, closed, cut } = s;
  return ok + timeouts + partial + crc + foreign + length + echo + exceptions + closed + cut;
}

describe("a simulated serial line", () => {
  it("takes request, turnaround and reply at the wire's speed", async () => {
    const { clock, ask } = setUp();
    const reply = await ask(readTen);
    expect(reply).toMatchObject({
      ok: true,
      words: new Uint16Array([0, 3, 50, 0, 1, 0, 0, 0, 0, 0]),
    });
    // 8 characters there, 5 + 20 back.
    expect(clock.elapsed()).toBeCloseTo(33 * charMs + 5, 9);
    expect(reply.at).toBe(clock.elapsed());
  });

  it("takes the characters of Modbus ASCII where its wire speaks that", async () => {
    const { clock, ask } = setUp({}, { baud: 9600, bitsPerChar: 10, framing: "ascii" });
    expect(await ask(readTen)).toMatchObject({ ok: true });
    // A colon, two for each byte of the body and its LRC, CR and LF: 17 there, 51 back.
    expect(clock.elapsed()).toBeCloseTo(((17 + 51) * 10_000) / 9600 + 5, 9);
  });

  it("keeps a silence of 3.5 characters, or the device's own when longer", async () => {
    const { clock, ask, line } = setUp();
    await ask(readTen);
    const first = clock.elapsed();
    await ask(readTen);
    expect(clock.elapsed() - first).toBeCloseTo(first + 3.5 * charMs, 9);
    await line.exchange(1, readTen, { turnaroundMs: 5, silenceMs: 10 }, false);
    expect(clock.elapsed()).toBeCloseTo(3 * first + 3.5 * charMs + 10, 9);
    expect(line.statistics.busyMs).toBeCloseTo(3 * 33 * charMs, 9);
  });

  it("counts a silence that has passed anyway", async () => {
    const { clock, ask } = setUp();
    await ask(readTen);
    const took = clock.elapsed();
    await clock.sleep(100);
    await ask(readTen);
    expect(clock.elapsed()).toBeCloseTo(2 * took + 100, 9);
  });

  it("carries a request out at the moment it has arrived, not when it is answered", async () => {
    const { clock, device, ask } = setUp();
    const times: number[] = [];
    device.beforeRead(() => times.push(clock.elapsed()));
    await ask(run);
    expect(times[0]).toBeCloseTo(8 * charMs, 9);
    expect(device.get("command")).toBe(1);
  });

  it("reports an exception with its code", async () => {
    const { ask, line } = setUp();
    const reply = await ask({ ...readTen, address: 9 });
    expect(reply).toMatchObject({ ok: false, fault: "exception", exception: 2 });
    expect(line.statistics.exceptions).toBe(1);
  });

  it("waits for an absent unit as long as the real line would", async () => {
    const { clock, ask, line } = setUp();
    expect(await ask(readTen, 9)).toMatchObject({ ok: false, fault: "timeout" });
    expect(clock.elapsed()).toBeCloseTo(33 * charMs + 5 + 20, 9);
    expect(line.statistics.timeouts).toBe(1);
  });

  it("lets every device carry out a broadcast and waits for no answer", async () => {
    const { clock, device, ask } = setUp();
    expect(await ask(run, 0)).toMatchObject({ ok: true });
    expect(device.get("command")).toBe(1);
    expect(clock.elapsed()).toBeCloseTo(8 * charMs + 5, 9);
    expect(await ask(readTen, 0)).toMatchObject({ ok: false, fault: "timeout" });
  });
});

describe("a simulated TCP line", () => {
  it("takes the network's way twice and the turnaround", async () => {
    const { clock, ask } = setUp({}, "tcp");
    expect(await ask(readTen)).toMatchObject({ ok: true });
    expect(clock.elapsed()).toBeCloseTo(5.2, 9);
    expect(await ask(readTen, 0)).toMatchObject({ ok: false, fault: "timeout" });
  });
});

describe("faults of a simulated line", () => {
  it("come in the shares asked for, one kind at most per exchange", () => {
    const shares = {
      timeoutShare: 0.1,
      crcShare: 0.2,
      lateShare: 0.05,
      exceptionShare: 0.15,
      wrongUnitShare: 0.1,
    };
    const random = randomStream(3, "shares");
    const counts: Record<string, number> = {};
    for (let i = 0; i < 20_000; i++) {
      const kind = drawFault({ ...noFaults, ...shares }, random, 1) ?? "none";
      counts[kind] = (counts[kind] ?? 0) + 1 / 20_000;
    }
    const expected = {
      timeout: 0.1,
      crc: 0.2,
      late: 0.05,
      exception: 0.15,
      "wrong-unit": 0.1,
      none: 0.4,
    };
    expect(Object.keys(counts).sort()).toEqual(Object.keys(expected).sort());
    for (const [kind, share] of Object.entries(expected))
      expect(Math.abs((counts[kind] ?? 0) - share)).toBeLessThan(0.01);
  });

  it("leave a request that timed out undone, but one with a damaged answer carried out", async () => {
    const lost = setUp({ timeoutShare: 1 });
    expect(await lost.ask(run)).toMatchObject({ ok: false, fault: "timeout" });
    expect(lost.device.get("command")).toBe(0);
    const damaged = setUp({ crcShare: 1 });
    expect(await damaged.ask(run)).toMatchObject({ ok: false, fault: "crc" });
    expect(damaged.device.get("command")).toBe(1);
    expect(damaged.line.statistics).toMatchObject({ crc: 1, retries: 0 });
    const foreign = setUp({ wrongUnitShare: 1 });
    expect(await foreign.ask(run)).toMatchObject({ ok: false, fault: "foreign" });
    expect(foreign.device.get("command")).toBe(1);
  });

  it("repeat a damaged read once, as the real line does", async () => {
    const { ask, line } = setUp({ crcShare: 1 });
    expect(await ask(readTen)).toMatchObject({ ok: false, fault: "crc" });
    expect(line.statistics).toMatchObject({ exchanges: 1, retries: 1, crc: 2 });
  });

  it("never damage a CRC on TCP", async () => {
    const { ask } = setUp({ crcShare: 1 }, "tcp");
    expect(await ask(readTen)).toMatchObject({ ok: true });
  });

  it("answer with the exception asked for", async () => {
    const { ask, device } = setUp({ exceptionShare: 1, exceptionCode: 6 });
    expect(await ask(run)).toMatchObject({ ok: false, fault: "exception", exception: 6 });
    expect(device.get("command")).toBe(0);
  });

  it("silence a dead unit", async () => {
    const { ask } = setUp({ deadUnits: [1] });
    expect(await ask(readTen)).toMatchObject({ ok: false, fault: "timeout" });
  });

  it("make an answer late: harmless within the timeout, lost beyond it", async () => {
    const little = setUp({ lateShare: 1, lateMs: 15 });
    expect(await little.ask(readTen)).toMatchObject({ ok: true });
    expect(little.clock.elapsed()).toBeCloseTo(33 * charMs + 20, 9);
    const much = setUp({ lateShare: 1, lateMs: 100 });
    expect(await much.ask(readTen)).toMatchObject({ ok: false, fault: "timeout" });
    expect(much.line.statistics).toMatchObject({ timeouts: 1, lateReplies: 1 });
    await much.ask(readTen, 9);
    // The second request waits until the late answer has passed.
    const passed = 33 * charMs + 105 + 3.5 * charMs;
    expect(much.clock.elapsed()).toBeCloseTo(passed + 33 * charMs + 25, 9);
  });

  it("are the same for the same seed", async () => {
    const faults = { timeoutShare: 0.2, crcShare: 0.2, lateShare: 0.2, lateMs: 50 };
    const outcomes = async () => {
      const { ask, clock } = setUp(faults);
      const all: string[] = [];
      for (let i = 0; i < 100; i++) {
        const reply = await ask(readTen);
        all.push(`${reply.ok ? "ok" : reply.fault} ${clock.elapsed()}`);
      }
      return all;
    };
    expect(await outcomes()).toEqual(await outcomes());
  });

  it("are all counted, each attempt once", async () => {
    const shares = {
      timeoutShare: 0.2,
      crcShare: 0.2,
      lateShare: 0.2,
      exceptionShare: 0.1,
      wrongUnitShare: 0.1,
    };
    const { ask, line } = setUp({ ...shares, lateMs: 50 });
    for (let i = 0; i < 300; i++) await ask(i % 3 === 0 ? run : readTen);
    expect(sumOfEnds(line)).toBe(300 + line.statistics.retries);
    expect(line.statistics.retries).toBeGreaterThan(10);
  });
});

describe("a stop that hurries a simulated line", () => {
  it("cuts the wait for a dead unit to its turnaround", async () => {
    const { clock, ask, line } = setUp({ deadUnits: [1] });
    const waiting = ask(readTen);
    await clock.sleep(1);
    line.hurry(false);
    expect(await waiting).toMatchObject({ ok: false, fault: "cut" });
    expect(clock.elapsed()).toBeCloseTo(8 * charMs + 5, 9);
    expect(line.statistics).toMatchObject({ cut: 1, timeouts: 0 });
  });

  it("ends the wait at once when the turnaround is over", async () => {
    const { clock, ask, line } = setUp({ deadUnits: [1] });
    const waiting = ask(readTen);
    await clock.sleep(15);
    line.hurry(false);
    expect(await waiting).toMatchObject({ ok: false, fault: "cut" });
    expect(clock.elapsed()).toBe(15);
  });

  it("lets an answer through that comes in time", async () => {
    const { clock, ask, line } = setUp();
    const waiting = ask(readTen);
    await clock.sleep(1);
    line.hurry(false);
    expect(await waiting).toMatchObject({ ok: true });
  });
});

describe("closing a simulated line", () => {
  it("settles what waits and everything later with closed", async () => {
    const { clock, ask, line } = setUp({ deadUnits: [1] });
    const waiting = ask(readTen);
    await clock.sleep(10);
    await line.close();
    expect(await waiting).toMatchObject({ ok: false, fault: "closed" });
    expect(clock.elapsed()).toBe(10);
    expect(await ask(readTen)).toMatchObject({ ok: false, fault: "closed" });
    expect(line.statistics.closed).toBe(2);
  });
});
