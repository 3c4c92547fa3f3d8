import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Request } from "../../../src/device/request.js";
import {
  crc16,
  crcFits,
  encodeException,
  encodeRequest,
  parseReply,
} from "../../../src/device/rtu-frame.js";
import { type Faults, noFaults } from "../../../src/sim/fault.js";
import { serveSerial } from "../../../src/sim/serial-server.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { exampleDevice } from "./example-type.js";

const read: Request = { kind: "read", table: "holding", address: 100, count: 2 };
const run: Request = { kind: "write", table: "holding", address: 107, values: [1], single: true };

function setUp(faults: Partial<Faults> = {}) {
  const clock = new VirtualClock(0);
  const [first, second] = [exampleDevice(1), exampleDevice(2)];
  const units = new Map([
    [1, first],
    [2, second],
  ]);
  const sent: Uint8Array[] = [];
  let receive: (bytes: Uint8Array) => void = () => {};
  const stream = {
    write: (bytes: Uint8Array) => sent.push(bytes),
    onData: (listener: (bytes: Uint8Array) => void) => {
      receive = listener;
    },
  };
  const server = serveSerial(units, stream, { baud: 19_200 }, clock, { ...noFaults, ...faults });
  /** Sends bytes and gives what came back at once. */
  const exchange = (...parts: Uint8Array[]) => {
    sent.length = 0;
    for (const part of parts) receive(part);
    return [...sent];
  };
  return { clock, first, second, server, exchange, sent };
}

const bytes = (...values: number[]) => Uint8Array.from(values);

describe("the serial server", () => {
  it("answers the addressed unit", () => {
    const { exchange, second } = setUp();
    second.set("speed", 1);
    const [reply] = exchange(encodeRequest(2, read));
    expect(parseReply(2, read, reply!)).toEqual({ ok: true, words: [0x1234, 10] });
  });

  it("puts a frame together from any pieces, and takes several in one", () => {
    const { exchange } = setUp();
    const frame = encodeRequest(1, read);
    for (let cut = 1; cut < frame.length; cut++) {
      expect(exchange(frame.subarray(0, cut), frame.subarray(cut))).toHaveLength(1);
    }
    expect(exchange(...[...frame].map((b) => bytes(b)))).toHaveLength(1);
    expect(exchange(Buffer.concat([frame, frame, frame.subarray(0, 3)]))).toHaveLength(2);
    expect(exchange(frame.subarray(3))).toHaveLength(1);
  });

  it("never answers a wrong CRC or another unit, and does not carry it out", () => {
    const { exchange, first, server } = setUp();
    const damaged = encodeRequest(1, run);
    damaged[7]! ^= 1;
    expect(exchange(damaged)).toEqual([]);
    expect(first.get("command")).toBe(0);
    const other = setUp();
    expect(other.exchange(encodeRequest(3, run))).toEqual([]);
    expect(server.requests + other.server.requests).toBe(0);
  });

  it("carries a broadcast out in every unit, silently", () => {
    const { exchange, first, second } = setUp();
    expect(exchange(encodeRequest(0, run), encodeRequest(0, read))).toEqual([]);
    expect([first.get("command"), second.get("command")]).toEqual([1, 1]);
  });

  it("finds the frame behind noise", () => {
    const { exchange } = setUp();
    const frame = encodeRequest(1, read);
    expect(exchange(bytes(0xff), frame)).toHaveLength(1);
    expect(exchange(bytes(0x00, 0xff, 0x80), frame)).toHaveLength(1);
    const damaged = encodeRequest(1, read);
    damaged[3]! ^= 0x10;
    expect(exchange(damaged, frame)).toHaveLength(1);
  });

  it("starts afresh after a silence when a frame stays incomplete", async () => {
    const { exchange, clock } = setUp();
    const longWrite = bytes(1, 16, 0, 101, 0, 120, 240);
    expect(exchange(longWrite, encodeRequest(1, read))).toEqual([]);
    await clock.sleep(21);
    expect(exchange(encodeRequest(1, read))).toHaveLength(1);
  });

  it("answers an unknown function with exception 1", () => {
    const { exchange } = setUp();
    expect(exchange(sealed(1, 43, 14, 1, 0))).toEqual([encodeException(1, 43, 1)]);
  });

  it("refuses counts beyond Modbus with exception 3", () => {
    const { exchange } = setUp();
    expect(exchange(sealed(1, 3, 0, 100, 0, 126))).toEqual([encodeException(1, 3, 3)]);
  });

  it("really sends the faults asked for", async () => {
    const [damaged] = setUp({ crcShare: 1 }).exchange(encodeRequest(1, read));
    expect(crcFits(damaged!)).toBe(false);
    const [foreign] = setUp({ wrongUnitShare: 1 }).exchange(encodeRequest(1, read));
    expect(parseReply(1, read, foreign!)).toMatchObject({ fault: "foreign" });
    expect(crcFits(foreign!)).toBe(true);
    const busy = setUp({ exceptionShare: 1 }).exchange(encodeRequest(1, read));
    expect(busy).toEqual([encodeException(1, 3, 6)]);
    expect(setUp({ timeoutShare: 1 }).exchange(encodeRequest(1, read))).toEqual([]);
    expect(setUp({ deadUnits: [1] }).exchange(encodeRequest(1, read))).toEqual([]);
    const late = setUp({ lateShare: 1, lateMs: 300 });
    expect(late.exchange(encodeRequest(1, read))).toEqual([]);
    await late.clock.sleep(301);
    expect(late.sent).toHaveLength(1);
  });

  it("says nothing more once closed", async () => {
    const { exchange, server, clock, sent } = setUp({ lateShare: 1, lateMs: 300 });
    exchange(encodeRequest(1, read));
    server.close();
    await clock.sleep(500);
    expect(exchange(encodeRequest(1, read))).toEqual([]);
    expect(sent).toEqual([]);
  });

  it("survives any bytes, writes nothing unasked for, and answers afterwards", async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(chunks, async (noise) => {
        const { exchange, clock, first } = setUp();
        exchange(...noise);
        expect([first.get("command"), first.get("speed")]).toEqual([0, 0]);
        await clock.sleep(25);
        expect(exchange(encodeRequest(1, read))).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });
});

/** Any body with its CRC. */
function sealed(...body: number[]): Uint8Array {
  const crc = crc16(Uint8Array.from(body));
  return bytes(...body, crc & 0xff, crc >>> 8);
}
