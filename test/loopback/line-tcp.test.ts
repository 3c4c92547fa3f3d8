import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { RealClock } from "../../src/base/clock.js";
import type { Request } from "../../src/device/request.js";
import { encodeReply, parseRequestBody, toTcp } from "../../src/device/rtu-frame.js";
import type { Line, Reply } from "../../src/line/line.js";
import { openLine } from "../../src/line/open.js";

const clock = new RealClock();
/** For answers that come: even a machine that stalls makes it in time. */
const patient = { turnaroundMs: 10_000, silenceMs: 0 };
/** For answers that never come. */
const hasty = { turnaroundMs: 0, silenceMs: 0 };
/** For wrong answers: they are given up only at the timeout, but must have come before. */
const fair = { turnaroundMs: 300, silenceMs: 0 };

type Asked = { id: number; unit: number; request: Request; socket: Socket };
/** What the scripted server does with the n-th request (from 0) it ever got. */
type Script = (asked: Asked, n: number) => void;

const servers: Server[] = [];
const lines: Line[] = [];

async function serve(script: Script, port = 0) {
  let n = 0;
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      const parsed = parseRequestBody(bytes.subarray(6));
      if (!parsed.ok) throw new Error(parsed.problem);
      script(
        { id: bytes.readUInt16BE(0), unit: parsed.unit, request: parsed.request, socket },
        n++,
      );
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return { port: (server.address() as AddressInfo).port, sockets, server };
}

async function bench(script: Script) {
  const { port, sockets, server } = await serve(script);
  const line = await openLine("test", { tcp: `127.0.0.1:${port}` }, clock);
  lines.push(line);
  return { line, port, sockets, server };
}

/** Every register holds its own address. */
function answer({ id, unit, request }: Asked): Uint8Array {
  const count = request.kind === "read" ? request.count : 0;
  const words = Array.from({ length: count }, (_, i) => request.address + i);
  return toTcp(id, encodeReply(unit, request, words));
}

const honest: Script = (asked) => asked.socket.write(answer(asked));

function read(line: Line, address: number, timing = patient): Promise<Reply> {
  const request: Request = { kind: "read", table: "holding", address, count: 2 };
  return line.exchange(1, request, timing, "fast");
}

function write(line: Line, value: number, lane: "write" | "stop", timing = patient) {
  const head = { kind: "write", table: "holding", single: true } as const;
  return line.exchange(1, { ...head, address: 7, values: [value] }, timing, lane);
}

const brief = (reply: Reply) => (reply.ok ? [...reply.words] : reply.fault);

afterEach(async () => {
  await Promise.all(lines.splice(0).map((line) => line.close()));
  for (const server of servers.splice(0)) server.close();
});

