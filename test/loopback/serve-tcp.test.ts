import { once } from "node:events";
import { connect, type Socket } from "node:net";
import fc from "fast-check";
import { ModbusTCPClient } from "jsmodbus";
import { afterEach, describe, expect, it } from "vitest";
import { RealClock } from "../../src/base/clock.js";
import { encodeRequest, toTcp } from "../../src/device/rtu-frame.js";
import { type Faults, noFaults } from "../../src/sim/fault.js";
import { serveTcp } from "../../src/sim/tcp-server.js";
import { exampleDevice } from "../unit/sim/example-type.js";

const clock = new RealClock();
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(faults: Partial<Faults> = {}) {
  const device = exampleDevice(1);
  const units = new Map([[1, device]]);
  const address = { host: "127.0.0.1", port: 0 };
  const server = await serveTcp(units, address, clock, { ...noFaults, ...faults });
  closers.push(() => server.close());
  return { device, server };
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  closers.push(() => socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** jsmodbus 5: somebody else's client. */
async function jsmodbus(port: number, unit = 1) {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  closers.push(() => socket.destroy());
  const client = new ModbusTCPClient(socket, unit, 2000);
  await once(socket, "connect");
  return client;
}

/** Collects bytes until there are `count`; fewer when the peer ends before. */
async function take(socket: Socket, count: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  const closed = once(socket, "close").then(() => undefined);
  while (length < count) {
    const part = await Promise.race([once(socket, "data"), closed]);
    if (part === undefined) break;
    parts.push(part[0] as Buffer);
    length += parts.at(-1)!.length;
  }
  return Buffer.concat(parts);
}

/** One more client: dials, reads, goes. */
async function probe(port: number): Promise<string> {
  const socket = await dial(port);
  socket.write(readFrame(1));
  const reply = await take(socket, 13);
  socket.destroy();
  return reply.toString("hex");
}

const readTwo = { kind: "read", table: "holding", address: 100, count: 2 } as const;
const readFrame = (transaction: number, unit = 1) =>
  toTcp(transaction, encodeRequest(unit, readTwo));
const replyHex = (transaction: number) =>
  `${transaction.toString(16).padStart(4, "0")}0000000701030412340000`;

describe("served devices and jsmodbus as client", () => {
  it("agree on every function", async () => {
    const { device, server } = await serve();
    const client = await jsmodbus(server.port);
    device.set("door", 1);
    device.set("torque", 1.5);
    const values = async (reply: Promise<{ response: { body: { valuesAsArray: unknown } } }>) =>
      Array.from((await reply).response.body.valuesAsArray as ArrayLike<number>);
    await client.writeSingleCoil(1, true);
    expect((await values(client.readCoils(0, 2))).slice(0, 2)).toEqual([0, 1]);
    await client.writeMultipleCoils(0, [true, false]);
    expect([device.get("lamp"), device.get("pump")]).toEqual([1, 0]);
    expect((await values(client.readDiscreteInputs(5, 1)))[0]).toBe(1);
    await client.writeSingleRegister(101, 1500);
    expect(device.get("speed")).toBe(150);
    await client.writeMultipleRegisters(101, [0xffff, 7, 1]);
    expect([device.get("speed"), device.get("position")]).toEqual([-0.1, 65543]);
    expect(await values(client.readHoldingRegisters(101, 3))).toEqual([0xffff, 7, 1]);
    expect(await values(client.readInputRegisters(0, 2))).toEqual([0x3fc0, 0]);
    expect(server.requests).toBe(8);
  });

  it.each([
    ["an address nobody has", 2, (c: ModbusTCPClient) => c.readHoldingRegisters(50, 1)],
    ["a hole", 2, (c: ModbusTCPClient) => c.readHoldingRegisters(104, 4)],
    ["a read-only point written", 2, (c: ModbusTCPClient) => c.writeSingleRegister(100, 1)],
    ["too many registers", 3, (c: ModbusTCPClient) => c.readHoldingRegisters(107, 11)],
    ["a value out of range", 3, (c: ModbusTCPClient) => c.writeSingleRegister(101, 5000)],
    ["a forbidden write", 4, (c: ModbusTCPClient) => c.writeSingleRegister(107, 9)],
    ["a function we do not serve", 1, (c: ModbusTCPClient) => c.readDeviceIdentification()],
  ])("agree on the refusal of %s (exception %i)", async (_, code, ask) => {
    const { server } = await serve();
    const client = await jsmodbus(server.port);
    await expect(ask(client)).rejects.toMatchObject({ response: { body: { code } } });
  });

  it("agree that an absent unit is exception 11", async () => {
    const { server } = await serve();
    const client = await jsmodbus(server.port, 9);
    const asked = client.readHoldingRegisters(100, 1);
    await expect(asked).rejects.toMatchObject({ response: { body: { code: 11 } } });
  });

  it("agree on an exception that is a fault of ours", async () => {
    const busy = await serve({ exceptionShare: 1, exceptionCode: 6 });
    const client = await jsmodbus(busy.server.port);
    const asked = client.readHoldingRegisters(100, 1);
    await expect(asked).rejects.toMatchObject({ response: { body: { code: 6 } } });
  });
});

describe("the TCP server's framing", () => {
  it("puts a frame together from single bytes", async () => {
    const { server } = await serve();
    const socket = await dial(server.port);
    for (const byte of readFrame(7)) {
      await new Promise((resolve) => socket.write(Uint8Array.of(byte), resolve));
    }
    expect((await take(socket, 13)).toString("hex")).toBe(replyHex(7));
  });

  it("answers frames that came together, in order, and the rest when it is whole", async () => {
    const { server } = await serve();
    const socket = await dial(server.port);
    const last = readFrame(0xffff);
    socket.write(Buffer.concat([readFrame(1), readFrame(2), readFrame(3), last.subarray(0, 9)]));
    const first = await take(socket, 39);
    expect(first.toString("hex")).toBe(replyHex(1) + replyHex(2) + replyHex(3));
    socket.write(last.subarray(9));
    expect((await take(socket, 13)).toString("hex")).toBe(replyHex(0xffff));
  });

  it.each([
    ["another protocol", "000100010006010300640002"],
    ["a length beyond the longest frame", "0001000000ff010300640002"],
    ["a length too short for a function", "0001000000010103"],
    ["plain text", Buffer.from("GET / HTTP/1.1\r\n\r\n").toString("hex")],
  ])("ends the connection on %s, and serves the next one", async (_, hex) => {
    const { server } = await serve();
    const bad = await dial(server.port);
    bad.write(Buffer.from(hex, "hex"));
    expect(await take(bad, 1)).toHaveLength(0);
    expect(await probe(server.port)).toBe(replyHex(1));
  });

  it("refuses a byte count that lies with exception 3", async () => {
    const { server } = await serve();
    const socket = await dial(server.port);
    socket.write(Buffer.from("000100000009011000650001040001", "hex"));
    expect((await take(socket, 9)).toString("hex")).toBe("000100000003019003");
  });
});

describe("the TCP server under bad treatment", () => {
  it("survives any bytes and answers the next client", async () => {
    const { server, device } = await serve();
    const header = fc.constantFrom("", "00010000");
    const noise = fc.tuple(header, fc.uint8Array({ minLength: 1, maxLength: 600 }));
    await fc.assert(
      fc.asyncProperty(noise, async ([head, bytes]) => {
        const socket = await dial(server.port);
        socket.on("error", () => {});
        socket.resume();
        socket.end(Buffer.concat([Buffer.from(head, "hex"), bytes]));
        await once(socket, "close");
        expect(await probe(server.port)).toBe(replyHex(1));
      }),
      { numRuns: 100 },
    );
    expect(device.get("command")).toBe(0);
    while (server.connections > 0) await clock.sleep(1);
  });

  it("stops listening to a client that asks and never reads, and goes on when it does", async () => {
    const { server } = await serve();
    const deaf = await dial(server.port);
    deaf.pause();
    const many = Buffer.concat(Array.from({ length: 20_000 }, (_, i) => readFrame(i & 0xffff)));
    let asked = 0;
    let probes = 0;
    // Until the system's buffers are full both ways: the others are served, the deaf one is not.
    for (let unchanged = 0; unchanged < 5 && asked < 10_000_000; probes++) {
      if (deaf.writableLength < many.length) asked += 20_000;
      if (deaf.writableLength < many.length) deaf.write(many);
      const before = server.requests;
      await probe(server.port);
      unchanged = server.requests === before + 1 ? unchanged + 1 : 0;
    }
    expect(server.requests - probes).toBeLessThan(asked);
    deaf.resume();
    let received = 0;
    for await (const part of deaf) {
      received += (part as Buffer).length;
      if (received >= asked * 13) break;
    }
    expect(received).toBe(asked * 13);
    expect(server.requests).toBe(asked + probes);
  });

  it("answers late, or as another unit, when its faults say so", async () => {
    const late = await serve({ lateShare: 1, lateMs: 30 });
    const socket = await dial(late.server.port);
    const asked = clock.elapsed();
    socket.write(readFrame(1));
    expect(await take(socket, 13)).toHaveLength(13);
    expect(clock.elapsed() - asked).toBeGreaterThanOrEqual(30);
    const wrong = await serve({ wrongUnitShare: 1 });
    const other = await dial(wrong.server.port);
    other.write(readFrame(1));
    expect((await take(other, 13))[6]).toBe(2);
  });

  it("names the address when the port is in use", async () => {
    const { server } = await serve();
    const again = serveTcp(new Map(), { host: "127.0.0.1", port: server.port }, clock);
    await expect(again).rejects.toMatchObject({
      code: "LINE_IN_USE",
      message: `the address 127.0.0.1:${server.port} is in use by another program`,
    });
  });

  it("names the cause when an address cannot be opened", async () => {
    const elsewhere = serveTcp(new Map(), { host: "192.0.2.1", port: 1502 }, clock);
    await expect(elsewhere).rejects.toMatchObject({ code: "LINE_UNREACHABLE" });
  });

  it("closes with clients connected, and their connections end", async () => {
    const { server } = await serve({ lateShare: 1, lateMs: 60_000 });
    const socket = await dial(server.port);
    socket.write(readFrame(1));
    while (server.requests === 0) await clock.sleep(1);
    const ended = once(socket, "close");
    await server.close();
    await ended;
    expect(server.connections).toBe(0);
  });
});
