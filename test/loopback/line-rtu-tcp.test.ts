import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { RealClock } from "../../src/base/clock.js";
import type { Line } from "../../src/line/line.js";
import { openLine } from "../../src/line/open.js";
import { serveSerial } from "../../src/sim/serial-server.js";
import { exampleDevice } from "../unit/sim/example-type.js";

const clock = new RealClock();
const timing = { turnaroundMs: 500, silenceMs: 0 };
let server: Server;
let line: Line | undefined;

afterEach(async () => {
  await line?.close();
  server.close();
});

/** A serial server: what comes over TCP goes to the wire as it is, and back. */
async function serialServer() {
  const device = exampleDevice(1);
  server = createServer((socket) => {
    socket.on("error", () => {});
    const stream = {
      write: (bytes: Uint8Array) => void socket.write(bytes),
      onData: (listener: (bytes: Uint8Array) => void) => void socket.on("data", listener),
    };
    serveSerial(new Map([[1, device]]), stream, { baud: 115_200 }, clock);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const rtuTcp = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  line = await openLine("serial-server", { rtuTcp, baud: 115_200, format: "8N1" }, clock);
  return line;
}

describe("RTU over TCP", () => {
  it("reads and writes through a serial server that passes frames unchanged", async () => {
    const open = await serialServer();
    const at = { table: "holding", address: 113 } as const;
    const written = { kind: "write", ...at, values: [32], single: true } as const;
    expect((await open.exchange(1, written, timing, "write")).ok).toBe(true);
    const reply = await open.exchange(1, { kind: "read", ...at, count: 1 }, timing, "fast");
    expect(reply).toMatchObject({ ok: true, words: [32] });
    expect(open.statistics.gapViolations).toBe(0);
    expect(Buffer.from(open.recent.at(-1)!.bytes).toString("hex")).toMatch(/^0103020020/);
  });

  it("gives a unit that is silent its wire's time and the network's, then says so", async () => {
    const open = await serialServer();
    const quick = { turnaroundMs: 5, silenceMs: 0 };
    const request = { kind: "read", table: "holding", address: 107, count: 1 } as const;
    const from = clock.elapsed();
    expect(await open.exchange(2, request, quick, "fast")).toMatchObject({ fault: "timeout" });
    expect(clock.elapsed() - from).toBeGreaterThan(125);
  });
});