describe("a TCP line under the faults that break modbus-serial's own port", () => {
  it("C1, C2: an answer held back for 256 requests is never taken for another", async () => {
    let held: Asked | undefined;
    const { line, sockets } = await bench((asked, n) => {
      if (n === 1) {
        held = asked;
        return;
      }
      if (n === 257) asked.socket.write(answer(held!));
      honest(asked, n);
    });
    expect(brief(await read(line, 1))).toEqual([1, 2]);
    expect(brief(await read(line, 1000, hasty))).toBe("timeout");
    for (let n = 1; n <= 300; n++) expect(brief(await read(line, n))).toEqual([n, n + 1]);
    expect(line.statistics).toMatchObject({ ok: 301, timeouts: 1, lateReplies: 1 });
    expect(sockets.length).toBe(1);
  });

  it("C4: another unit's answer, exception included, is no answer; the true one still is", async () => {
    const { line } = await bench((asked, n) => {
      asked.socket.write(answer({ ...asked, unit: 9 }));
      asked.socket.write(Uint8Array.of(asked.id >> 8, asked.id, 0, 0, 0, 3, 9, 0x83, 2));
      if (n > 0) honest(asked, n);
    });
    expect(brief(await read(line, 5, fair))).toBe("foreign");
    expect(brief(await read(line, 6))).toEqual([6, 7]);
    expect(line.statistics.foreign).toBe(1);
  });

  it("C6: a reset settles the request in flight at once", async () => {
    const { line } = await bench(({ socket }) => socket.resetAndDestroy());
    const before = clock.elapsed();
    const reply = await read(line, 0);
    expect(reply).toMatchObject({ fault: "closed", detail: expect.stringContaining("reset") });
    expect(clock.elapsed() - before, "time").toBeLessThan(5000);
  });

  it("C7: the peer's end of stream settles the request in flight at once", async () => {
    const { line } = await bench(({ socket }) => socket.end());
    const reply = await read(line, 0);
    expect(reply).toMatchObject({ fault: "closed", detail: "the peer closed the connection" });
  });

  it("C8: a header that announces 60 000 bytes drops the connection; the next one works", async () => {
    const { line, sockets } = await bench((asked, n) => {
      if (n === 0) asked.socket.write(Uint8Array.of(0, asked.id, 0, 0, 0xea, 0x60, 1, 3));
      else honest(asked, n);
    });
    const reply = await read(line, 0);
    expect(reply).toMatchObject({ fault: "length", detail: expect.stringContaining("60000") });
    expect(brief(await read(line, 4))).toEqual([4, 5]);
    expect(sockets.length).toBe(2);
    expect(line.statistics.reconnects).toBe(1);
  });

  it("C10: close settles although the peer is long gone", async () => {
    const { line, sockets } = await bench(honest);
    expect(brief(await read(line, 1))).toEqual([1, 2]);
    const gone = once(sockets[0]!, "close");
    sockets[0]!.resetAndDestroy();
    await gone;
    await line.close();
    expect(brief(await read(line, 1))).toBe("closed");
  });

  it("C11: close in flight settles what is pending", async () => {
    let arrived = () => {};
    const onWire = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { line } = await bench(() => arrived());
    const pending = read(line, 0);
    await onWire;
    await line.close();
    expect(brief(await pending)).toBe("closed");
  });

  it("refuses the echo of another write and data shorter than asked for", async () => {
    const { line } = await bench((asked) => {
      const request = { ...asked.request, address: asked.request.address + 1 };
      const fewer = request.kind === "read" ? { ...request, count: 1 } : request;
      asked.socket.write(answer({ ...asked, request: fewer }));
    });
    expect(brief(await write(line, 5, "write", fair))).toBe("echo");
    expect(brief(await read(line, 7, fair))).toBe("length");
    expect(line.statistics).toMatchObject({ ok: 0, echo: 1, length: 1 });
  });

  it("replaces a connection that worked and swallows three requests in a row", async () => {
    const { line, sockets } = await bench((asked, n) => {
      if (n === 0 || n >= 4) honest(asked, n);
    });
    expect(brief(await read(line, 1))).toEqual([1, 2]);
    for (let n = 0; n < 3; n++) expect(brief(await read(line, 0, hasty))).toBe("timeout");
    expect(brief(await read(line, 9))).toEqual([9, 10]);
    expect(sockets.length).toBe(2);
  });

  it("comes back by itself after the server was away; a stop does not wait for the pause", async () => {
    const { line, port, sockets, server } = await bench(honest);
    expect(brief(await read(line, 1))).toEqual([1, 2]);
    const away = once(server, "close");
    server.close();
    sockets[0]!.resetAndDestroy();
    await away;
    while (brief(await read(line, 1)) !== "closed");
    expect(brief(await write(line, 0, "stop"))).toBe("closed");
    await serve(honest, port);
    expect(brief(await read(line, 1))).toBe("closed");
    expect(brief(await write(line, 0, "stop"))).toEqual([]);
    expect(brief(await read(line, 1))).toEqual([1, 2]);
  });
});

describe("opening a TCP line", () => {
  it("says which line and address cannot be reached, and why", async () => {
    const { port, server } = await serve(honest);
    const closed = once(server, "close");
    server.close();
    await closed;
    const opening = openLine("spindle", { tcp: `127.0.0.1:${port}` }, clock);
    await expect(opening).rejects.toMatchObject({
      code: "LINE_UNREACHABLE",
      message: `line spindle: 127.0.0.1:${port} cannot be reached: nobody listens there (ECONNREFUSED)`,
    });
  });

  it("refuses an address that is none", async () => {
    for (const tcp of ["localhost", "host:0", "host:70000", ":502"]) {
      await expect(openLine("a", { tcp }, clock)).rejects.toMatchObject({ code: "USAGE" });
    }
  });
});
