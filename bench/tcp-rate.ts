/**
 * Reads of 10 registers per second over one TCP connection, all checks on, beside raw modbus-serial, in short
 * turns against the same server in a process of its own, and the processor time that a read takes of this
 * process: `npm run bench:tcp -- [seconds of each]`. The best tenth of the turns counts: short ones find the
 * moments in which nobody else has the processor.
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
const turnMs = 100;
const request = { kind: "read", table: "holding", address: 107, count: 10 } as const;

async function serve(): Promise<void> {
  const units = new Map([[1, exampleDevice(1)]]);
  process.send?.((await serveTcp(units, { host: "127.0.0.1", port: 0 }, clock)).port);
  process.on("disconnect", () => process.exit(0));
}

/** One turn: reads a second, and processor time of each in microseconds. */
type Turn = { rate: number; cpuUs: number };

async function turn(read: () => Promise<unknown>): Promise<Turn> {
  const from = clock.elapsed();
  const cpu = process.cpuUsage();
  let reads = 0;
  for (; clock.elapsed() < from + turnMs; reads++) await read();
  const { user, system } = process.cpuUsage(cpu);
  return { rate: (reads * 1000) / (clock.elapsed() - from), cpuUs: (user + system) / reads };
}

/** What the best tenth reaches at least. */
function best(turns: readonly Turn[]): Turn {
  const place = Math.floor(turns.length / 10);
  const rates = turns.map(({ rate }) => rate).sort((a, b) => b - a);
  const costs = turns.map(({ cpuUs }) => cpuUs).sort((a, b) => a - b);
  return { rate: rates[place] ?? Number.NaN, cpuUs: costs[place] ?? Number.NaN };
}

function say(name: string, { rate, cpuUs }: Turn): void {
  console.log(
    `${name.padEnd(14)} ${rate.toFixed(0)} reads/s, ${cpuUs.toFixed(1)} us of processor time each`,
  );
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
  const ours: Turn[] = [];
  const others: Turn[] = [];
  for (let n = 0; n < (seconds * 1000) / turnMs; n++) {
    ours.push(await turn(masters.wearout));
    others.push(await turn(masters["modbus-serial"]));
  }
  const [us, them] = [best(ours), best(others)];
  say("wearout", us);
  say("modbus-serial", them);
  console.log(`ratio of reads/s ${(us.rate / them.rate).toFixed(2)}`);
  await line.close();
  await new Promise<void>((resolve) => theirs.close(() => resolve()));
  child.disconnect();
}

const [, , mode] = process.argv;
if (mode === "serve") await serve();
else await compare(Number(mode ?? 10));
