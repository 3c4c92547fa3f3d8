/**
 * Reads of 10 registers per second over one TCP connection, all checks on, beside raw modbus-serial, in
 * turn against the same server in a process of its own: `npm run bench:tcp`.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import modbusSerial from "modbus-serial";
import { RealClock } from "../src/base/clock.js";
import { openLine } from "../src/line/open.js";
import { serveTcp } from "../src/sim/tcp-server.js";
import { exampleDevice } from "../test/unit/sim/example-type.js";

const clock = new RealClock();
const rounds = 5;
const request = { kind: "read", table: "holding", address: 107, count: 10 } as const;

async function serve(): Promise<void> {
  const units = new Map([[1, exampleDevice(1)]]);
  process.send?.((await serveTcp(units, { host: "127.0.0.1", port: 0 }, clock)).port);
  process.on("disconnect", () => process.exit(0));
}

async function perSecond(read: () => Promise<unknown>, seconds: number): Promise<number> {
  const from = clock.elapsed();
  let reads = 0;
  for (; clock.elapsed() < from + seconds * 1000; reads++) await read();
  return (reads * 1000) / (clock.elapsed() - from);
}

async function compare(seconds: number): Promise<void> {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), ["serve"]);
  const [port] = (await once(child, "message")) as [number];
  const line = await openLine("bench", { tcp: `127.0.0.1:${port}` }, clock);
  const theirs = new modbusSerial.default();
  await theirs.connectTCP("127.0.0.1", { port });
  theirs.setID(1);
  theirs.setTimeout(1000);
  const timing = { turnaroundMs: 100, silenceMs: 0 };
  const masters = {
    wearout: () => line.exchange(1, request, timing, "fast"),
    "modbus-serial": () => theirs.readHoldingRegisters(request.address, request.count),
  };
  const best: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, read] of Object.entries(masters)) {
      const rate = await perSecond(read, seconds);
      best[name] = Math.max(best[name] ?? 0, rate);
      console.log(`${name.padEnd(14)} ${rate.toFixed(0)} reads/s`);
    }
  }
  const ratio = (best["wearout"] ?? 0) / (best["modbus-serial"] ?? 1);
  console.log(`best of ${rounds}: ratio ${ratio.toFixed(2)}`);
  await line.close();
  await new Promise<void>((resolve) => theirs.close(() => resolve()));
  child.disconnect();
}

const [, , mode] = process.argv;
if (mode === "serve") await serve();
else await compare(Number(mode ?? 2));
