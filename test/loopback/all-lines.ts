/** The same two simulated devices behind each kind of line there is, for suites that run over all of them. */
import { type Clock, RealClock } from "../../src/base/clock.js";
import { type Random, randomStream } from "../../src/base/random.js";
import type { DeviceType } from "../../src/device/device-type.js";
import type { DeviceTiming, Lane, Line, Reply } from "../../src/line/line.js";
import { openLine } from "../../src/line/open.js";
import { LineQueue } from "../../src/line/queue.js";
import { type Faults, noFaults } from "../../src/sim/fault.js";
import { openPtyPair } from "../../src/sim/pty-pair.js";
import { serveSerial } from "../../src/sim/serial-server.js";
import { SimDevice } from "../../src/sim/sim-device.js";
import { simTransport } from "../../src/sim/sim-line.js";
import { serveTcp } from "../../src/sim/tcp-server.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";

const rows = Array.from({ length: 40 }, (_, address) => address);

/** Forty registers and eight coils to read and write; one register cannot be written. */
const table: DeviceType = {
  type: "test/table",
  maker: "nobody",
  model: "table",
  title: "forty registers and eight coils",
  source: [{ document: "this test" }],
  link: { framings: ["rtu", "tcp"] },
  identify: [],
  identifyNote: "there is nothing to tell it by",
  points: Object.fromEntries([
    ...rows.map((address) => {
      const access = address === 39 ? ("read" as const) : ("read-write" as const);
      const head = { table: "holding", as: "u16", unit: "1", confidence: "derived" } as const;
      return [`r${address}`, { ...head, address, access }];
    }),
    ...rows.slice(0, 8).map((address) => {
      const head = { table: "coil", as: "bit", unit: "1", confidence: "derived" } as const;
      return [`c${address}`, { ...head, address, access: "read-write" as const }];
    }),
  ]),
  examples: [{ from: "this test", table: "holding", address: 0, words: [1] }],
};

/** What register `address` of a unit holds until it is written: no two are alike. */
export function held(unit: number, address: number): number {
  return unit * 1000 + address;
}

function deviceAt(unit: number): SimDevice {
  const device = new SimDevice(table, {}, unit);
  for (const address of rows) device.set(`r${address}`, held(unit, address));
  return device;
}

export const kinds = ["virtual serial", "virtual TCP", "serial pair", "TCP"] as const;
/** Its own tests only: faults in pieces of bytes are those of RTU. */
export const asciiPair = "serial pair, ASCII";
export type Kind = (typeof kinds)[number] | typeof asciiPair;

export type Bench = {
  kind: Kind;
  clock: Clock;
  line: Line;
  devices: ReadonlyMap<number, SimDevice>;
  /** Changed in place, so that a fault can end. */
  faults: Faults;
  close(): Promise<void>;
};

/** Long for a machine that stalls, short for a test that waits for what never comes. */
export const timing: DeviceTiming = { turnaroundMs: 200, silenceMs: 0 };

/** Opens the bench; a string says why this machine has none of the kind. */
export async function openBench(
  kind: Kind,
  wanted: Partial<Faults> = {},
  random: Random = randomStream(1, "bench"),
): Promise<Bench | string> {
  const devices = new Map([1, 2].map((unit) => [unit, deviceAt(unit)]));
  const faults = { ...noFaults, ...wanted };
  const bench = { kind, devices, faults };
  if (kind === "virtual serial" || kind === "virtual TCP") {
    const clock = new VirtualClock(0);
    const wire = kind === "virtual TCP" ? "tcp" : { baud: 115_200, bitsPerChar: 11 };
    const transport = simTransport(devices, clock, wire, faults, random);
    const line = new LineQueue("virtual", transport, clock);
    return { ...bench, clock, line, close: () => line.close() };
  }
  const clock = new RealClock();
  if (kind === "TCP") {
    const address = { host: "127.0.0.1", port: 0 };
    const server = await serveTcp(devices, address, clock, faults, random);
    const line = await openLine("tcp", { tcp: `127.0.0.1:${server.port}` }, clock);
    const close = async () => {
      await line.close();
      await server.close();
    };
    return { ...bench, clock, line, close };
  }
  const pair = await openPtyPair();
  if (!pair.ok) return pair.reason;
  const framing = kind === asciiPair ? ({ framing: "ascii" } as const) : {};
  const wire = { baud: 115_200, ...framing };
  const server = serveSerial(devices, pair.stream, wire, clock, faults, random);
  const spec = { serial: pair.path, format: "8E1", ...wire } as const;
  const line = await openLine("pair", spec, clock);
  const close = async () => {
    await line.close();
    server.close();
    pair.close();
  };
  return { ...bench, clock, line, close };
}

export function read(
  { line }: Bench,
  address: number,
  count = 2,
  unit = 1,
  lane: Lane = "fast",
): Promise<Reply> {
  return line.exchange(unit, { kind: "read", table: "holding", address, count }, timing, lane);
}

export function write(
  { line }: Bench,
  address: number,
  value: number,
  lane: Lane = "write",
  unit = 1,
): Promise<Reply> {
  const head = { kind: "write", table: "holding", single: true } as const;
  return line.exchange(unit, { ...head, address, values: [value] }, timing, lane);
}

/** Exchanges counted by their ends; each attempt must end exactly once. */
export function sumOfEnds({ line: { statistics: s } }: Bench): number {
  const { ok, timeouts, partial, crc, foreign, length, echo, exceptions, closed, cut, stale } = s;
  const faults = timeouts + partial + crc + foreign + length + echo + exceptions + stale;
  return ok + faults + closed + cut;
}
