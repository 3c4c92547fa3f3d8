import { describe, expect, it } from "vitest";
import { crc16, encodeException, encodeReply } from "../../../src/device/rtu-frame.js";
import {
  brief,
  honest,
  read,
  rtuBench,
  type Script,
  type Seen,
  timing,
  write,
} from "./scripted.js";

const good: Script = (seen, _n, send) => send(honest(seen));

function sealed(...bytes: number[]): number[] {
  const crc = crc16(Uint8Array.from(bytes));
  return [...bytes, crc & 0xff, crc >> 8];
}

/** A bit that tells an address from its neighbours. */
const bitOf = (address: number) => ((address * 40_503) >> 9) & 1;

/** An honest answer, fit for registers and bits alike. */
function own({ unit, request }: Seen): Uint8Array {
  const count = request.kind === "read" ? request.count : 0;
  const bits = Array.from({ length: count }, (_, i) => bitOf(request.address + i));
  return encodeReply(unit, request, bits);
}

/** Deadline of a two-register read on this line: wire time, turnaround, scheduling. */
const timeoutMs = (17 * 11 * 1000) / 19_200 + 50 + 20;

/** Before every honest answer the script sends `noise`. */
function after(noise: readonly number[]): Script {
  return (seen, _n, send) => {
    if (noise.length > 0) send(noise);
    send(honest(seen));
  };
}

