import { describe, expect, it } from "vitest";
import type { Request } from "../../../src/device/request.js";
import { encodeException, encodeReply, encodeRequest } from "../../../src/device/rtu-frame.js";
import { brief, honest, read, rtuBench, type Script, timing, write } from "./scripted.js";

const one = (address: number): Request => ({ kind: "read", table: "holding", address, count: 1 });

/** The other master's question of L4 and its answer, which no register of ours holds. */
const foreign = encodeRequest(1, one(0x1002));
const foreignAnswer = encodeReply(1, one(0x1002), [0x15b3]);

describe("another master on an RTU line", () => {
  it("L4: is counted and named, and no answer near its request is taken for ours", async () => {
    const { line, slave, statistics } = await rtuBench(async (seen, n, send, clock) => {
      if (n % 7 === 3) {
        send(foreign);
        send(foreignAnswer);
        await clock.sleep(15);
      }
      send(honest(seen));
    });
    let good = 0;
    for (let n = 0; n < 38; n++) {
      const reply = await line.exchange(1, one(0x1003 + (n % 4)), timing, "fast");
      if (!reply.ok) continue;
      good++;
      expect([...reply.words]).toEqual([0x1003 + (n % 4)]);
    }
    expect(statistics.otherMaster).toBe(Math.ceil((slave.seen.length - 3) / 7));
    expect(good).toBeGreaterThan(30);
    const named = line.recent.filter(({ verdict }) => verdict.startsWith("another master"));
    expect(named[0]!.verdict).toBe("another master: read holding 4098 1");
  });

  it("takes nothing that came while it asked, also from another unit and in another form", async () => {
    const { line, statistics } = await rtuBench((seen, n, send) => {
      if (n > 0 && n < 20) send(encodeRequest(9, read(0, 20)));
      send(honest(seen));
    });
    expect(brief(await line.exchange(1, read(5), timing, "fast"))).toEqual([5, 6]);
    expect(brief(await line.exchange(1, read(5), timing, "fast"))).toBe("stale");
    expect(statistics).toMatchObject({ ok: 1, stale: 1 });
  });

  it("does not take its answer for ours when it asked just before us", async () => {
    let before = true;
    const { line, clock, wires } = await rtuBench(async (seen, _n, send) => {
      if (before) send(foreignAnswer);
      before = false;
      await clock.sleep(15);
      send(honest(seen));
    });
    wires[0]!.write(foreign);
    await clock.sleep(1);
    const reply = await line.exchange(1, one(7), timing, "fast");
    expect(brief(reply)).toEqual([7]);
  });

  it("does not take its answer for ours when its request came in one piece with our answer before", async () => {
    const { line, statistics } = await rtuBench(async (seen, n, send, clock) => {
      if (n === 0) return send([...honest(seen), ...foreign]);
      send(foreignAnswer);
      await clock.sleep(15);
      send(honest(seen));
    });
    expect(brief(await line.exchange(1, one(7), timing, "fast"))).toEqual([7]);
    expect(brief(await line.exchange(1, one(8), timing, "fast"))).toEqual([8]);
    expect(statistics.otherMaster).toBe(1);
  });

  it("does not take its answer for ours when its request came in two pieces, ours in between", async () => {
    const { line, clock, wires, statistics } = await rtuBench(async (seen, n, send, c) => {
      if (n === 0) {
        for (const piece of [foreign.subarray(3), foreignAnswer]) send(piece);
        await c.sleep(15);
      }
      send(honest(seen));
    });
    wires[0]!.write(foreign.subarray(0, 3));
    await clock.sleep(10);
    expect(brief(await line.exchange(1, one(7), timing, "fast"))).toEqual([7]);
    expect(statistics.otherMaster).toBe(1);
  });

  it("is heard also while nothing is asked, and when it writes", async () => {
    const { line, clock, wires, statistics } = await rtuBench((seen, _n, send) =>
      send(honest(seen)),
    );
    await line.exchange(1, read(0), timing, "fast");
    for (const request of [write(3, 9), write(3, 9, 9), read(0, 4)]) {
      wires[0]!.write(encodeRequest(2, request));
      await clock.sleep(50);
    }
    expect(statistics.otherMaster).toBe(3);
  });

  it("is not seen in late confirmations, nor in answers that look like requests", async () => {
    const bits: Request = { kind: "read", table: "coil", address: 0x300, count: 24 };
    const { line, clock, statistics } = await rtuBench(async (seen, n, send, c) => {
      if (n === 1) await c.sleep(400);
      // 24 bits whose answer is byte for byte a read request of 16 bits.
      if (seen.request.kind === "read" && seen.request.table === "coil") {
        const looks = Array.from({ length: seen.request.count }, (_, i) => +(i === 20));
        return send(encodeReply(1, seen.request, looks));
      }
      send(honest(seen));
    });
    await line.exchange(1, read(0), timing, "fast");
    expect(brief(await line.exchange(1, write(7, 5), timing, "write"))).toBe("timeout");
    await clock.sleep(1000);
    expect(brief(await line.exchange(1, bits, timing, "fast"))).toHaveLength(24);
    expect(statistics.otherMaster).toBe(0);
  });

  it("is not seen in what a device confirms wrongly: another place, or as another unit", async () => {
    const { line, statistics } = await rtuBench((seen, n, send) => {
      if (n === 1) send(honest({ ...seen, request: write(8, 5) }));
      else send(honest({ ...seen, unit: n === 2 ? 3 : 1 }));
    });
    await line.exchange(1, read(0), timing, "fast");
    expect(brief(await line.exchange(1, write(7, 5), timing, "write"))).toBe("echo");
    expect(brief(await line.exchange(1, write(7, 6), timing, "write"))).toBe("foreign");
    expect(statistics.otherMaster).toBe(0);
  });

  it("is not taken for an echo when it asks what we have just asked", async () => {
    const { line, statistics } = await rtuBench(async (seen, n, send, clock) => {
      if (n === 3) {
        send(encodeRequest(1, seen.request));
        send(encodeReply(1, seen.request, [4711, 4711]));
        await clock.sleep(10);
      }
      send(honest(seen));
    });
    for (let n = 0; n < 8; n++) {
      const reply = await line.exchange(1, read(n), timing, "fast");
      if (reply.ok) expect([...reply.words]).toEqual([n, n + 1]);
    }
    expect(statistics).toMatchObject({ otherMaster: 1, localEcho: 0 });
  });
});

