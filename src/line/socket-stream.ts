import { connect, type Socket } from "node:net";
import { Cancel, type Clock } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import type { ByteStream } from "./byte-stream.js";
import { placeOf } from "./wire.js";

const connectMs = 3000;
const keepAliveMs = 10_000;
/** An answer has at most 260 bytes; one buffer for all saves Node making one for each. */
const bufferBytes = 16_384;

/**
 * Our own socket to `host:port`, handed over `pauseMs` after it was connected; rejects with `LINE_UNREACHABLE` naming
 * line, address and cause.
 */
export async function dialTcp(
  name: string,
  address: string,
  clock: Clock,
  pauseMs = 0,
): Promise<ByteStream> {
  const { host, port } = split(name, address);
  const incoming: Incoming = { listeners: [] };
  const socket = connect({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveMs,
    onread: {
      buffer: new Uint8Array(bufferBytes),
      callback: (n, buffer) => tell(incoming, n, buffer),
    },
  });
  const late = new Cancel();
  void clock.sleep(connectMs, late).then(() => {
    if (!late.cancelled) socket.destroy(new Error(`no answer within ${connectMs / 1000} s`));
  });
  try {
    await opened(socket);
  } catch (error) {
    socket.destroy();
    const why = inWords(error as NodeJS.ErrnoException);
    throw new WearoutError(
      "LINE_UNREACHABLE",
      `${placeOf(name, address)} cannot be reached: ${why}`,
    );
  } finally {
    late.cancel();
  }
  const stream = new SocketStream(socket, incoming);
  if (pauseMs > 0) await clock.sleep(pauseMs);
  return stream;
}

function opened(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
}

/** Who is told of the bytes that come; what comes before there is anybody belongs to nobody. */
type Incoming = { listeners: ((bytes: Uint8Array) => void)[] };

/** Bytes lie in one buffer, which is used again: whoever keeps some copies them. */
function tell({ listeners }: Incoming, count: number, buffer: Uint8Array): boolean {
  const bytes = buffer.subarray(0, count);
  for (const listener of listeners) listener(bytes);
  return true;
}

class SocketStream implements ByteStream {
  readonly #socket: Socket;
  readonly #incoming: Incoming;
  #error: Error | undefined;

  constructor(socket: Socket, incoming: Incoming) {
    this.#socket = socket;
    this.#incoming = incoming;
    socket.on("error", (error) => {
      this.#error = error;
    });
    // The peer's end of stream: half a connection is none.
    socket.on("end", () => socket.destroy());
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#incoming.listeners.push(listener);
  }

  onClose(listener: (why: string) => void): void {
    const tell = () =>
      listener(this.#error === undefined ? "the peer closed the connection" : inWords(this.#error));
    // It may have gone while nobody listened yet.
    if (this.#socket.closed) queueMicrotask(tell);
    else this.#socket.once("close", tell);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.closed) return resolve();
      this.#socket.once("close", () => resolve());
      this.#socket.destroy();
    });
  }
}

/** `host:port`, with `[::1]:502` for IPv6. */
function split(name: string, address: string): { host: string; port: number } {
  const match = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(address);
  const port = Number(match?.[2]);
  if (match === null || port < 1 || port > 65535) {
    throw new WearoutError("USAGE", `line ${name}: found "${address}", expected host:port`);
  }
  return { host: match[1]!, port };
}

const words: Record<string, string> = {
  ECONNREFUSED: "nobody listens there",
  ECONNRESET: "the peer reset the connection",
  EPIPE: "the peer closed the connection",
  EHOSTUNREACH: "no way to that host",
  ENETUNREACH: "no way to that network",
  ENOTFOUND: "no host of that name",
  EAI_AGAIN: "host names cannot be looked up now",
  ETIMEDOUT: "no answer",
};

function inWords(error: NodeJS.ErrnoException): string {
  const known = error.code === undefined ? undefined : words[error.code];
  return known === undefined ? error.message : `${known} (${error.code})`;
}
