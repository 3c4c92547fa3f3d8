import { describe, expect, it } from "vitest";
import { encodeReply, toTcp } from "../../../src/device/rtu-frame.js";
import { slowInWords } from "../../../src/device/slow.js";
import type { Line } from "../../../src/line/line.js";
import { brief, read, write } from "./scripted.js";
import { answerTo, honestTcp, type TcpScript, type TcpSeen, tcpBench } from "./scripted-tcp.js";

const timing = { turnaroundMs: 50, silenceMs: 0 };
/** Sends what an honest server answers. */
const answer = (seen: TcpSeen) => seen.connection.stream.write(answerTo(seen));
/** Deadline of an exchange with that turnaround: network and scheduling. */
const deadlineMs = 170;

const ask = (line: Line, address: number, unit = 1) =>
  line.exchange(unit, read(address), timing, "fast");
const put = (line: Line, value: number, lane: "write" | "stop" = "write") =>
  line.exchange(1, write(7, value), timing, lane);

/** L6: hangs up `afterMs` after each answer; what comes in between is not answered. */
function closing(afterMs: number): TcpScript {
  return async (seen, clock) => {
    if (seen.nth > 0) return;
    answer(seen);
    await clock.sleep(afterMs);
    seen.connection.stream.hangUp("done");
  };
}

describe("a server that hangs up after each answer (L6)", () => {
  it("every read is answered with its own value, one after the other", async () => {
    for (const afterMs of [0, 1, 5]) {
      const { line } = await tcpBench(closing(afterMs));
      for (let n = 0; n < 20; n++) expect(brief(await ask(line, n))).toEqual([n, n + 1]);
      expect(line.statistics).toMatchObject({ ok: 20, timeouts: 0 });
    }
  });

  it("its habit is learnt: then nothing is lost any more, a write least of all", async () => {
    const { line, connections } = await tcpBench(closing(5));
    for (let n = 0; n < 4; n++) await ask(line, n);
    const lostBefore = line.statistics.closed;
    for (let n = 0; n < 20; n++) expect(brief(await put(line, n))).toEqual([]);
    expect(line.statistics.closed).toBe(lostBefore);
    const written = connections.flatMap(({ seen }) => seen.filter((s) => s.unit === 1));
    expect(written.filter(({ request }) => request.kind === "write").length).toBe(20);
  });

  it("a write that went out while it hung up is not sent again by the line", async () => {
    const { line, connections } = await tcpBench(closing(1));
    expect(brief(await put(line, 1))).toEqual([]);
    expect(brief(await put(line, 2))).toBe("closed");
    const all = connections.flatMap(({ seen }) => seen);
    expect(all.length).toBe(2);
    expect(brief(await put(line, 3))).toEqual([]);
  });

  it("a server that stops doing so gets one connection again", async () => {
    let hangsUp = true;
    const { line, connections } = await tcpBench((seen, clock) =>
      hangsUp ? closing(1)(seen, clock) : honestTcp(seen, clock),
    );
    for (let n = 0; n < 5; n++) await ask(line, n);
    hangsUp = false;
    for (let n = 0; n < 5; n++) await ask(line, n);
    const known = connections.length;
    for (let n = 0; n < 50; n++) expect(brief(await ask(line, n))).toEqual([n, n + 1]);
    expect(connections.length).toBe(known);
  });

  it("one that hangs up without an answer is dialled at growing pauses, not at once", async () => {
    const { clock, line, dials } = await tcpBench(({ connection }) =>
      connection.stream.hangUp("no"),
    );
    while (clock.elapsed() < 60_000) {
      await ask(line, 1);
      await clock.sleep(50);
    }
    expect(dials.length).toBeLessThan(15);
    expect(dials.at(-1)! - dials.at(-2)!).toBeGreaterThan(9000);
  });
});

/** L7: swallows what comes in the first moments of a connection. */
function warming(forMs: number): TcpScript {
  return (seen, clock) => {
    if (clock.elapsed() - seen.connection.openedAt >= forMs) answer(seen);
  };
}

