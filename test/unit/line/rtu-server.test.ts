import { describe, expect, it } from "vitest";
import { encodeException } from "../../../src/device/rtu-frame.js";
import { brief, honest, read, rtuBench, type Script, timing, write } from "./scripted.js";

type Bench = Awaited<ReturnType<typeof rtuBench>>;

/** One unit behind a serial server that works as the script says. */
async function serverBench(script: Script, pauseAfterConnectMs?: number): Promise<Bench> {
  const server = pauseAfterConnectMs === undefined ? {} : { pauseAfterConnectMs };
  const bench = await rtuBench(script, undefined, { server });
  return bench;
}

const ask = ({ line }: Bench, address: number) =>
  line.exchange(1, read(address), timing, "fast").then(brief);
const put = ({ line }: Bench, value: number) =>
  line.exchange(1, write(7, value), timing, "write").then(brief);

/** Hangs up `afterMs` after each answer; what comes in between is not answered. */
async function closing(afterMs: number): Promise<Bench> {
  let hung = -1;
  const bench: Bench = await serverBench(async (seen, _n, send, clock) => {
    const nth = bench.wires.length - 1;
    if (hung === nth) return;
    hung = nth;
    send(honest(seen));
    await clock.sleep(afterMs);
    bench.wires[nth]?.hangUp("done");
  });
  return bench;
}

describe("a serial server that hangs up after each answer (L6)", () => {
  it.each([0, 1, 10])("%d ms after it: every read is answered", async (afterMs) => {
    const bench = await closing(afterMs);
    for (let n = 0; n < 20; n++) expect(await ask(bench, n)).toEqual([n, n + 1]);
    expect(bench.statistics.stale).toBe(0);
  });

  it("a device that takes two questions for one read gets both, each over its own connection", async () => {
    let hung = -1;
    const bench: Bench = await serverBench((seen, n, send) => {
      const nth = bench.wires.length - 1;
      if (n === 1 || hung === nth) return;
      hung = nth;
      const { unit, request } = seen;
      const isOwn = request.kind === "read" && request.count === 2;
      send(isOwn ? honest(seen) : encodeException(unit, 3, 2));
      void Promise.resolve().then(() => bench.wires[nth]?.hangUp("done"));
    });
    for (let n = 0; n < 12; n++) expect(await ask(bench, n)).toEqual([n, n + 1]);
  });

  it("once the habit is known no write is lost in the hanging up", async () => {
    const bench = await closing(5);
    for (let n = 0; n < 4; n++) await ask(bench, n);
    for (let n = 0; n < 20; n++) expect(await put(bench, n)).toEqual([]);
  });

  it("a write that went out while it hung up is not sent again, also not after a read that proves it", async () => {
    const bench = await closing(1);
    await put(bench, 1);
    await put(bench, 2);
    const writes = bench.slaves.flatMap(({ seen }) => seen).map(({ request }) => request);
    const values = writes.flatMap((r) => (r.kind === "write" ? r.values : []));
    expect(values.toSorted()).toEqual([...new Set(values)].toSorted());
  });
});

/** Swallows what comes in the first moments of a connection. */
async function warming(forMs: number, statedMs?: number): Promise<Bench> {
  const openedAt: number[] = [];
  const bench: Bench = await serverBench((seen, _n, send, clock) => {
    const nth = bench.wires.length - 1;
    openedAt[nth] ??= nth === 0 ? 0 : seen.at;
    const { unit, request } = seen;
    const isOwn = request.kind === "write" || request.count === 2;
    const answer = isOwn ? honest(seen) : encodeException(unit, 3, 2);
    if (clock.elapsed() - openedAt[nth] >= forMs) send(answer);
  }, statedMs);
  return bench;
}

describe("a serial server that swallows requests after connecting (L7)", () => {
  it("the first read is asked again until it is listened to", async () => {
    const bench = await warming(1000);
    expect(await ask(bench, 5)).toEqual([5, 6]);
    expect(bench.clock.elapsed()).toBeLessThan(1600);
    expect(bench.wires.length).toBe(1);
  });

  it("what was swallowed spoils no read afterwards, the same or another one", async () => {
    const bench = await warming(1000);
    for (const address of [5, 5, 6, 5]) {
      expect(await ask(bench, address)).toEqual([address, address + 1]);
    }
    expect(bench.statistics.stale).toBe(0);
    expect(bench.clock.elapsed()).toBeLessThan(1700);
  });

  it("with the pause stated nothing is swallowed, not even a write", async () => {
    const bench = await warming(1000, 1000);
    expect(await put(bench, 3)).toEqual([]);
    expect(bench.slaves[0]!.seen.filter(({ request }) => request.kind === "write").length).toBe(1);
  });
});

describe("a serial server that is gone without a word", () => {
  it("is dialled anew after three timeouts in a row, and reads go on", async () => {
    let dead = 0;
    const bench: Bench = await serverBench((seen, _n, send) => {
      if (bench.wires.length > dead) send(honest(seen));
    });
    expect(await ask(bench, 1)).toEqual([1, 2]);
    await bench.clock.sleep(6000);
    dead = 1;
    for (let n = 0; n < 3; n++) await ask(bench, 10 + n);
    for (let n = 0; n < 5; n++) expect(await ask(bench, 20 + n)).toEqual([20 + n, 21 + n]);
    expect(bench.wires.length).toBe(2);
    expect(bench.clock.elapsed()).toBeLessThan(9000);
  });

  it("a slow unit behind one that is there is no reason to dial: its answers would be lost", async () => {
    const bench = await serverBench(async (seen, _n, send, clock) => {
      await clock.sleep(400);
      send(honest(seen));
    });
    for (let n = 0; n < 20; n++) await ask(bench, n);
    expect(bench.wires.length).toBe(1);
  });
});

describe("an answer that comes over the fresh connection", () => {
  it("is not taken for the one to a later question: what was lost with the old one stays owed", async () => {
    const asked: number[] = [];
    const bench: Bench = await serverBench(async (seen, n, send, clock) => {
      asked.push(n);
      if (n === 1) {
        bench.wires[0]?.hangUp("done");
        // The device behind it answers all the same, into the connection that is there by then.
        await clock.sleep(30);
        const now = bench.wires.length - 1;
        bench.wires[now]?.write(honest(seen));
      } else {
        await clock.sleep(n < 4 ? 60 : 5);
        send(honest(seen));
      }
    });
    expect(await ask(bench, 1)).toEqual([1, 2]);
    for (let n = 2; n < 8; n++) {
      const got = await ask(bench, 10 * n);
      if (typeof got !== "string") expect(got).toEqual([10 * n, 10 * n + 1]);
    }
    expect(bench.wires.length).toBe(2);
    expect(asked.length).toBeGreaterThan(7);
  });
});
