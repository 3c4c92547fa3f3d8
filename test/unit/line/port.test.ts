import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WriteRequest } from "../../../src/device/request.js";
import { encodeRequest } from "../../../src/device/rtu-frame.js";
import type { Asked, Framer } from "../../../src/line/framer.js";
import { ModbusClient } from "../../../src/line/modbus-client.js";
import { Port } from "../../../src/line/port.js";
import { pipe, read } from "./scripted.js";

/** A client whose frames are kept as they are to go out. */
function sending() {
  const sent: { asked: Asked; frame: Uint8Array }[] = [];
  const framer: Framer = {
    broken: undefined,
    begin: (asked, frame) => {
      sent.push({ asked, frame: Uint8Array.from(frame) });
      return frame;
    },
    feed: () => undefined,
    frame: () => new Uint8Array(0),
    end: () => ({ fault: "timeout", detail: "" }),
  };
  const port = new Port(pipe()[0], framer);
  return { port, client: new ModbusClient(port), sent };
}

const word = fc.integer({ min: 0, max: 0xffff });
const bit = fc.integer({ min: 0, max: 1 });
const address = fc.integer({ min: 0, max: 60_000 });
const many = <T>(of: fc.Arbitrary<T>, maxLength: number) =>
  fc.array(of, { minLength: 1, maxLength });
const head = { kind: "write" } as const;
const writes: fc.Arbitrary<WriteRequest> = fc.oneof(
  fc.record({ address, values: many(bit, 1) }).map((w) => ({
    ...head,
    table: "coil" as const,
    single: true,
    ...w,
  })),
  fc.record({ address, values: many(bit, 1968) }).map((w) => ({
    ...head,
    table: "coil" as const,
    single: false,
    ...w,
  })),
  fc.record({ address, values: many(word, 1) }).map((w) => ({
    ...head,
    table: "holding" as const,
    single: true,
    ...w,
  })),
  fc.record({ address, values: many(word, 123) }).map((w) => ({
    ...head,
    table: "holding" as const,
    single: false,
    ...w,
  })),
  fc
    .record({
      address,
      values: many(word, 121),
      reads: fc.record({ address, count: fc.integer({ min: 1, max: 125 }) }),
    })
    .map((w) => ({ ...head, table: "holding" as const, single: false, ...w })),
  fc.record({ address, values: many(word, 1), mask: word }).map((w) => ({
    ...head,
    table: "holding" as const,
    single: true,
    ...w,
  })),
);

describe("the port under modbus-serial", () => {
  it("sends every write that Modbus allows as both codecs make it", () => {
    const { client, sent } = sending();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), writes, (unit, request) => {
        client.exchange(unit, request, () => {});
        const { asked, frame } = sent.at(-1)!;
        expect(asked).toEqual({ unit, request });
        expect(frame).toEqual(encodeRequest(unit, request));
      }),
      { numRuns: 300 },
    );
    expect(sent.length).toBeGreaterThan(299);
  });

  it("sends no write on which the two do not agree", () => {
    const { port, sent } = sending();
    port.writes({
      unit: 1,
      request: { ...head, table: "holding", address: 7, values: [5], single: true },
    });
    const other = encodeRequest(1, {
      ...head,
      table: "holding",
      address: 7,
      values: [6],
      single: true,
    });
    expect(() => port.write(other)).toThrow(/the same frame/);
    expect(sent).toEqual([]);
  });

  it("reads pass modbus-serial by and ask the very same", () => {
    const { client, sent } = sending();
    client.exchange(3, read(100, 10), () => {});
    expect(sent[0]?.frame).toEqual(encodeRequest(3, read(100, 10)));
  });
});
