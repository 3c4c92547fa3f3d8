/**
 * Requests per second of our TCP server beside modbus-serial's ServerTCP, in one run: a fast raw
 * client in this process, the server in its own. `node build/bench/serve.js [seconds per measurement]`
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import modbusSerial from "modbus-serial";
import { RealClock } from "../src/base/clock.js";
import { assert } from "../src/base/error.js";
import { encodeRequest, toTcp } from "../src/device/rtu-frame.js";
import { serveTcp } from "../src/sim/tcp-server.js";
import { exampleDevice } from "../test/unit/sim/example-type.js";

const clock = new RealClock();
const request = { kind: "read", table: "holding", address: 107, count: 10 } as const;
const frame = Buffer.from(toTcp(1, encodeRequest(1, request)));
const replyBytes = 9 + 2 * request.count;
const rounds = 3;

const servers: Record<string, () => Promise<number>> = {
  wearout: async () => {
    const units = new Map([[1, exampleDevice(1)]]);
    return (await serveTcp(units, { host: "127.0.0.1", port: 0 }, clock)).port;
  },
  "modbus-serial": async () => {
    const vector = { getHoldingRegister: (address: number) => address };
    // It does not tell its port: a free one is asked for first.
    const free = await serveTcp(new Map(), { host: "127.0.0.1", port: 0 }, clock);
    await free.close();
    const options = { host: "127.0.0.1", port: free.port, unitID: 1 };
    const server = new modbusSerial.ServerTCP(vector, options);
    await new Promise((resolve) => server.on("initialized", () => resolve(undefined)));
    return free.port;
  },
};

/** Keeps `depth` requests outstanding on each of `connections`; gives requests per second. */
async function measure(port: number, connections: number, depth: number, seconds: number) {
  let replies = 0;
  const started = clock.elapsed();
  const until = started + seconds * 1000;
  const one = async (): Promise<void> => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    let left = 0;
    socket.write(Buffer.concat(Array.from({ length: depth }, () => frame)));
    socket.once("data", (bytes) => assert(bytes[7] === 3, "registers, not an exception"));
    socket.on("data", (bytes) => {
      const whole = Math.floor((left + bytes.length) / replyBytes);
      left = (left + bytes.length) % replyBytes;
      replies += whole;
      if (clock.elapsed() >= until) socket.destroy();
      else if (whole === 1) socket.write(frame);
      else if (whole > 1) socket.write(Buffer.concat(Array.from({ length: whole }, () => frame)));
    });
    await once(socket, "close");
  };
  await Promise.all(Array.from({ length: connections }, one));
  return (replies * 1000) / (clock.elapsed() - started);
}

async function startServer(name: string): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(fileURLToPath(import.meta.url), ["serve", name]);
  const [port] = (await once(child, "message")) as [number];
  return { child, port };
}

async function compare(seconds: number): Promise<void> {
  const running = await Promise.all(Object.keys(servers).map(startServer));
  for (const [connections, depth] of [
    [1, 1],
    [16, 1],
    [16, 16],
  ] as const) {
    const best = [0, 0];
    for (let round = 0; round < rounds; round++) {
      for (const [i, { port }] of running.entries()) {
        best[i] = Math.max(best[i]!, await measure(port, connections, depth, seconds));
      }
    }
    const [ours, theirs] = best as [number, number];
    const figures = `wearout ${ours.toFixed(0)}/s, modbus-serial ${theirs.toFixed(0)}/s`;
    const ratio = (ours / theirs).toFixed(1);
    console.log(`${connections} connections, depth ${depth}: ${figures}, ratio ${ratio}`);
  }
  for (const { child } of running) child.kill();
}

const [, , mode, name] = process.argv;
if (mode === "serve") process.send?.(await servers[name ?? ""]?.());
else await compare(Number(mode ?? 1));
