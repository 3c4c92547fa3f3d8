/** Both ends of a wire for commands under test: served devices, a recording server, a serial pair. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterAll } from "vitest";
import { openPtyPair } from "../../src/sim/pty-pair.js";
import { wearoutHeard } from "./in-process.js";

const closers: (() => unknown)[] = [];
const servings: Promise<unknown>[] = [];
afterAll(async () => {
  for (const close of closers) await close();
  if (servings.length > 0) process.emit("SIGHUP", "SIGHUP");
  await Promise.all(servings);
});

/** A device served by the command inside this process; its address is read from what it says. */
export function served(...args: string[]): Promise<string> {
  return serving(/ on (\S+:\d+);/, ...args, "--tcp", "127.0.0.1:0");
}

/** `device serve` until the test file is over; gives what the pattern finds in its words. */
function serving(place: RegExp, ...args: string[]): Promise<string> {
  // Each waits for the signal that ends it.
  process.setMaxListeners(100);
  return new Promise((resolve, reject) => {
    const there = (words: string) => resolve(place.exec(words)![1]!);
    const ended = wearoutHeard(place, there, "device", "serve", ...args);
    servings.push(ended);
    void ended.then(({ talk }) => reject(new Error(`ended: ${talk}`)));
  });
}

/** Answers requests (unit, function, data) with what `answer` makes of them, and keeps them all. */
export async function recording(
  answer: (pdu: Buffer) => readonly number[] | undefined,
): Promise<{ at: string; requests: Buffer[] }> {
  const requests: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (frame) => {
      requests.push(frame);
      const pdu = answer(frame.subarray(6));
      if (pdu === undefined) return;
      const head = [frame[0] ?? 0, frame[1] ?? 0, 0, 0, 0, pdu.length];
      socket.write(Buffer.from([...head, ...pdu]));
    });
  });
  return { at: await onLoopback(server, sockets), requests };
}

/** Listens on a free port until the test is over; gives its address. */
async function onLoopback(server: Server, sockets: Set<Socket>): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Forwards between a recording server and what stands behind it, byte for byte. */
export async function tapped(to: string): Promise<{ at: string; requests: Buffer[] }> {
  const requests: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(to.split(":")[1]), "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
    }
    near.on("data", (bytes) => {
      requests.push(bytes);
      far.write(bytes);
    });
    far.pipe(near);
    near.on("close", () => far.destroy());
  });
  return { at: await onLoopback(server, sockets), requests };
}

/** Two serial ports joined by a wire, and what went from near to far; undefined where none can be made. */
export async function serialPair(): Promise<
  { far: string; near: string; sent: Buffer[] } | undefined
> {
  const [far, near] = [await openPtyPair(), await openPtyPair()];
  if (!far.ok || !near.ok) return undefined;
  const sent: Buffer[] = [];
  far.stream.onData((bytes) => near.stream.write(bytes));
  near.stream.onData((bytes) => {
    sent.push(Buffer.from(bytes));
    far.stream.write(bytes);
  });
  closers.push(
    () => far.close(),
    () => near.close(),
  );
  return { far: far.path, near: near.path, sent };
}

/** A served device on the far end. */
export async function servedSerial(...args: string[]): Promise<void> {
  await serving(/ on (.*); Ctrl-C/, ...args);
}