/** An adapter that gives back what is sent, before a device that does as `then` says. */
function echoing(then: Script): Script {
  return (seen, n, send, clock) => {
    send(encodeRequest(seen.unit, seen.request));
    return then(seen, n, send, clock);
  };
}

const answers: Script = (seen, _n, send) => send(honest(seen));
const refuses: Script = ({ unit, request }, _n, send) => {
  if (request.kind === "write") send(encodeException(unit, request.single ? 6 : 16, 4));
  else send(encodeReply(unit, request, [1, 2].slice(0, request.count)));
};
const isMute: Script = ({ request }, n, send, clock) => {
  if (request.kind === "read") return answers({ unit: 1, request, at: 0 }, n, send, clock);
};

const lateMs = 20_000;

/** Queues every question and answers each so long after the one before. */
function alwaysLate(): Script {
  let free: Promise<void> = Promise.resolve();
  return (seen, _n, send, clock) => {
    free = free.then(() => clock.sleep(lateMs)).then(() => send(honest(seen)));
  };
}

/**
 * Sends three writes to a device that has been always late since it was asked `prompt` questions, the
 * last just before it confirms the first of them: is the last one taken for confirmed?
 */
async function confirmedByAnother(
  { line, clock, slave }: Awaited<ReturnType<typeof rtuBench>>,
  prompt: number,
): Promise<boolean> {
  await line.exchange(1, write(9, 1, 1), timing, "write");
  const nth = slave.seen.length - prompt;
  await line.exchange(1, write(7, 5), timing, "write");
  await clock.sleep(lateMs * nth - 1 - clock.elapsed());
  return (await line.exchange(1, write(9, 2, 2), timing, "stop")).ok;
}

