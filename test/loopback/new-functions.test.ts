import { afterEach, describe, expect, it } from "vitest";
import type { WriteRequest } from "../../src/device/request.js";
import { asciiPair, type Bench, held, kinds, openBench, read, timing, write } from "./all-lines.js";

const open: Bench[] = [];

afterEach(async () => {
  for (const bench of open.splice(0)) await bench.close();
});

async function on(
  kind: Parameters<typeof openBench>[0],
  skip: (why: string) => void,
  faults: Parameters<typeof openBench>[1] = {},
): Promise<Bench> {
  const bench = await openBench(kind, faults);
  if (typeof bench === "string") {
    skip(bench);
    throw new Error(bench);
  }
  open.push(bench);
  return bench;
}

const registers = { kind: "write", table: "holding", address: 3 } as const;
const masked: WriteRequest = { ...registers, values: [0x0f0f], single: true, mask: 0x00ff };
const both: WriteRequest = {
  ...{ ...registers, values: [7, 8], single: false },
  reads: { address: 2, count: 4 },
};

describe.each([...kinds, asciiPair] as const)("over a %s", (kind) => {
  it("function 22 changes the bits it names and no others", async ({ skip }) => {
    const bench = await on(kind, skip);
    const before = held(1, 3);
    expect(await bench.line.exchange(1, masked, timing, "write")).toMatchObject({ ok: true });
    const after = await read(bench, 3, 1);
    expect(after.ok && Array.from(after.words)).toEqual([(before & 0xff00) | 0x0f]);
  });

  it("function 23 answers with what its registers hold after the write", async ({ skip }) => {
    const bench = await on(kind, skip);
    const reply = await bench.line.exchange(1, both, timing, "write");
    expect(reply.ok && Array.from(reply.words)).toEqual([held(1, 2), 7, 8, held(1, 5)]);
  });
});

describe("Modbus ASCII over a serial pair", () => {
  it("reads, writes and is refused as on any other line", async ({ skip }) => {
    const bench = await on(asciiPair, skip);
    const reply = await read(bench, 0, 3, 2);
    expect(reply.ok && Array.from(reply.words)).toEqual([held(2, 0), held(2, 1), held(2, 2)]);
    expect(await write(bench, 5, 77)).toMatchObject({ ok: true });
    expect(await write(bench, 39, 1)).toMatchObject({ fault: "exception", exception: 2 });
    const sent = bench.line.recent.map(({ bytes }) => Buffer.from(bytes).toString("latin1"));
    expect(sent[0]).toMatch(/^:02030000000[0-9A-F]{3}\r\n$/);
  });

  it("an answer whose LRC does not fit is damaged, and a read is asked once more", async ({
    skip,
  }) => {
    const bench = await on(asciiPair, skip, { crcShare: 1 });
    expect(await read(bench, 0)).toMatchObject({ ok: false, fault: "crc" });
    expect(bench.line.statistics).toMatchObject({ crc: 2, retries: 1 });
  });

  it("nobody who does not answer is taken for somebody", async ({ skip }) => {
    const bench = await on(asciiPair, skip);
    expect(await read(bench, 0, 1, 9)).toMatchObject({ ok: false, fault: "timeout" });
    bench.faults.wrongUnitShare = 1;
    expect(await read(bench, 0)).toMatchObject({ ok: false, fault: "foreign" });
  });

  it("an answer that is late is not taken for the answer to the next question", async ({
    skip,
  }) => {
    const bench = await on(asciiPair, skip, { lateShare: 1, lateMs: 500 });
    const lost = await read(bench, 0);
    expect(lost.ok).toBe(false);
    bench.faults.lateShare = 0;
    const next = await read(bench, 10);
    if (next.ok) expect(Array.from(next.words)).toEqual([held(1, 10), held(1, 11)]);
    const later = await read(bench, 20);
    expect(later.ok && Array.from(later.words)).toEqual([held(1, 20), held(1, 21)]);
  });
});
