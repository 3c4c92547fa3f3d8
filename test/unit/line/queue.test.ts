import { describe, expect, it } from "vitest";
import type { Request } from "../../../src/device/request.js";
import { type Lane, newStatistics, type Reply, type Transport } from "../../../src/line/line.js";
import { LineQueue } from "../../../src/line/queue.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { brief, read, timing, write } from "./scripted.js";

/** Every exchange takes 10 ms and is noted when it starts; the words name unit and address. */
class SlowTransport implements Transport {
  readonly statistics = newStatistics();
  readonly started: string[] = [];
  hurries = 0;
  running = 0;
  closed = false;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  async exchange(unit: number, request: Request): Promise<Reply> {
    this.started.push(`${unit}:${request.address}`);
    expect(++this.running).toBe(1);
    await this.#clock.sleep(10);
    this.running--;
    const at = this.#clock.elapsed();
    if (this.closed) return { ok: false, fault: "closed", detail: "closed", at };
    return { ok: true, words: [unit, request.address], at };
  }

  hurry(letEnd: boolean): void {
    if (letEnd) return;
    this.hurries++;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

function bench() {
  const clock = new VirtualClock(0);
  const transport = new SlowTransport(clock);
  return { clock, transport, line: new LineQueue("test", transport, clock) };
}

describe("the queue of a line", () => {
  it("serves lanes in their order and each lane first come, first served", async () => {
    const { line, transport } = bench();
    const ask = (lane: Lane, address: number) => line.exchange(1, read(address), timing, lane);
    const order: [Lane, number][] = [
      ["slow", 0],
      ["probe", 50],
      ["slow", 40],
      ["fast", 30],
      ["fast", 31],
      ["write", 20],
      ["stop", 10],
      ["stop", 11],
    ];
    await Promise.all(order.map(([lane, address]) => ask(lane, address)));
    const expected = ["1:0", "1:10", "1:11", "1:20", "1:30", "1:31", "1:40", "1:50"];
    expect(transport.started).toEqual(expected);
  });

  it("hurries the exchange in flight when a stop comes, but not for another stop", async () => {
    const { line, transport } = bench();
    const poll = line.exchange(1, read(0), timing, "fast");
    const first = line.exchange(1, write(1, 0), timing, "stop");
    expect(transport.hurries).toBe(1);
    await poll;
    const second = line.exchange(1, write(2, 0), timing, "stop");
    expect(transport.hurries).toBe(1);
    await Promise.all([first, second]);
  });

  it("lets identical waiting reads share one exchange, moved up to the more pressing lane", async () => {
    const { line, transport } = bench();
    const busy = line.exchange(1, read(0), timing, "fast");
    const slow = line.exchange(1, read(5), timing, "slow");
    const other = line.exchange(1, read(6), timing, "fast");
    const fast = line.exchange(1, read(5), timing, "write");
    const replies = await Promise.all([busy, slow, other, fast]);
    expect(transport.started).toEqual(["1:0", "1:5", "1:6"]);
    expect(replies[1]).toBe(replies[3]);
  });

  it("does not share the exchange in flight, other counts, or writes", async () => {
    const { line, transport } = bench();
    await Promise.all([
      line.exchange(1, read(5, 2), timing, "fast"),
      line.exchange(1, read(5, 2), timing, "fast"),
      line.exchange(1, read(5, 3), timing, "fast"),
      line.exchange(2, read(5, 2), timing, "fast"),
      line.exchange(1, write(5, 1), timing, "write"),
      line.exchange(1, write(5, 1), timing, "write"),
    ]);
    expect(transport.started.length).toBe(6);
  });

  it("lets a second identical stop share the first's reply and drops none that differs", async () => {
    const { line, transport } = bench();
    const replies = await Promise.all([
      line.exchange(1, read(0), timing, "fast"),
      line.exchange(1, write(9, 0), timing, "stop"),
      line.exchange(1, write(9, 0), timing, "stop"),
      line.exchange(1, write(9, 6), timing, "stop"),
    ]);
    expect(replies.every((r) => r.ok)).toBe(true);
    expect(transport.started).toEqual(["1:0", "1:9", "1:9"]);
  });

  it("withdraws writes to the same unit that still wait when a stop comes, and nobody else's", async () => {
    const { line, transport } = bench();
    const poll = line.exchange(1, read(0), timing, "fast");
    const run = line.exchange(1, write(2, 5), timing, "write");
    const neighbour = line.exchange(2, write(3, 5), timing, "write");
    const stop = line.exchange(1, write(2, 0), timing, "stop");
    await Promise.all([poll, stop, neighbour]);
    expect(await run).toMatchObject({ ok: false, fault: "cut" });
    expect(transport.started).toEqual(["1:0", "1:2", "2:3"]);
  });

  it("measures how long the slowest stop took", async () => {
    const { line } = bench();
    const poll = line.exchange(1, read(0), timing, "fast");
    await line.exchange(1, write(9, 0), timing, "stop");
    await poll;
    expect(line.statistics.stopLatency.max).toBe(20);
    await line.exchange(1, write(9, 0), timing, "stop");
    expect(line.statistics.stopLatency.max).toBe(20);
  });

  it("does not let a lane starve below a saturated one", async () => {
    const { line, clock } = bench();
    let over = false;
    const saturate = async (unit: number) => {
      while (!over) await line.exchange(unit, read(0), timing, "fast");
    };
    const load = [saturate(1), saturate(2), saturate(3)];
    const reply = await line.exchange(9, read(0), timing, "probe");
    over = true;
    expect(reply.ok).toBe(true);
    expect(clock.elapsed()).toBeLessThan(1100);
    await Promise.all(load);
  });

  it("settles everything with `closed` when it is closed, and later exchanges too", async () => {
    const { line, transport } = bench();
    const replies = [0, 1, 2].map((a) => line.exchange(1, read(a), timing, "fast"));
    replies.push(line.exchange(1, write(3, 0), timing, "stop"));
    await line.close();
    replies.push(line.exchange(1, read(4), timing, "fast"));
    expect((await Promise.all(replies)).map(brief)).toEqual(Array(5).fill("closed"));
    expect(transport.started).toEqual(["1:0"]);
  });

  it("lets one read go between stops that have had the line for a tenth of a second", async () => {
    const { line, clock, transport } = bench();
    let over = false;
    const repeat = async (address: number) => {
      while (!over) await line.exchange(1, write(address, 0), timing, "stop");
    };
    const stops = [repeat(1), repeat(2)];
    let readings = 0;
    for (; clock.elapsed() < 1000; readings++) {
      await line.exchange(1, read(7), timing, "fast");
    }
    over = true;
    await Promise.all(stops);
    const reads = transport.started.filter((what) => what === "1:7").length;
    expect(reads).toBe(readings);
    expect(readings).toBeGreaterThanOrEqual(8);
    expect(readings).toBeLessThanOrEqual(10);
  });

  it("does not cut that read for the next stop, and cuts reads again once the stops are over", async () => {
    const { line, clock, transport } = bench();
    for (let n = 0; n < 11; n++) await line.exchange(1, write(1, 0), timing, "stop");
    const between = line.exchange(1, read(7), timing, "fast");
    const stop = line.exchange(1, write(1, 0), timing, "stop");
    await Promise.all([between, stop]);
    expect(transport.hurries).toBe(0);
    await clock.sleep(500);
    const later = line.exchange(1, read(7), timing, "fast");
    await Promise.all([later, line.exchange(1, write(1, 0), timing, "stop")]);
    expect(transport.hurries).toBe(1);
  });

  it("lives on when its transport has a defect", async () => {
    const { line, transport } = bench();
    const honest = transport.exchange;
    transport.exchange = () => Promise.reject(new Error("defect"));
    const broken = line.exchange(1, read(0), timing, "fast");
    const next = line.exchange(1, read(1), timing, "fast");
    transport.exchange = honest;
    await expect(broken).rejects.toThrow("defect");
    expect(brief(await next)).toEqual([1, 1]);
  });
});