describe("a server that swallows requests after connecting (L7)", () => {
  it("the first read is asked again until it is listened to", async () => {
    const { clock, line, connections } = await tcpBench(warming(1000));
    expect(brief(await ask(line, 5))).toEqual([5, 6]);
    expect(clock.elapsed()).toBeLessThan(1000 + 2 * deadlineMs);
    expect(connections.length).toBe(1);
  });

  it("after two such connections the pause is known, and nothing is swallowed", async () => {
    const { line, connections } = await tcpBench(warming(1000));
    for (let n = 0; n < 5; n++) {
      expect(brief(await ask(line, n))).toEqual([n, n + 1]);
      connections.at(-1)!.stream.hangUp("again");
    }
    expect(connections.map(({ seen }) => seen.length > 1)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("with the pause stated nothing is swallowed, not even a write", async () => {
    const { line, connections } = await tcpBench(warming(1000), { pauseAfterConnectMs: 1000 });
    expect(brief(await put(line, 3))).toEqual([]);
    expect(connections[0]!.seen.length).toBe(1);
  });

  it("a device that only started late itself teaches nothing", async () => {
    const { line, connections } = await tcpBench((seen, clock) => {
      if (clock.elapsed() > 800) answer(seen);
    });
    for (let n = 0; n < 3; n++) {
      expect(brief(await ask(line, n))).toEqual([n, n + 1]);
      connections.at(-1)!.stream.hangUp("again");
    }
    const later = connections.slice(1).map(({ seen, openedAt }) => seen[0]!.at - openedAt);
    expect(later).toEqual([0, 0]);
  });

  it("a stop is not kept waiting by it", async () => {
    const { clock, line } = await tcpBench(warming(1000));
    expect(brief(await put(line, 0, "stop"))).toBe("timeout");
    expect(clock.elapsed()).toBeLessThan(deadlineMs + 1);
    const poll = ask(line, 1);
    await clock.sleep(300);
    const before = clock.elapsed();
    expect(brief(await put(line, 0, "stop"))).toBe("timeout");
    expect(clock.elapsed() - before).toBeLessThan(2 * deadlineMs);
    expect(brief(await poll)).not.toEqual([1, 2]);
  });

  it("a unit that is not there costs its patience once, and no more after an answer", async () => {
    const { clock, line } = await tcpBench((seen) => {
      if (seen.unit === 1) answer(seen);
    });
    await ask(line, 0, 9);
    expect(clock.elapsed()).toBeLessThan(1500 + deadlineMs);
    await ask(line, 0, 1);
    const before = clock.elapsed();
    expect(brief(await ask(line, 0, 9))).toBe("timeout");
    expect(clock.elapsed() - before).toBeCloseTo(deadlineMs, 0);
  });
});

describe("an answer that is cut short (L9)", () => {
  const cutOnce = (): TcpScript => {
    let cuts = 1;
    return (seen) => {
      if (cuts-- <= 0) answer(seen);
      else seen.connection.stream.write(answerTo(seen).subarray(0, 9));
    };
  };

  it("drops the connection: the read is asked again on a fresh one", async () => {
    const { line, connections } = await tcpBench(cutOnce());
    expect(brief(await ask(line, 5))).toEqual([5, 6]);
    expect(brief(await ask(line, 6))).toEqual([6, 7]);
    expect(connections.length).toBe(2);
    expect(line.statistics).toMatchObject({ ok: 2, partial: 1, retries: 1 });
  });

  it("a write is not sent again, and the next exchange is not spoilt", async () => {
    const { line, connections } = await tcpBench(cutOnce());
    expect(brief(await put(line, 5))).toBe("partial");
    expect(brief(await ask(line, 6))).toEqual([6, 7]);
    expect(connections.map(({ seen }) => seen.length)).toEqual([1, 1]);
  });
});

describe("a peer that is gone without a word", () => {
  it("is dialled again after three timeouts of a connection that worked", async () => {
    let deaf = false;
    const { line, connections } = await tcpBench((seen) => {
      if (!deaf || seen.connection !== connections[0]) answer(seen);
    });
    expect(brief(await ask(line, 1))).toEqual([1, 2]);
    deaf = true;
    for (let n = 0; n < 3; n++) expect(brief(await ask(line, 1))).toBe("timeout");
    expect(brief(await ask(line, 9))).toEqual([9, 10]);
    expect(connections.length).toBe(2);
  });
});

describe("what a gateway may get wrong only when that is declared", () => {
  const as =
    (unit: number): TcpScript =>
    (seen) =>
      seen.connection.stream.write(answerTo(seen, unit));

  it("an answer of unit 0 for unit 5 is none; declared, it is one", async () => {
    const strict = await tcpBench(as(0));
    const reply = await ask(strict.line, 3, 5);
    expect(reply).toMatchObject({ fault: "foreign" });
    expect(reply).toMatchObject({ detail: expect.stringContaining("tolerate: [unit]") });
    const tolerant = await tcpBench(as(0), { tolerate: ["unit"] });
    expect(brief(await ask(tolerant.line, 3, 5))).toEqual([3, 4]);
    expect(brief(await tolerant.line.exchange(5, write(7, 1), timing, "write"))).toEqual([]);
  });

  it("its exception counts as the unit's too", async () => {
    const script: TcpScript = ({ id, connection }) =>
      connection.stream.write(Uint8Array.of(id >> 8, id, 0, 0, 0, 3, 0, 0x83, 2));
    const { line } = await tcpBench(script, { tolerate: ["unit"] });
    expect(await ask(line, 3, 5)).toMatchObject({ fault: "exception", exception: 2 });
  });

  const numberless: TcpScript = (seen) => seen.connection.stream.write(toTcp(0, answerOf(seen)));

  it("an answer without its transaction number is none, and the fault says how to declare it", async () => {
    const { line } = await tcpBench(numberless);
    const reply = await ask(line, 3);
    expect(reply).toMatchObject({ fault: "timeout" });
    expect(reply).toMatchObject({ detail: expect.stringContaining("tolerate: [transaction]") });
  });

  it("declared, every question has a connection of its own, and a late answer dies with it", async () => {
    const late: TcpScript = async (seen, clock) => {
      if (seen.request.address === 100) await clock.sleep(400);
      await numberless(seen, clock);
    };
    const { clock, line, connections } = await tcpBench(late, { tolerate: ["transaction"] });
    expect(brief(await ask(line, 1))).toEqual([1, 2]);
    expect(brief(await ask(line, 100))).toBe("timeout");
    for (let n = 2; n < 20; n++) {
      expect(brief(await ask(line, n))).toEqual([n, n + 1]);
      await clock.sleep(30);
    }
    expect(connections.every(({ seen }) => seen.length === 1)).toBe(true);
  });
});

function answerOf({ unit, request }: TcpSeen): Uint8Array {
  const count = request.kind === "read" ? request.count : 0;
  const words = Array.from({ length: count }, (_, i) => request.address + i);
  return encodeReply(unit, request, words);
}

describe("the timing of a device", () => {
  it("its pause is kept from its answer to the next request to it, and holds up no other unit", async () => {
    const { clock, line, connections } = await tcpBench(honestTcp);
    const slow = { ...timing, pauseMs: 80 };
    await line.exchange(1, read(0), slow, "fast");
    await line.exchange(2, read(0), timing, "fast");
    expect(clock.elapsed()).toBe(0);
    await line.exchange(1, write(7, 0), slow, "stop");
    expect(connections[0]!.seen.map(({ unit, at }) => [unit, at])).toEqual([
      [1, 0],
      [2, 0],
      [1, 80],
    ]);
  });

  it("a unit that answers slower than its turnaround is named with the figure to write", async () => {
    const { line, clock } = await tcpBench(async (seen, c) => {
      await c.sleep(seen.unit === 5 ? 140 : 20);
      answer(seen);
    });
    for (let n = 0; n < 3; n++) for (const unit of [1, 5]) await ask(line, n, unit);
    expect(clock.elapsed()).toBeGreaterThan(0);
    expect(slowInWords(line.statistics.slow)).toEqual([
      "unit 5 answers after up to 140 ms, its turnaround says 50 ms: turnaround: 170 ms",
    ]);
  });

  it("so is one whose answers all come too late", async () => {
    const { line, clock } = await tcpBench(async (seen, c) => {
      await c.sleep(seen.unit === 5 ? 300 : 0);
      answer(seen);
    });
    await ask(line, 0);
    for (let n = 0; n < 3; n++) {
      expect(brief(await ask(line, n, 5))).toBe("timeout");
      await clock.sleep(200);
      await ask(line, n);
    }
    expect(slowInWords(line.statistics.slow)).toEqual([
      "unit 5 answers after up to 300 ms, its turnaround says 50 ms: turnaround: 360 ms",
    ]);
  });
});