describe("an RTU line under the faults that break modbus-serial's own port", () => {
  it("T1: a reply after its timeout is never taken for the next", async () => {
    const { line, statistics } = await rtuBench(async (seen, n, send, clock) => {
      await clock.sleep(n === 0 ? timeoutMs + 40 : 45);
      send(honest(seen));
    });
    expect(brief(await line.exchange(1, read(100), timing, "fast"))).toBe("timeout");
    for (const address of [200, 300, 400]) {
      const reply = await line.exchange(1, read(address), timing, "fast");
      expect(brief(reply)).toEqual([address, address + 1]);
    }
    expect(statistics).toMatchObject({ exchanges: 4, ok: 3, timeouts: 1, lateReplies: 1 });
  });

  it("T1: a late reply in the middle of another unit's exchange spoils nothing", async () => {
    const { line, statistics, slave } = await rtuBench(async (seen, n, send, clock) => {
      if (n === 0) await clock.sleep(timeoutMs + 10);
      else if (seen.unit === 2) await clock.sleep(30);
      send(honest(seen));
    });
    await line.exchange(1, read(100), timing, "fast");
    const failedAt = slave.seen[0]!.at + timeoutMs;
    expect(brief(await line.exchange(2, read(200), timing, "fast"))).toEqual([200, 201]);
    expect(slave.seen[1]!.at - failedAt).toBeLessThan(1);
    expect(brief(await line.exchange(1, read(300), timing, "fast"))).toEqual([300, 301]);
    expect(statistics.lateReplies).toBe(1);
  });

  it("T1: a unit that stays silent is asked the same again only after its late window", async () => {
    const { line, slave } = await rtuBench(() => {});
    await line.exchange(1, read(100), timing, "fast");
    await line.exchange(1, read(200), timing, "fast");
    expect(slave.seen[1]!.at - slave.seen[0]!.at).toBeGreaterThan(timeoutMs + 99);
  });

  it.each([
    ["registers", "holding", 10],
    ["bits", "discrete", 20],
  ] as const)(
    "T1: however late a reply of %s comes, it is not taken for the next",
    async (...kind) => {
      const [, table, count] = kind;
      let free: Promise<void> = Promise.resolve();
      // As real devices do: one request at a time, in order; the first takes it three seconds.
      const { line, slave, statistics } = await rtuBench((seen, n, send, clock) => {
        free = free.then(() => clock.sleep(n === 0 ? 3000 : 5)).then(() => send(own(seen)));
      });
      const ask = (unit: number, address: number) =>
        line.exchange(unit, { kind: "read", table, address, count }, timing, "fast");
      expect(brief(await ask(1, 0))).toBe("timeout");
      let address = 1;
      let good = 0;
      while (good < 5) {
        const reply = await ask(1, address);
        if (reply.ok) {
          good++;
          expect(reply.words).toEqual(Array.from({ length: count }, (_, i) => bitOf(address + i)));
        }
        address++;
      }
      expect(slave.seen.length).toBeLessThan(60);
      expect(statistics.lateReplies).toBeGreaterThan(0);
    },
  );

  it("T1: after a lost reply the read goes out in a wider form, and gives what was asked for", async () => {
    const { line, clock, slave, statistics } = await rtuBench((seen, n, send) => {
      if (n > 0) send(honest(seen));
    });
    expect(brief(await line.exchange(1, read(100, 5), timing, "fast"))).toBe("timeout");
    const reply = await line.exchange(1, read(200, 5), timing, "fast");
    expect(brief(reply)).toEqual([200, 201, 202, 203, 204]);
    expect(brief(await line.exchange(1, read(300, 5), timing, "fast"))).toHaveLength(5);
    await clock.sleep(5000);
    expect(brief(await line.exchange(1, read(400, 5), timing, "fast"))).toHaveLength(5);
    const asked = slave.seen.map(({ request }) => request.kind === "read" && request.count);
    expect(asked).toEqual([5, 6, 6, 5]);
    expect(statistics).toMatchObject({ exchanges: 4, ok: 3, timeouts: 1 });
  });

  it("T2: a longer read after a late reply gets its own data", async () => {
    const { line } = await rtuBench(async (seen, n, send, clock) => {
      await clock.sleep(n === 0 ? timeoutMs + 3 : 20);
      send(honest(seen));
    });
    await line.exchange(1, read(100), timing, "fast");
    const reply = await line.exchange(1, read(200, 3), timing, "fast");
    expect(brief(reply)).toEqual([200, 201, 202]);
  });

  it("T3: three requests at once are served one after the other", async () => {
    let busy = 0;
    const { line } = await rtuBench(async (seen, _n, send, clock) => {
      busy++;
      expect(busy).toBe(1);
      await clock.sleep(20);
      busy--;
      send(honest(seen));
    });
    const replies = await Promise.all(
      [10, 20, 30].map((address) => line.exchange(1, read(address), timing, "fast")),
    );
    expect(replies.map(brief)).toEqual([
      [10, 11],
      [20, 21],
      [30, 31],
    ]);
  });

  it("T4: another unit's frame is no answer, and the true one behind it is", async () => {
    const foreign = encodeReply(9, read(0), [7, 7]);
    const { line, statistics } = await rtuBench((seen, n, send) => {
      send(foreign);
      if (n > 0) send(honest(seen));
    });
    expect(brief(await line.exchange(1, read(1), timing, "fast"))).toBe("foreign");
    expect(statistics).toMatchObject({ foreign: 1, timeouts: 0 });
    expect(brief(await line.exchange(1, read(5), timing, "fast"))).toEqual([5, 6]);
    // Once with nothing behind it, once before the true answer.
    expect(statistics.staleBytes).toBe(2 * foreign.length);
  });

  it.each([
    ["T5a: one noise byte", [0x55]],
    ["T5b: three noise bytes", [0, 0xff, 1]],
    ["T5c: noise like a header", [1, 3]],
    ["T5d: noise like an exception", [0x01, 0x83, 0x02, 0x09, 0x09]],
  ])("%s before the reply does no harm, then or later", async (_name, noise) => {
    const { line, statistics } = await rtuBench(after(noise));
    for (const address of [100, 200, 300]) {
      const reply = await line.exchange(1, read(address), timing, "fast");
      expect(brief(reply)).toEqual([address, address + 1]);
    }
    expect(statistics).toMatchObject({ ok: 3, staleBytes: 3 * noise.length });
  });

  it("T6: a bad CRC is counted, and a read is tried once more", async () => {
    const { line, statistics } = await rtuBench((seen, n, send) => {
      const frame = honest(seen);
      if (n !== 1) frame[4]! ^= 0x10;
      send(frame);
    });
    expect(brief(await line.exchange(1, read(100), timing, "fast"))).toEqual([100, 101]);
    expect(brief(await line.exchange(1, read(200), timing, "fast"))).toBe("crc");
    expect(statistics).toMatchObject({ exchanges: 2, ok: 1, crc: 3, retries: 2, timeouts: 0 });
  });

  it("T6: a write whose confirmation was damaged is not sent again", async () => {
    const { line, slave } = await rtuBench((seen, _n, send) => {
      const frame = honest(seen);
      frame[7]! ^= 1;
      send(frame);
    });
    expect(brief(await line.exchange(1, write(7, 5), timing, "write"))).toBe("crc");
    expect(slave.seen.length).toBe(1);
  });

  it("T7: a broadcast succeeds after the turnaround, unanswered", async () => {
    const { line, clock, statistics } = await rtuBench(() => {});
    const before = clock.elapsed();
    expect(brief(await line.exchange(0, write(7, 0), timing, "stop"))).toEqual([]);
    expect(clock.elapsed() - before).toBeGreaterThanOrEqual(timing.turnaroundMs);
    expect(statistics).toMatchObject({ ok: 1, timeouts: 0 });
  });

  it("T8: closing settles what is in flight and what waits, at once", async () => {
    const { line, clock, wires } = await rtuBench(() => {});
    const replies = [1, 2].map((unit) => line.exchange(unit, read(0), timing, "fast"));
    await clock.sleep(10);
    await line.close();
    const before = clock.elapsed();
    expect((await Promise.all(replies)).map(brief)).toEqual(["closed", "closed"]);
    expect(brief(await line.exchange(1, read(0), timing, "stop"))).toBe("closed");
    expect(clock.elapsed()).toBe(before);
    expect(wires.length).toBe(1);
  });

  it("T10: a reply in pieces, and one glued to a foreign frame, are read", async () => {
    const { line } = await rtuBench(async (seen, n, send, clock) => {
      const frame = honest(seen);
      if (n === 1) return send([...encodeReply(9, read(0), [7, 7]), ...frame, 0, 0, 0]);
      for (let at = 0; at < frame.length; at += 3) {
        send(frame.subarray(at, at + 3));
        await clock.sleep(1);
      }
    });
    const first = await line.exchange(1, read(100, 20), timing, "fast");
    expect(brief(first)).toEqual(Array.from({ length: 20 }, (_, i) => 100 + i));
    expect(brief(await line.exchange(1, read(200), timing, "fast"))).toEqual([200, 201]);
    expect(brief(await line.exchange(1, read(300), timing, "fast"))).toEqual([300, 301]);
  });

  it("T12: a write confirmed for another register or value is refused and counted", async () => {
    const others = [write(8, 5), write(7, 6), write(9, 1, 2), write(7, 1, 2, 3)];
    const { line, statistics } = await rtuBench((seen, n, send) =>
      send(honest({ ...seen, request: others[n]! })),
    );
    for (const sent of [write(7, 5), write(7, 5), write(7, 1, 2), write(7, 1, 2)]) {
      expect(brief(await line.exchange(1, sent, timing, "write"))).toBe("echo");
    }
    expect(statistics).toMatchObject({ ok: 0, echo: 4 });
  });

  it("T13: a byte count that lies gives no data", async () => {
    const { line, statistics } = await rtuBench((_seen, n, send) => {
      if (n === 0) send(sealed(1, 3, 2, 0, 7));
      if (n === 1) send(sealed(1, 3, 2, 0, 7, 0, 8));
      if (n === 2) send(sealed(1, 3, 12, 0, 7, 0, 8, 0, 9, 0, 10, 0, 11, 0, 12));
    });
    const faults: unknown[] = [];
    for (let n = 0; n < 3; n++) faults.push(brief(await line.exchange(1, read(0), timing, "fast")));
    expect(faults[0]).toBe("length");
    expect(faults[2]).not.toEqual(expect.arrayContaining([expect.any(Number)]));
    expect(statistics.ok).toBe(0);
  });

  it("T14: a hang-up settles at once; the line comes back by itself", async () => {
    const { line, clock, wires, statistics } = await rtuBench((seen, n, send) => {
      if (wires.length > 1 || n > 0) send(honest(seen));
    });
    const pending = line.exchange(1, read(0), timing, "fast");
    await clock.sleep(10);
    wires[0]!.hangUp("unplugged");
    const lostAt = clock.elapsed();
    const reply = await pending;
    expect(reply).toMatchObject({ fault: "closed", detail: "the other end closed" });
    expect(brief(await line.exchange(1, read(0), timing, "fast"))).toBe("closed");
    expect(clock.elapsed()).toBe(lostAt);
    await clock.sleep(250);
    expect(brief(await line.exchange(1, read(3), timing, "fast"))).toEqual([3, 4]);
    expect(statistics.reconnects).toBe(1);
  });

  it("T14: pauses between dials double to ten seconds; a stop dials at once", async () => {
    let dials = -1;
    const refuse = () => ++dials > 0;
    const { line, clock, wires } = await rtuBench(good, refuse);
    wires[0]!.hangUp("unplugged");
    const dialledAt: number[] = [];
    for (let step = 0; step < 4000; step++) {
      const before = dials;
      expect(brief(await line.exchange(1, read(0), timing, "fast"))).toBe("closed");
      if (dials > before) dialledAt.push(clock.elapsed());
      await clock.sleep(10);
    }
    const pauses = dialledAt.map((at, i) => at - (dialledAt[i - 1] ?? 0));
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    const before = dials;
    await line.exchange(1, write(0, 0), timing, "stop");
    expect(dials).toBe(before + 1);
  });

  it("gives the device's exception with its code", async () => {
    const { line, statistics } = await rtuBench((_s, _n, send) => send(encodeException(1, 3, 2)));
    const reply = await line.exchange(1, read(0), timing, "fast");
    expect(reply).toMatchObject({ ok: false, fault: "exception", exception: 2 });
    expect(statistics).toMatchObject({ exceptions: 1, retries: 0 });
  });

  it("counts every attempt once", async () => {
    const { line, statistics: s } = await rtuBench((seen, n, send) => {
      const frame = honest(seen);
      if (n % 5 === 1) frame[0] = 9;
      if (n % 5 === 2) frame[3]! ^= 1;
      if (n % 5 === 3) send(frame.subarray(0, 4));
      else if (n % 5 !== 4) send(frame);
    });
    for (let n = 0; n < 30; n++) await line.exchange(1, read(n), timing, "fast");
    const faults = s.timeouts + s.partial + s.crc + s.foreign + s.length + s.echo + s.exceptions;
    expect(s.ok + faults).toBe(s.exchanges + s.retries);
    expect(Math.min(s.ok, s.crc, s.partial, s.timeouts, s.retries)).toBeGreaterThan(0);
  });

  it("takes a request that Modbus does not allow for a defect of ours, and lives on", async () => {
    const { line } = await rtuBench(good);
    const tooMany = line.exchange(1, read(0, 126), timing, "fast");
    await expect(tooMany).rejects.toMatchObject({ code: "DEFECT" });
    expect(brief(await line.exchange(1, read(5), timing, "fast"))).toEqual([5, 6]);
  });

  it("reads bits", async () => {
    const bits = [1, 0, 1, 1, 0, 0, 0, 0, 1, 1];
    const { line } = await rtuBench(({ unit, request }, _n, send) =>
      send(encodeReply(unit, request, bits)),
    );
    for (const table of ["coil", "discrete"] as const) {
      const request = { kind: "read", table, address: 3, count: 10 } as const;
      expect(brief(await line.exchange(1, request, timing, "fast"))).toEqual(bits);
    }
  });
});
