import { describe, expect, it } from "vitest";
import type { Clock } from "../../../src/base/clock.js";
import type { ReadRequest, Request, WriteRequest } from "../../../src/device/request.js";
import { encodeException } from "../../../src/device/rtu-frame.js";
import type { DeviceTiming, Line } from "../../../src/line/line.js";
import { brief, honest, rtuBench, type Script, timing } from "./scripted.js";

describe("what an RTU line gives as good after lost answers", () => {
  it("L1: is never another register's after one answer that came half a second late", async () => {
    let free: Promise<void> = Promise.resolve();
    const { line, clock } = await rtuBench((seen, n, send, clock) => {
      free = free.then(() => clock.sleep(n === 3 ? 520 : 5)).then(() => send(honest(seen)));
    });
    await cyclesOf(line, clock, timing, 40);
  });

  it.each([
    ["late by more than its turnaround", 750],
    ["later than a cycle", 3000],
  ])(
    "L2: is never another register's from a device that is always %s, over a serial server",
    async (_how, lateMs) => {
      let free: Promise<void> = Promise.resolve();
      const slave: Script = (seen, _n, send, clock) => {
        free = free.then(() => clock.sleep(lateMs)).then(() => send(honest(seen)));
      };
      const { line, clock } = await rtuBench(slave, undefined, { server: {} });
      await cyclesOf(line, clock, { turnaroundMs: 150, silenceMs: 0 }, 20);
    },
  );

  it("tells how slow a device is whose answers come late", async () => {
    let free: Promise<void> = Promise.resolve();
    const { line, clock, statistics } = await rtuBench((seen, _n, send, c) => {
      free = free.then(() => c.sleep(210)).then(() => send(honest(seen)));
    });
    for (let n = 0; n < 6; n++) {
      await line.exchange(1, one(7), timing, "fast");
      await clock.sleep(1000);
    }
    const { times, longestMs, turnaroundMs } = statistics.slow[1]!;
    expect([times, turnaroundMs]).toEqual([6, timing.turnaroundMs]);
    expect(longestMs).toBeGreaterThan(195);
    expect(longestMs).toBeLessThan(230);
  });

  it("is never one whose question was taken for answered by an answer that came seconds late", async () => {
    const lateBy = (n: number) => ([0, 2, 3].includes(n) ? 3000 : 40);
    const { line, clock, slave } = await rtuBench(async (seen, n, send, c) => {
      await c.sleep(lateBy(n));
      send(honest(seen));
    });
    const ask = (address: number) => line.exchange(1, one(address), timing, "fast");
    expect([brief(await ask(7)), brief(await ask(8))]).toEqual(["timeout", [8]]);
    await clock.sleep(2500 - clock.elapsed());
    // The longer form is lost, and the question itself, for which the first one's answer comes.
    expect(brief(await ask(7))).toBe("timeout");
    const asked = slave.seen.map(({ request }) => brief1(request));
    expect(asked).toEqual(["holding 7 1", "holding 8 2", "holding 7 2", "holding 7 1"]);
    await clock.sleep(3100 - clock.elapsed());
    const good: unknown[] = [];
    while (clock.elapsed() < 8000) {
      const reply = await ask(9);
      if (reply.ok) good.push(brief(reply));
    }
    expect(good.length).toBeGreaterThan(50);
    expect(good).toEqual(good.map(() => [9]));
  });

  it.each([
    ["answers whatever it is asked", () => true],
    ["knows single registers only", ({ count }: ReadRequest) => count === 1],
  ])(
    "comes back with the first answer of a unit that was deaf for a second and %s",
    async (_, knows) => {
      const { line, clock } = await rtuBench(({ unit, request }, _n, send, now) => {
        if (now.elapsed() > 1000 && now.elapsed() < 2500) return;
        const known = request.kind === "read" && knows(request);
        send(known ? honest({ unit, request, at: 0 }) : encodeException(unit, codeOf(request), 2));
      });
      const ask = (address: number) => line.exchange(1, one(address), timing, "fast");
      while (clock.elapsed() < 2500) {
        for (const address of [20, 40, 60]) await ask(address);
        await clock.sleep(100);
      }
      for (const address of [20, 40, 60]) expect(brief(await ask(address))).toEqual([address]);
    },
  );

  it("comes back in the very exchange after the late answer was heard", async () => {
    const { line, clock, slave } = await rtuBench(async (seen, n, send, c) => {
      await c.sleep(n === 1 ? 300 : 5);
      send(honest(seen));
    });
    const ask = () => line.exchange(1, one(7), timing, "fast");
    expect([(await ask()).ok, (await ask()).ok]).toEqual([true, false]);
    await clock.sleep(500);
    expect(brief(await ask())).toEqual([7]);
    expect(slave.seen.length).toBe(3);
  });

  it("takes a refusal for proof where a device has no register beside the one asked for", async () => {
    const { line, slave } = await rtuBench(({ unit, request }, n, send) => {
      if (n === 0) return;
      const known = request.kind === "read" && request.count === 1 && request.table === "holding";
      send(known ? honest({ unit, request, at: 0 }) : encodeException(unit, codeOf(request), 2));
    });
    expect((await line.exchange(1, one(7), timing, "fast")).ok).toBe(false);
    expect(brief(await line.exchange(1, one(7), timing, "fast"))).toEqual([7]);
    const asked = slave.seen.map(({ request }) => brief1(request));
    expect(asked).toEqual(["holding 7 1", "holding 7 2", "holding 5 3", "holding 7 1"]);
  });

  it("sends no write again whose confirmation may belong to another, unless it is a stop", async () => {
    const mute: Script = (seen, n, send) => {
      if (n === 0 || (n > 1 && isWrite(seen.request))) send(honest(seen));
    };
    for (const lane of ["write", "stop"] as const) {
      const { line, clock, slave } = await rtuBench(mute);
      await line.exchange(1, one(0), timing, "fast");
      const first: Request = { ...writeOf(1), values: [1, 1], single: false };
      expect(brief(await line.exchange(1, first, timing, "stop"))).toBe("timeout");
      await clock.sleep(220);
      const other: Request = { ...writeOf(2), values: [2, 2], single: false };
      const reply = await line.exchange(1, other, timing, lane);
      const writes = slave.seen.filter(({ request }) => isWrite(request));
      expect(writes.length).toBe(lane === "stop" ? 3 : 2);
      expect(brief(reply)).toEqual(lane === "stop" ? [] : "stale");
    }
  });

  it("costs a healthy line no frame: every exchange is one question", async () => {
    const { line, slave } = await rtuBench((seen, _n, send) => send(honest(seen)));
    for (let n = 0; n < 50; n++) await line.exchange(1, one(n), timing, "fast");
    await line.exchange(1, { ...writeOf(1) }, timing, "stop");
    expect(slave.seen.length).toBe(51);
  });
});

const one = (address: number): Request => ({ kind: "read", table: "holding", address, count: 1 });
const writeOf = (value: number): WriteRequest => ({
  kind: "write",
  table: "holding",
  address: 7,
  values: [value],
  single: true,
});

function codeOf(request: Request): number {
  if (request.kind === "write") return request.single ? 6 : 16;
  return { coil: 1, discrete: 2, holding: 3, input: 4 }[request.table];
}

function isWrite({ kind }: Request): boolean {
  return kind === "write";
}

function brief1(request: Request): string {
  const count = request.kind === "read" ? request.count : request.values.length;
  return `${request.table} ${request.address} ${count}`;
}

/** Reads six registers one by one every half second, as a rig does; every good value is its own. */
async function cyclesOf(line: Line, clock: Clock, timing: DeviceTiming, cycles: number) {
  for (let cycle = 0; cycle < cycles; cycle++) {
    const due = clock.elapsed() + 500;
    for (let address = 0x1002; address < 0x1008; address++) {
      const reply = await line.exchange(1, one(address), timing, "fast");
      if (reply.ok) expect([...reply.words]).toEqual([address]);
      else if (reply.fault === "timeout") break;
    }
    await clock.sleep(Math.max(0, due - clock.elapsed()));
  }
}
