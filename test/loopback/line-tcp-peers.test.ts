/** Modbus TCP servers as the field reports them, hand-written, over real sockets. */

import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { RealClock } from "../../src/base/clock.js";
import { encodeReply, parseRequestBody, toTcp } from "../../src/device/rtu-frame.js";
import type { Line } from "../../src/line/line.js";
import { openLine } from "../../src/line/open.js";

const clock = new RealClock();
const timing = { turnaroundMs: 100, silenceMs: 0 };
const servers: Server[] = [];
const lines: Line[] = [];

type Peer = { written: number[]; connections: number; address: string };

/** Registers hold their own address; what is written is noted. `answers` says whether, and ends what it likes. */
async function serve(answers: (socket: Socket, ageMs: number) => boolean, host = "127.0.0.1") {
  const peer: Peer = { written: [], connections: 0, address: "" };
  const server = createServer((socket) => {
    peer.connections++;
    const openedAt = clock.elapsed();
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      const parsed = parseRequestBody(bytes.subarray(6));
      if (!parsed.ok) throw new Error(parsed.problem);
      const { unit, request } = parsed;
      const count = request.kind === "read" ? request.count : 0;
      const words = Array.from({ length: count }, (_, i) => request.address + i);
      if (request.kind === "write") peer.written.push(request.values[0]!);
      const answer = toTcp(bytes.readUInt16BE(0), encodeReply(unit, request, words));
      if (!answers(socket, clock.elapsed() - openedAt)) return;
      socket.write(answer, () => closing.has(server) && socket.end());
    });
  });
  server.listen(0, host);
  await once(server, "listening");
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  peer.address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return { peer, server };
}

/** Servers that hang up after each answer. */
const closing = new Set<Server>();

async function open(address: string): Promise<Line> {
  const line = await openLine("test", { tcp: address }, clock);
  lines.push(line);
  return line;
}

async function value(line: Line, address: number, unit = 1): Promise<number | string> {
  const request = { kind: "read", table: "holding", address, count: 1 } as const;
  const reply = await line.exchange(unit, request, timing, "fast");
  return reply.ok ? reply.words[0]! : reply.fault;
}

function put(line: Line, word: number) {
  const head = { kind: "write", table: "holding", single: true } as const;
  return line.exchange(1, { ...head, address: 7, values: [word] }, timing, "write");
}

afterEach(async () => {
  await Promise.all(lines.splice(0).map((line) => line.close()));
  for (const server of servers.splice(0)) server.close();
});

describe("a Modbus TCP server of the field", () => {
  it("that hangs up after each answer is read and written without a loss (L6)", async () => {
    const { peer, server } = await serve(() => true);
    closing.add(server);
    const line = await open(peer.address);
    for (let n = 0; n < 30; n++) expect(await value(line, n)).toBe(n);
    for (let n = 0; n < 30; n++) expect(await put(line, n)).toMatchObject({ ok: true });
    expect(peer.written).toEqual(Array.from({ length: 30 }, (_, n) => n));
    expect(line.statistics).toMatchObject({ ok: 60, timeouts: 0 });
  });

  it("that swallows requests for a second after connecting gets there (L7)", async () => {
    const { peer } = await serve((_socket, ageMs) => ageMs >= 1000);
    const line = await open(peer.address);
    for (let n = 0; n < 14; n++) expect(await value(line, n)).toBe(n);
    expect(peer.connections).toBe(1);
  });

  // By its IPv6 address as well, on a machine that has one.
  const loopbacks = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const hosts = [
    "127.0.0.1",
    ...loopbacks.map(({ address }) => address).filter((a) => a === "::1"),
  ];

  it.each(hosts)("with unit 0 or 255 at %s is read as any other (L10)", async (host) => {
    const { peer } = await serve(() => true, host);
    const line = await open(peer.address);
    for (const unit of [0, 1, 255]) expect(await value(line, 40 + unit, unit)).toBe(40 + unit);
  });
});
