import { once } from "node:events";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SerialPort } from "serialport";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RealClock } from "../../src/base/clock.js";
import type { Request } from "../../src/device/request.js";
import { encodeReply, parseRequest } from "../../src/device/rtu-frame.js";
import type { Line, Reply } from "../../src/line/line.js";
import { openLine } from "../../src/line/open.js";

/** A serial pair: `path` is one end, `master` the other. The pair's types do not tell all of it. */
type Pair = { _pty: string; master: Socket; slave: Socket };
type Pty = { open: (options: object) => Pair };

const pty: { open?: Pty["open"]; missing?: string } = await import("@lydell/node-pty").then(
  (module) => ({ open: (module as unknown as Pty).open }),
  (error: Error) => ({ missing: error.message.split("\n")[0] ?? "unknown" }),
);

const clock = new RealClock();
/** For answers that come: even a machine that stalls makes it in time. */
const patient = { turnaroundMs: 10_000, silenceMs: 0 };
/** For an answer that comes after its timeout, but within its late window. */
const hasty = { turnaroundMs: 400, silenceMs: 0 };

let pair: Pair;
let line: Line | undefined;
/** What the slave does with the n-th request (from 0). */
let script: (unit: number, request: Request, n: number) => void;

function openPair(): Pair {
  const made = pty.open!({ encoding: null });
  // Its own reader of the slave side would steal the bytes.
  made.slave.destroy();
  let n = 0;
  made.master.on("error", () => {});
  made.master.on("data", (bytes: Buffer) => {
    const parsed = parseRequest(bytes);
    if (parsed.ok) script(parsed.unit, parsed.request, n++);
  });
  return made;
}

function honest(unit: number, request: Request): void {
  const count = request.kind === "read" ? request.count : 0;
  const words = Array.from({ length: count }, (_, i) => request.address + i);
  pair.master.write(encodeReply(unit, request, words));
}

function open(path = pair._pty): Promise<Line> {
  return openLine("pair", { serial: path, baud: 115_200, format: "8N1" }, clock);
}

function read(address: number, count = 2, timing = patient): Promise<Reply> {
  return line!.exchange(1, { kind: "read", table: "holding", address, count }, timing, "fast");
}

const brief = (reply: Reply) => (reply.ok ? [...reply.words] : reply.fault);

if (pty.missing !== undefined) {
  describe("a serial pair", () => {
    it(`cannot be made here, so the tests over one did not run: ${pty.missing}`, () => {
      expect(pty.missing).not.toBe("");
    });
  });
}

describe.runIf(pty.open !== undefined)("an RTU line over a real serial pair", () => {
  beforeEach(() => {
    script = honest;
    pair = openPair();
  });

  afterEach(async () => {
    await line?.close();
    line = undefined;
    pair.master.destroy();
  });

  it("reads and writes, every byte value unchanged", async () => {
    line = await open();
    expect(brief(await read(0x0a0d, 120))).toEqual(
      Array.from({ length: 120 }, (_, i) => 0x0a0d + i),
    );
    for (const value of [0x0a0a, 0x0d0d, 0x1113, 0x0304, 0xffff, 0]) {
      const request = {
        kind: "write",
        table: "holding",
        address: value,
        values: [value],
        single: true,
      } as const;
      expect(brief(await line.exchange(1, request, patient, "write"))).toEqual([]);
    }
  });

  it("T1, T5d: neither a late reply nor noise shifts later reads", async () => {
    let late = () => {};
    script = (unit, request, n) => {
      if (n === 0) late = () => honest(unit, request);
      else {
        pair.master.write(Uint8Array.of(0x01, 0x83, 0x02, 0x09, 0x09));
        honest(unit, request);
      }
    };
    line = await open();
    expect(brief(await read(100, 2, hasty))).toBe("timeout");
    late();
    for (const address of [200, 300, 400]) {
      expect(brief(await read(address))).toEqual([address, address + 1]);
    }
    expect(line.statistics).toMatchObject({ ok: 3, lateReplies: 1, staleBytes: 15 });
  });

  it("refuses a second open of the same device, under another name too, and keeps running", async () => {
    line = await open();
    await expect(open()).rejects.toMatchObject({
      code: "LINE_IN_USE",
      message: `line pair: ${pair._pty} is held by line pair of this process`,
    });
    await expect(open(pair._pty.replace("/dev/", "/dev/../dev/"))).rejects.toMatchObject({
      code: "LINE_IN_USE",
    });
    expect(brief(await read(5))).toEqual([5, 6]);
  });

  it("says so when another program holds the port", async () => {
    const other = new SerialPort({ path: pair._pty, baudRate: 9600, autoOpen: false });
    await new Promise((resolve) => other.open(resolve));
    await expect(open()).rejects.toMatchObject({
      code: "LINE_IN_USE",
      message: `line pair: ${pair._pty} is held by another program`,
    });
    await new Promise((resolve) => other.close(resolve));
    line = await open();
    expect(brief(await read(5))).toEqual([5, 6]);
  });

  it("keeps other programs out while it is open", async () => {
    line = await open();
    const other = new SerialPort({ path: pair._pty, baudRate: 115_200, autoOpen: false });
    const refused = await new Promise<Error | null>((resolve) => other.open(resolve));
    expect(refused?.message).toMatch(/cannot lock/i);
    expect(brief(await read(5))).toEqual([5, 6]);
  });

  it("can be opened again after it was closed", async () => {
    line = await open();
    await line.close();
    line = await open();
    expect(brief(await read(5))).toEqual([5, 6]);
  });

  it("T14: a hang-up settles the request in flight at once", async () => {
    script = () => pair.master.destroy();
    line = await open();
    const [reply] = await Promise.all([read(0), once(pair.master, "close")]);
    expect(brief(reply)).toBe("closed");
  });

  it("T14: comes back under the same stable name after a hang-up", async () => {
    const folder = await mkdtemp(join(tmpdir(), "line-"));
    const name = join(folder, "adapter");
    await symlink(pair._pty, name);
    line = await open(name);
    expect(brief(await read(1))).toEqual([1, 2]);
    script = () => pair.master.destroy();
    expect(brief(await read(1))).toBe("closed");
    script = honest;
    pair = openPair();
    await rm(name);
    await symlink(pair._pty, name);
    const request = {
      kind: "write",
      table: "holding",
      address: 7,
      values: [0],
      single: true,
    } as const;
    expect(brief(await line.exchange(1, request, patient, "stop"))).toEqual([]);
    expect(line.statistics).toMatchObject({ reconnects: 1, closed: 1 });
    await rm(folder, { recursive: true });
  });

  it("T8: close in flight settles it", async () => {
    let arrived = () => {};
    const onWire = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    script = () => arrived();
    line = await open();
    const pending = read(0);
    await onWire;
    await line.close();
    expect(brief(await pending)).toBe("closed");
  });
});

describe("opening a serial line", () => {
  it("says which line and port cannot be opened, and why", async () => {
    await expect(open("/dev/no-such-port")).rejects.toMatchObject({
      code: "LINE_UNREACHABLE",
      message: expect.stringMatching(
        /^line pair: \/dev\/no-such-port cannot be opened: there is no/,
      ),
    });
    await expect(open("/dev/null")).rejects.toMatchObject({ code: "LINE_UNREACHABLE" });
  });
});