describe("an adapter that echoes", () => {
  it("is learnt from the first read, counted, and spoils nothing", async () => {
    const { line, statistics } = await rtuBench(echoing(answers));
    for (let n = 0; n < 5; n++) {
      expect(brief(await line.exchange(1, read(n), timing, "fast"))).toEqual([n, n + 1]);
    }
    expect(brief(await line.exchange(1, write(7, 5), timing, "write"))).toEqual([]);
    expect(brief(await line.exchange(1, write(7, 5, 6), timing, "write"))).toEqual([]);
    expect(statistics).toMatchObject({ ok: 7, localEcho: 7, staleBytes: 0, otherMaster: 0 });
  });

  it("L5: its echo never confirms a write that the device refuses or does not answer", async () => {
    const refused = await rtuBench(echoing(refuses));
    await refused.line.exchange(1, read(0), timing, "fast");
    for (let n = 0; n < 68; n++) {
      const reply = await refused.line.exchange(1, write(0x2000, 5), timing, "stop");
      expect(reply).toMatchObject({ ok: false, fault: "exception", exception: 4 });
    }
    const mute = await rtuBench(echoing(isMute));
    await mute.line.exchange(1, read(0), timing, "fast");
    expect(brief(await mute.line.exchange(1, write(7, 5), timing, "stop"))).toBe("timeout");
  });

  it("L5: nor do the echoes of all its repetitions that come at once", async () => {
    const sends: (() => void)[] = [];
    let frozen = false;
    const { line } = await rtuBench((seen, n, send, clock) => {
      const echo = () => send(encodeRequest(seen.unit, seen.request));
      if (frozen) {
        sends.push(echo);
        return;
      }
      for (const late of sends.splice(0)) late();
      echo();
      return isMute(seen, n, send, clock);
    });
    await line.exchange(1, read(0), timing, "fast");
    frozen = true;
    for (let n = 0; n < 3; n++) await line.exchange(1, write(7, 5), timing, "stop");
    frozen = false;
    expect(brief(await line.exchange(1, write(7, 5), timing, "stop"))).toBe("timeout");
  });

  it("L5: nor does it where the first thing asked on the line is a write", async () => {
    const mute = await rtuBench(echoing(isMute));
    expect(brief(await mute.line.exchange(1, write(7, 5), timing, "stop"))).toBe("echo");
    const right = await rtuBench(answers);
    expect(brief(await right.line.exchange(1, write(7, 5), timing, "stop"))).toEqual([]);
    expect(brief(await right.line.exchange(1, write(7, 6), timing, "stop"))).toEqual([]);
    // One read has shown for good that nothing echoes.
    expect(right.slave.seen.length).toBe(3);
  });

  it("L5: nor where the echo that would show it comes damaged", async () => {
    for (const [damagedOnes, fault] of [
      [1, "echo"],
      [2, "stale"],
    ] as const) {
      const { line } = await rtuBench(({ unit, request }, n, send) => {
        const echo = encodeRequest(unit, request);
        if (n > 0 && n <= damagedOnes) echo[3]! ^= 1;
        send(echo);
      });
      expect(brief(await line.exchange(1, write(7, 5), timing, "stop"))).toBe(fault);
    }
  });

  it("L5: leaves a write owed that its echo seemed to confirm: its late answer passes nothing over", async () => {
    const bench = await rtuBench(echoing(alwaysLate()));
    expect(brief(await bench.line.exchange(1, write(7, 5), timing, "write"))).toBe("echo");
    expect(await confirmedByAnother(bench, 0)).toBe(false);
  });

  it("L5: leaves owed as well what it seemed to confirm where none had echoed before", async () => {
    let echoes = false;
    const late = echoing(alwaysLate());
    const bench = await rtuBench((seen, n, send, clock) =>
      (echoes ? late : answers)(seen, n, send, clock),
    );
    await bench.line.exchange(1, read(0), timing, "fast");
    echoes = true;
    await bench.line.exchange(1, write(7, 5), timing, "write");
    for (let n = 0; n < 3; n++) await bench.line.exchange(1, read(n), timing, "fast");
    expect(await confirmedByAnother(bench, 1)).toBe(false);
  });

  it("is not forgotten when a late answer comes before the echo of the next question", async () => {
    let late = () => {};
    const { line } = await rtuBench(({ unit, request }, _n, send) => {
      const known = request.kind === "read" && request.count === 1 && request.table === "holding";
      if (known) late();
      send(encodeRequest(unit, request));
      if (known) late = () => send(honest({ unit, request, at: 0 }));
    });
    for (let n = 0; n < 8; n++) {
      await line.exchange(1, one(n), timing, "fast");
      expect(brief(await line.exchange(1, write(7, 5), timing, "write"))).not.toEqual([]);
    }
  });

  it("that was declared takes a confirmation that comes once for the echo", async () => {
    const { line } = await rtuBench(answers, undefined, { localEcho: true });
    expect(brief(await line.exchange(1, read(3), timing, "fast"))).toEqual([3, 4]);
    expect(brief(await line.exchange(1, write(7, 5), timing, "write"))).toBe("timeout");
  });

  it("does not keep a stop from cutting the wait for a dead unit", async () => {
    const dead: Script = (seen, n, send, clock) => {
      if (seen.unit === 2) return answers(seen, n, send, clock);
    };
    const { line, clock, slave } = await rtuBench(echoing(dead));
    await line.exchange(2, read(0), timing, "fast");
    const slow = { turnaroundMs: 5, silenceMs: 0 };
    const poll = line.exchange(1, read(0, 120), slow, "fast");
    await clock.sleep(8);
    const stop = line.exchange(2, write(7, 0), slow, "stop");
    expect(brief(await poll)).toBe("cut");
    expect(brief(await stop)).toEqual([]);
    expect(slave.seen[2]!.at - slave.seen[1]!.at).toBeLessThan(15);
  });

  it("that takes the place of another is learnt again", async () => {
    let echoes = false;
    const { line, statistics } = await rtuBench((seen, _n, send) => {
      if (echoes) send(encodeRequest(seen.unit, seen.request));
      send(honest(seen));
    });
    const reads = async (n: number) => {
      for (let i = 0; i < n; i++) await line.exchange(1, read(i), timing, "fast");
    };
    await reads(3);
    echoes = true;
    await reads(4);
    expect(statistics.localEcho).toBeGreaterThan(0);
    expect(brief(await line.exchange(1, read(8), timing, "fast"))).toEqual([8, 9]);
    echoes = false;
    await reads(1);
    expect(brief(await line.exchange(1, write(7, 5), timing, "write"))).toEqual([]);
  });
});
