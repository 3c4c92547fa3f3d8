import { once } from "node:events";
import { ModbusRTUClient } from "jsmodbus";
import { SerialPort } from "serialport";
import { afterEach, describe, expect, it } from "vitest";
import { RealClock } from "../../src/base/clock.js";
import { type Faults, noFaults } from "../../src/sim/fault.js";
import { openPtyPair } from "../../src/sim/pty-pair.js";
import { serveSerial } from "../../src/sim/serial-server.js";
import { exampleDevice } from "../unit/sim/example-type.js";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A pair, or the test is marked as skipped with the reason: the pair is an optional dependency. */
async function setUp(skip: (why: string) => void, faults: Partial<Faults> = {}) {
  const pair = await openPtyPair();
  if (!pair.ok) {
    skip(pair.reason);
    throw new Error(pair.reason);
  }
  closers.push(() => pair.close());
  const device = exampleDevice(1);
  const units = new Map([[1, device]]);
  const all = { ...noFaults, ...faults };
  const server = serveSerial(units, pair.stream, { baud: 115_200 }, new RealClock(), all);
  closers.push(() => server.close());
  return { path: pair.path, device, server };
}

/**
 * jsmodbus 5 over serialport: somebody else's client on an open port. From Node 26.4 on serialport's
 * events wait until the event loop turns for another reason (serialport/node-serialport issue 3148), so
 * it is kept turning.
 */
async function jsmodbus(path: string, unit = 1, timeoutMs = 2000) {
  const turning = setInterval(() => {}, 5);
  closers.push(() => clearInterval(turning));
  const port = new SerialPort({ path, baudRate: 115_200 });
  const client = new ModbusRTUClient(port, unit, timeoutMs);
  await once(port, "open");
  const close = async () => {
    if (!port.isOpen) return;
    const closed = once(port, "close");
    port.close();
    await closed;
  };
  closers.push(close);
  return { client, port, close };
}

describe("devices served on a serial pair and jsmodbus as client", () => {
  it("agree on every function", async ({ skip }) => {
    const { path, device, server } = await setUp(skip);
    const { client } = await jsmodbus(path);
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
    await client.writeMultipleRegisters(101, [0xffff, 0x0a0d, 1]);
    expect(device.get("position")).toBe(0x10a0d);
    expect(await values(client.readHoldingRegisters(101, 3))).toEqual([0xffff, 0x0a0d, 1]);
    expect(await values(client.readInputRegisters(0, 2))).toEqual([0x3fc0, 0]);
    expect(server.requests).toBe(8);
  });

  it("agree on a refusal", async ({ skip }) => {
    const { path } = await setUp(skip);
    const { client } = await jsmodbus(path);
    const asked = client.readHoldingRegisters(50, 1);
    await expect(asked).rejects.toMatchObject({ response: { body: { code: 2 } } });
  });

  it("agree that a damaged answer is none", async ({ skip }) => {
    const { path, device } = await setUp(skip, { crcShare: 1 });
    const { client } = await jsmodbus(path, 1, 300);
    await expect(client.writeSingleRegister(101, 10)).rejects.toBeDefined();
    expect(device.get("speed")).toBe(1);
  });

  it("go on when the client closes the port and opens it again, even after garbage", async ({
    skip,
  }) => {
    const { path, server } = await setUp(skip);
    const first = await jsmodbus(path);
    await first.client.readHoldingRegisters(100, 1);
    first.port.write(Uint8Array.of(1, 3, 0, 101, 0, 120, 240, 9, 9, 99));
    await first.close();
    const second = await jsmodbus(path);
    await second.client.readHoldingRegisters(100, 1);
    expect(server.requests).toBe(2);
  });
});
