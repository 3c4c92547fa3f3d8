/** What every line promises, whatever carries it: one suite, all transports. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Reply } from "../../src/line/line.js";
import { type Bench, held, kinds, openBench, read, sumOfEnds, timing, write } from "./all-lines.js";

const seen = (reply: Reply) => {
  if (reply.ok) return [...reply.words];
  return reply.fault === "exception" ? `exception ${reply.exception}` : reply.fault;
};

describe.each(kinds)("a line that is %s", (kind) => {
  let bench: Bench;

  beforeEach(async ({ skip }) => {
    const opened = await openBench(kind);
    if (typeof opened === "string") return skip(opened);
    bench = opened;
  });

  afterEach(async () => {
    await bench?.close();
  });

  it("reads registers and bits of the unit that was asked", async () => {
    expect(seen(await read(bench, 5, 3))).toEqual([held(1, 5), held(1, 6), held(1, 7)]);
    expect(seen(await read(bench, 5, 1, 2))).toEqual([held(2, 5)]);
    bench.devices.get(2)!.set("c3", 1);
    const coils = { kind: "read", table: "coil", address: 0, count: 8 } as const;
    const reply = await bench.line.exchange(2, coils, timing, "slow");
    expect(seen(reply)).toEqual([0, 0, 0, 1, 0, 0, 0, 0]);
  });

  it("reads all forty registers at once", async () => {
    const all = Array.from({ length: 40 }, (_, i) => held(2, i));
    expect(seen(await read(bench, 0, 40, 2))).toEqual(all);
  });

  it("writes one or many, registers or bits, to that unit alone", async () => {
    expect(seen(await write(bench, 4, 0xffff))).toEqual([]);
    const many = { kind: "write", table: "holding", address: 6, single: false } as const;
    const lane = "write" as const;
    expect(seen(await bench.line.exchange(1, { ...many, values: [1, 2] }, timing, lane))).toEqual(
      [],
    );
    const bits = {
      kind: "write",
      table: "coil",
      address: 1,
      single: false,
      values: [1, 1],
    } as const;
    expect(seen(await bench.line.exchange(1, bits, timing, lane))).toEqual([]);
    const bit = { kind: "write", table: "coil", address: 1, single: true, values: [0] } as const;
    expect(seen(await bench.line.exchange(1, bit, timing, lane))).toEqual([]);
    const [one, two] = [bench.devices.get(1)!, bench.devices.get(2)!];
    expect([one.get("r4"), one.get("r6"), one.get("r7")]).toEqual([0xffff, 1, 2]);
    expect([one.get("c1"), one.get("c2")]).toEqual([0, 1]);
    expect([two.get("r4"), two.get("c2")]).toEqual([held(2, 4), 0]);
  });

  it("gives a refusal with the device's code, and nothing is changed", async () => {
    expect(seen(await write(bench, 39, 5))).toBe("exception 2");
    expect(seen(await read(bench, 39, 2))).toBe("exception 2");
    expect(bench.devices.get(1)!.get("r39")).toBe(held(1, 39));
    expect(bench.line.statistics).toMatchObject({ exchanges: 2, ok: 0, exceptions: 2 });
  });

  it("tells silence by a timeout, and its neighbours are not disturbed", async () => {
    bench.devices.get(1)!.silent = true;
    expect(seen(await read(bench, 5))).toBe("timeout");
    expect(seen(await read(bench, 5, 2, 2))).toEqual([held(2, 5), held(2, 6)]);
    bench.devices.get(1)!.silent = false;
    expect(seen(await read(bench, 8))).toEqual([held(1, 8), held(1, 9)]);
  });

  it("keeps apart what is asked at the same time", async () => {
    const asked = Array.from({ length: 30 }, (_, i) => ({ unit: 1 + (i % 2), address: i }));
    const replies = await Promise.all(asked.map((a) => read(bench, a.address, 2, a.unit)));
    const wanted = asked.map((a) => [held(a.unit, a.address), held(a.unit, a.address + 1)]);
    expect(replies.map(seen)).toEqual(wanted);
  });

  it("lets a stop overtake what waits, and withdraws writes to that unit", async () => {
    const order: string[] = [];
    const note = (name: string) => (reply: Reply) => {
      order.push(`${name} ${reply.ok ? "ok" : reply.fault}`);
    };
    const all = [
      read(bench, 1).then(note("read")),
      write(bench, 2, 5).then(note("write")),
      read(bench, 3).then(note("later read")),
      write(bench, 2, 0, "stop").then(note("stop")),
    ];
    await Promise.all(all);
    expect(order.indexOf("stop ok")).toBeLessThan(order.indexOf("later read ok"));
    expect(order).toContain("write cut");
    expect(bench.devices.get(1)!.get("r2")).toBe(0);
  });

  it("counts every attempt once and gives times that rise", async () => {
    const replies = [await read(bench, 1), await write(bench, 39, 1), await read(bench, 2, 2, 2)];
    const { exchanges, retries, ok, exceptions } = bench.line.statistics;
    expect([ok, exceptions]).toEqual([2, 1]);
    expect(sumOfEnds(bench)).toBe(exchanges + retries);
    const times = replies.map(({ at }) => at);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
  });

  it("settles everything with closed once it is closed", async () => {
    const waiting = [read(bench, 1), read(bench, 3, 2, 2), write(bench, 4, 9)];
    await bench.line.close();
    for (const reply of await Promise.all(waiting))
      expect(reply.ok ? "ok" : reply.fault).toBe("closed");
    expect(seen(await read(bench, 1))).toBe("closed");
    expect(seen(await write(bench, 4, 0, "stop"))).toBe("closed");
    expect(bench.devices.get(1)!.get("r4")).not.toBe(0);
  });
});
