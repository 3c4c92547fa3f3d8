import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openPtyPair } from "../../src/sim/pty-pair.js";
import { newFolder, Started, wearout } from "./command.js";
import { wearoutHeard } from "./in-process.js";

const closers: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
});

/** A served device in another process; its address is read from what it says. */
async function served(...args: string[]): Promise<{ at: string; process: Started }> {
  const process = new Started(["device", "serve", ...args, "--tcp", "127.0.0.1:0"]);
  closers.push(() => process.child.kill());
  return { at: await process.heard(/ on (\S+:\d+);/), process };
}

/** A server that answers every request with what `answer` makes of it; nothing when undefined. */
async function scripted(answer: (request: Buffer) => Buffer | undefined): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (request) => {
      const reply = answer(request);
      if (reply !== undefined) socket.write(reply);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("wearout line read against a device served by another process", () => {
  it("gives the value over TCP, as text and as JSON", async () => {
    const meter = ["eastron/sdm630", "--unit", "5", "--set", "voltage-l1=231.5"];
    const { at, process } = await served(...meter);
    const read = ["line", "read", "--tcp", at, "--unit", "5", "input", "0", "2", "--as", "f32"];
    const text = await wearout(...read);
    expect(text).toMatchObject({ status: 0, talk: "" });
    expect(text.out).toMatch(/^address +hex +raw +f32\n0 +0x0 +4367 8000 +231\.5\n$/);
    const { status, out } = await wearout(...read, "--json");
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual({
      unit: 5,
      table: "input",
      address: 0,
      count: 2,
      words: [0x4367, 0x8000],
      as: "f32",
      order: "ABCD",
      values: [231.5],
    });
    const said = await process.interrupt();
    expect(said).toMatchObject({ status: 0, out: "" });
    expect(said.talk).toContain("SIMULATED eastron/sdm630 as unit 5");
  });

  it("gives bits and signed registers, and ends with 4 where there is no register", async () => {
    const { at } = await served("omron/e5cc", "--unit", "2", "--set", "pv=-12");
    const read = ["line", "read", "--tcp", at, "--unit", "2", "holding"];
    const { status, out } = await wearout(...read, "0x2000", "1", "--as", "s16", "--json");
    expect(status).toBe(0);
    expect((JSON.parse(out) as { values: number[] }).values).toEqual([-12]);
    const beyond = await wearout(...read, "0xFF00", "1");
    expect(beyond).toMatchObject({ status: 4, out: "" });
    expect(beyond.talk).toMatch(/^wearout: unit 2: exception 2: /);
  });

  it("ends with 4 when the unit does not answer", async () => {
    const { at } = await served("omron/e5cc", "--unit", "2");
    const { status, talk } = await wearout(
      "line",
      "read",
      "--tcp",
      at,
      "--unit",
      "3",
      "holding",
      "0",
      "1",
    );
    expect(status).toBe(4);
    expect(talk).toMatch(/^wearout: unit 3: /);
  });

  it("gives the same over a serial pair, where there is one", async (test) => {
    const [far, near] = [await openPtyPair(), await openPtyPair()];
    if (!far.ok || !near.ok) {
      await test.annotate("no serial pair can be made here");
      return;
    }
    far.stream.onData((bytes) => near.stream.write(bytes));
    near.stream.onData((bytes) => far.stream.write(bytes));
    closers.push(
      () => far.close(),
      () => near.close(),
    );
    const wire = ["--baud", "57600", "--format", "8E1", "--unit", "2"];
    const process = new Started([
      "device",
      "serve",
      "omron/e5cc",
      "--serial",
      far.path,
      ...wire,
      "--set",
      "pv=62",
    ]);
    closers.push(() => process.child.kill());
    expect(await process.heard(/ on (.*); Ctrl-C/)).toBe(`${far.path}, 57600 8E1`);
    const { status, out, talk } = await wearout(
      ...["line", "read", "--serial", near.path, ...wire, "holding", "0x2000", "1", "--as", "s16"],
      "--json",
    );
    expect({ status, talk }).toEqual({ status: 0, talk: "" });
    expect((JSON.parse(out) as { values: number[] }).values).toEqual([62]);
    expect((await process.interrupt()).status).toBe(0);
  });
});

it("a file that is no serial port is called that", async () => {
  const file = join(newFolder(), "ttyUSB0");
  writeFileSync(file, "");
  const said = await wearout("line", "read", "--serial", file, "input", "0", "1");
  expect(said.talk).toBe(`wearout: ${file} cannot be opened: it is no serial port\n`);
  expect(said.status).toBe(4);
});

it("a served device whose port is gone says so and ends with 4", async (test) => {
  const pair = await openPtyPair();
  if (!pair.ok) {
    await test.annotate("no serial pair can be made here");
    return;
  }
  // Within this process: another one would inherit our end of the pair, and never see it close.
  const args = ["device", "serve", "omron/e5cc", "--serial", pair.path];
  const { status, talk } = await wearoutHeard(/Ctrl-C/, () => pair.close(), ...args);
  expect(talk).toContain(`${pair.path} is gone: was its adapter unplugged?`);
  expect(status).toBe(4);
});

describe("a device that is not what it should be ends the command with 4", () => {
  const read = (at: string) =>
    wearout("line", "read", "--tcp", at, "--unit", "1", "holding", "0", "2", "--json");

  const nonsense: [string, (request: Buffer) => Buffer | undefined][] = [
    ["answers for another unit", (r) => reply(r, [9, 3, 4, 0, 1, 0, 2])],
    ["answers another function", (r) => reply(r, [1, 4, 4, 0, 1, 0, 2])],
    ["answers with fewer registers", (r) => reply(r, [1, 3, 2, 0, 1])],
    ["counts bytes it does not send", (r) => reply(r, [1, 3, 4, 0, 1])],
    ["answers with an exception", (r) => reply(r, [1, 0x83, 2])],
    ["talks another protocol", () => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["says nothing", () => undefined],
  ];
  for (const [name, answer] of nonsense) {
    it(`one that ${name}`, async () => {
      const { status, out, talk } = await read(await scripted(answer));
      expect({ status, out }).toEqual({ status: 4, out: "" });
      expect(talk).toMatch(/^wearout: unit 1: [a-z]+( \d)?: .+\n$/);
    });
  }

  it("while the same server with the right answer is read", async () => {
    const { status, out } = await read(await scripted((r) => reply(r, [1, 3, 4, 0, 1, 0, 2])));
    expect(status).toBe(0);
    expect((JSON.parse(out) as { words: number[] }).words).toEqual([1, 2]);
  });
});

/** An answer in the request's transaction. */
function reply(request: Buffer, pdu: readonly number[]): Buffer {
  return Buffer.from([request[0] ?? 0, request[1] ?? 0, 0, 0, 0, pdu.length, ...pdu]);
}

describe("a broadcast on a wire", () => {
  it("is no read: nobody answers it", async () => {
    const at = ["--serial", "/dev/nonexistent-port", "--unit", "0"];
    const { status, talk } = await wearout("line", "read", ...at, "holding", "0", "1");
    expect({ status, talk }).toEqual({
      status: 2,
      talk: "wearout: --unit: 0 is everybody on a wire, and nobody answers; expected 1 to 255\n",
    });
  });
});

describe("a line that cannot be had ends the command with 4 and names the address", () => {
  it("a socket nobody listens on", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.close();
    await once(server, "close");
    const { status, talk } = await wearout("line", "read", "--tcp", at, "holding", "0", "1");
    expect(status).toBe(4);
    expect(talk).toContain(at);
    expect(talk).not.toContain("defect");
  });

  it("a serial port that is not there", async () => {
    const serial = ["--serial", "/dev/nonexistent-port"];
    const read = await wearout("line", "read", ...serial, "holding", "0", "1");
    const serve = await wearout("device", "serve", "omron/e5cc", ...serial);
    for (const { status, talk } of [read, serve]) {
      expect(status).toBe(4);
      expect(talk).toContain("/dev/nonexistent-port");
    }
  });

  it("a port in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    closers.push(() => server.close());
    const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { status, talk } = await wearout("device", "serve", "omron/e5cc", "--tcp", at);
    expect(status).toBe(4);
    expect(talk).toContain(at);
    expect(talk).not.toContain("defect");
  });
});
