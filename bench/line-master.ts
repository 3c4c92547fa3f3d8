/**
 * One master on a paced line, in a process of its own so that its CPU time is its own. Forked by the
 * line benchmarks with `master path baud format`.
 */
import { pbkdf2 } from "node:crypto";
import modbusSerial from "modbus-serial";
import { RealClock } from "../src/base/clock.js";
import { openLine, type SerialFormat } from "../src/line/open.js";
import { monotonicMs } from "./monotonic.js";

export const masters = ["wearout", "modbus-serial", "modbus-serial, queued"] as const;
export type Master = (typeof masters)[number];

/** What a master is asked to do, and what it answers. */
export type Job =
  | { do: "rate"; registers: number; seconds: number; warmUp: number }
  | { do: "stops"; registers: number; count: number; deadTimeoutMs: number; busyPool: boolean };
export type RateResult = { reads: number; failures: number; seconds: number; cpuMs: number };
/** Per stop: when it was decided; whether the call said it was carried out. */
export type StopResult = { decided: { value: number; atMs: number; confirmed: boolean }[] };

/** The two things the benchmarks do with a line. */
type Bus = {
  read(unit: number, count: number, timeoutMs: number): Promise<boolean>;
  stop(unit: number, value: number): Promise<boolean>;
  close(): Promise<void>;
};

const stopAddress = 500;
const deadUnit = 9;
/** What both units' data sheets promise; a timeout is the line's own business. */
const turnaroundMs = 5;

const open: Record<Master, (path: string, baud: number, format: SerialFormat) => Promise<Bus>> = {
  wearout: async (path, baud, format) => {
    const line = await openLine("bench", { serial: path, baud, format }, new RealClock());
    const timing = { turnaroundMs, silenceMs: 0 };
    return {
      read: async (unit, count) => {
        const request = { kind: "read", table: "holding", address: 0, count } as const;
        return (await line.exchange(unit, request, timing, "fast")).ok;
      },
      stop: async (unit, value) => {
        const written = { kind: "write", table: "holding", address: stopAddress } as const;
        const request = { ...written, values: [value], single: true };
        return (await line.exchange(unit, request, timing, "stop")).ok;
      },
      close: () => line.close(),
    };
  },
  "modbus-serial": modbusSerialBus,
  "modbus-serial, queued": async (path, baud, format) =>
    queued(await modbusSerialBus(path, baud, format)),
};

/** One after the other, a stop before the polls that wait: what its users are advised to do. */
function queued(bus: Bus): Bus {
  let last: Promise<unknown> = Promise.resolve();
  const after = (work: () => Promise<boolean>) => {
    const mine = last.then(work);
    last = mine;
    return mine;
  };
  return {
    read: (unit, count, timeoutMs) => after(() => bus.read(unit, count, timeoutMs)),
    stop: (unit, value) => after(() => bus.stop(unit, value)),
    close: () => bus.close(),
  };
}

async function modbusSerialBus(path: string, baudRate: number, format: SerialFormat): Promise<Bus> {
  const client = new modbusSerial.default();
  const parity = format[1] === "E" ? "even" : format[1] === "O" ? "odd" : "none";
  await client.connectRTUBuffered(path, { baudRate, parity, stopBits: format[2] === "2" ? 2 : 1 });
  return {
    read: (unit, count, timeoutMs) => {
      client.setID(unit);
      client.setTimeout(timeoutMs);
      return client.readHoldingRegisters(0, count).then(
        () => true,
        () => false,
      );
    },
    stop: (unit, value) => {
      client.setID(unit);
      client.setTimeout(200);
      return client.writeRegister(stopAddress, value).then(
        () => true,
        () => false,
      );
    },
    close: () => new Promise((resolve) => client.close(() => resolve())),
  };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function rate(
  bus: Bus,
  { registers, seconds, warmUp }: Job & { do: "rate" },
): Promise<RateResult> {
  const result = { reads: 0, failures: 0 };
  // A line runs for weeks: what counts is the CPU time after the code was compiled.
  for (let i = 0; i < warmUp; i++) await bus.read(1, registers, 200);
  const [startMs, startCpuMs] = [monotonicMs(), cpuMs()];
  while (monotonicMs() < startMs + seconds * 1000) {
    if (await bus.read(1, registers, 200)) result.reads++;
    else result.failures++;
  }
  const tookS = (monotonicMs() - startMs) / 1000;
  return { ...result, seconds: tookS, cpuMs: cpuMs() - startCpuMs };
}

/** Polls without end; beside them, at moments that have nothing to do with the polls, stops. */
async function stops(bus: Bus, job: Job & { do: "stops" }): Promise<StopResult> {
  const clock = new RealClock();
  const decided: StopResult["decided"] = [];
  let over = false;
  const busy = job.busyPool ? [0, 1, 2, 3].map(() => keepBusy(() => over)) : [];
  const polls = (async () => {
    while (!over) {
      await bus.read(1, job.registers, 200);
      if (job.deadTimeoutMs > 0) await bus.read(deadUnit, job.registers, job.deadTimeoutMs);
    }
  })();
  for (let value = 1; value <= job.count; value++) {
    await clock.sleep(100 + ((value * 7919) % 97));
    const atMs = monotonicMs();
    decided.push({ value, atMs, confirmed: await bus.stop(1, value) });
  }
  over = true;
  await Promise.all([polls, ...busy]);
  return { decided };
}

/** One of four jobs for the thread pool, again and again. */
async function keepBusy(over: () => boolean): Promise<void> {
  const once = () => new Promise((resolve) => pbkdf2("a", "b", 40_000, 64, "sha512", resolve));
  while (!over()) await once();
}

if (process.send !== undefined && process.argv[2] !== undefined) {
  const [, , master, path, baud, format] = process.argv as [string, string, Master, ...string[]];
  const bus = await open[master]!(path!, Number(baud), format as SerialFormat);
  process.on("message", async (job: Job) => {
    process.send?.(await (job.do === "rate" ? rate(bus, job) : stops(bus, job)));
    await bus.close();
    process.disconnect();
  });
  process.send("ready");
}
