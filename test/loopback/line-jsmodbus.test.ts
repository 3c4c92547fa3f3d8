import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { server as jsmodbus } from "jsmodbus";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RealClock } from "../../src/base/clock.js";
import type { Request, Table } from "../../src/device/request.js";
import type { Line, Reply } from "../../src/line/line.js";
import { openLine } from "../../src/line/open.js";

/** Answers come; the one that is refused is waited for this long. */
const timing = { turnaroundMs: 1000, silenceMs: 0 };
const net = createServer();
const memory = {
  coils: Buffer.alloc(32),
  discrete: Buffer.alloc(32),
  holding: Buffer.alloc(512),
  input: Buffer.alloc(512),
};
let line: Line;

function exchange(request: Request): Promise<Reply> {
  return line.exchange(1, request, timing, "fast");
}

async function read(table: Table, address: number, count: number): Promise<unknown> {
  const reply = await exchange({ kind: "read", table, address, count });
  return reply.ok ? [...reply.words] : reply;
}

async function write(table: "coil" | "holding", address: number, ...values: number[]) {
  const reply = await exchange({
    kind: "write",
    table,
    address,
    values,
    single: values.length === 1,
  });
  return reply.ok || reply;
}

beforeAll(async () => {
  new jsmodbus.TCP(net, memory);
  net.listen(0, "127.0.0.1");
  await once(net, "listening");
  const { port } = net.address() as AddressInfo;
  line = await openLine("peer", { tcp: `127.0.0.1:${port}` }, new RealClock());
});

afterAll(async () => {
  await line.close();
  net.close();
});

describe("our line against jsmodbus as a server, an implementation that is not ours", () => {
  it("reads registers of both tables", async () => {
    memory.holding.writeUInt16BE(0xbeef, 20);
    memory.holding.writeUInt16BE(0x0102, 22);
    memory.input.writeUInt16BE(0x8001, 6);
    expect(await read("holding", 10, 2)).toEqual([0xbeef, 0x0102]);
    expect(await read("input", 3, 1)).toEqual([0x8001]);
    expect(await read("holding", 0, 125)).toHaveLength(125);
  });

  it("reads bits of both tables", async () => {
    memory.coils[0] = 0b1010_0101;
    memory.coils[1] = 0b0000_0010;
    memory.discrete[0] = 0b0001_1000;
    expect(await read("coil", 0, 10)).toEqual([1, 0, 1, 0, 0, 1, 0, 1, 0, 1]);
    expect(await read("discrete", 3, 2)).toEqual([1, 1]);
  });

  it("writes registers and bits, one and many", async () => {
    expect(await write("holding", 30, 0xabcd)).toBe(true);
    expect(await write("holding", 31, 1, 2, 65_535)).toBe(true);
    expect(await read("holding", 30, 4)).toEqual([0xabcd, 1, 2, 65_535]);
    expect(await write("coil", 40, 1)).toBe(true);
    expect(await write("coil", 41, 1, 0, 1, 1, 0, 0, 0, 0, 1)).toBe(true);
    expect(await read("coil", 40, 10)).toEqual([1, 1, 0, 1, 1, 0, 0, 0, 0, 1]);
  });

  it("gives its exception for an address it does not have", async () => {
    expect(await write("holding", 400, 1)).toMatchObject({ fault: "exception", exception: 2 });
  });

  it("refuses the short data it sends for a read that runs beyond its memory", async () => {
    expect(await read("holding", 254, 4)).toMatchObject({ fault: "length" });
  });
});
