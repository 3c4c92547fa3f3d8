import { createServer, type Server, type Socket } from "node:net";
import { Cancel, type Clock } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import type { Random } from "../base/random.js";
import { encodeException, parseRequestBody, toTcp } from "../device/rtu-frame.js";
import { Answerer, type Units } from "./answer.js";
import type { Faults } from "./fault.js";
import { Outgoing, type Piece } from "./outgoing.js";

/** Devices served over Modbus TCP. */
export type TcpServer = {
  /** The one that was asked for, or the one the system chose for 0. */
  readonly port: number;
  /** Connections open now, and requests answered or ignored so far. */
  readonly connections: number;
  readonly requests: number;
  close(): Promise<void>;
};

const headerLength = 6;
/** Unit, function and at most 252 bytes of data (Modbus Messaging on TCP/IP V1.0b, 3.1.3). */
const longestBody = 254;
/** What a gateway answers for a unit that is not there (Modbus Application Protocol V1.1b3, 7). */
const gatewayTargetSilent = 11;

/**
 * Serves simulated devices over Modbus TCP, one gateway with many units. Strict: a header with
 * another protocol or an impossible length ends the connection, for nothing behind it can be trusted.
 * A unit that is not there is answered with exception 11, as the standard has it (some RTU gateways
 * stay silent instead; `deadUnits` does that).
 * Rejects with `LINE_IN_USE` or `LINE_UNREACHABLE`.
 */
export async function serveTcp(
  units: Units,
  address: { host: string; port: number },
  clock: Clock,
  faults?: Faults,
  random?: Random,
): Promise<TcpServer> {
  const answerer = new Answerer(units, clock, faults, random);
  const closing = new Cancel();
  const connections = new Set<Connection>();
  let requests = 0;
  const hub: Hub = {
    answerer,
    clock,
    closing,
    counted: () => requests++,
    unplug: () => {
      for (const connection of connections) connection.end();
    },
  };
  const server = createServer({ noDelay: true }, (socket) => {
    if (answerer.injector.unplugged) {
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, hub);
    connections.add(connection);
    socket.on("close", () => connections.delete(connection));
  });
  await listen(server, address);
  const bound = server.address();
  return {
    port: bound !== null && typeof bound === "object" ? bound.port : address.port,
    get connections() {
      return connections.size;
    },
    get requests() {
      return requests;
    },
    close: () => {
      closing.cancel();
      for (const connection of connections) connection.end();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const inUse = error.code === "EADDRINUSE";
      const why = inUse ? "is in use by another program" : `cannot be opened: ${error.message}`;
      const code = inUse ? "LINE_IN_USE" : "LINE_UNREACHABLE";
      reject(new WearoutError(code, `the address ${host}:${port} ${why}`));
    });
    server.listen(port, host, () => resolve());
  });
}

/** What the connections of one server share. */
type Hub = {
  answerer: Answerer;
  clock: Clock;
  closing: Cancel;
  /** A request came. */
  counted(): void;
  /** Ends every connection. */
  unplug(): void;
};

/** One client: cuts its bytes into frames; all answers of one chunk leave in one write. */
class Connection {
  readonly #socket: Socket;
  readonly #hub: Hub;
  readonly #outgoing: Outgoing;
  /** The beginning of a frame whose rest has not come yet; shorter than a frame. */
  #rest: Buffer = Buffer.alloc(0);
  #ready: Uint8Array[] = [];
  /** Half open: listens, and never answers again. */
  #deaf = false;

  constructor(socket: Socket, hub: Hub) {
    this.#socket = socket;
    this.#hub = hub;
    this.#outgoing = new Outgoing(hub.answerer.injector);
    socket.on("data", (chunk) => this.#onData(chunk));
    socket.on("drain", () => socket.resume());
    // A client that breaks off is everyday; "close" follows and tidies up.
    socket.on("error", () => {});
  }

  end(): void {
    this.#socket.destroy();
  }

  #onData(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= headerLength) {
      const length = bytes.readUInt16BE(at + 4);
      if (bytes.readUInt16BE(at + 2) !== 0 || length < 2 || length > longestBody) {
        this.end();
        return;
      }
      const end = at + headerLength + length;
      if (end > bytes.length) break;
      this.#onFrame(bytes.readUInt16BE(at), bytes.subarray(at + headerLength, end));
      at = end;
    }
    // A copy: a view would keep the whole chunk in memory.
    this.#rest = Buffer.from(bytes.subarray(at));
    this.#flush();
  }

  #onFrame(transaction: number, body: Uint8Array): void {
    const { answerer, counted } = this.#hub;
    counted();
    if (this.#deaf) return;
    const parsed = parseRequestBody(body);
    if (!answerer.knows(parsed.unit)) {
      const frame = encodeException(parsed.unit, body[1]!, gatewayTargetSilent);
      this.#ready.push(toTcp(transaction, frame));
      return;
    }
    const answer = answerer.answer(parsed);
    if (answer.fault === "unplug") this.#hub.unplug();
    else if (answer.fault === "reset") this.#socket.resetAndDestroy();
    else if (answer.fault === "half-open") this.#deaf = true;
    else this.#send(this.#outgoing.tcp(transaction, answer));
  }

  #send(pieces: readonly Piece[]): void {
    const [first] = pieces;
    if (pieces.length === 1 && first?.pauseMs === 0) this.#ready.push(first.bytes);
    else void this.#sendLater(pieces);
  }

  async #sendLater(pieces: readonly Piece[]): Promise<void> {
    for (const { bytes, pauseMs } of pieces) {
      await this.#hub.clock.sleep(pauseMs, this.#hub.closing);
      if (this.#socket.destroyed) return;
      this.#socket.write(bytes);
    }
  }

  /** A client that asks and never reads is not listened to until it does: no answers pile up. */
  #flush(): void {
    const [first] = this.#ready;
    if (first === undefined) return;
    const bytes = this.#ready.length === 1 ? first : Buffer.concat(this.#ready);
    this.#ready = [];
    if (!this.#socket.write(bytes)) this.#socket.pause();
  }
}
