/** What bytes travel on: a socket or a pseudo-terminal that can be dead in several ways and come back. */
import { closeSync, constants, mkdtempSync, openSync, rmSync, symlinkSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReadStream } from "node:tty";
import type { Death, LineKind } from "./config.js";
import { type Cut, RtuCutter, TcpCutter } from "./wire.js";

/** Called with every request; `reply` sends into the stream it came from. */
export type OnCut = (cut: Cut, reply: (bytes: Buffer) => void) => void;

export interface Carrier {
  /** `host:port`, or the steady name of the port. */
  readonly place: string;
  /** `silent` is the server's own matter: bytes still come here. */
  die(how: Death): Promise<void>;
  revive(): Promise<void>;
}

export function openCarrier(kind: LineKind, onCut: OnCut): Promise<Carrier> {
  return kind === "serial" ? PtyCarrier.open(onCut) : SocketCarrier.open(kind, onCut);
}

class SocketCarrier implements Carrier {
  readonly #kind: LineKind;
  readonly #onCut: OnCut;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  private constructor(kind: LineKind, onCut: OnCut) {
    this.#kind = kind;
    this.#onCut = onCut;
  }

  static async open(kind: LineKind, onCut: OnCut): Promise<SocketCarrier> {
    const carrier = new SocketCarrier(kind, onCut);
    await carrier.revive();
    return carrier;
  }

  get place(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async die(how: Death): Promise<void> {
    if (how === "silent") return;
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  async revive(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, "127.0.0.1", resolve);
    });
    this.#port = (server.address() as { port: number }).port;
  }

  #accept(socket: Socket): void {
    const cutter = this.#kind === "tcp" ? new TcpCutter() : new RtuCutter();
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
    const reply = (bytes: Buffer) => {
      if (socket.writable) socket.write(bytes);
    };
    socket.on("data", (bytes) => {
      for (const cut of cutter.push(bytes)) this.#onCut(cut, reply);
    });
  }
}

/** The part of node-pty that is needed; its types leave `open` out. */
type Pty = {
  open(options: { encoding: null }): { _pty: string; _master: ReadStream; _slave: ReadStream };
};

class PtyCarrier implements Carrier {
  readonly place: string;
  readonly #onCut: OnCut;
  readonly #pty: Pty;
  #close: (() => void) | undefined;

  private constructor(pty: Pty, folder: string, onCut: OnCut) {
    this.#pty = pty;
    this.#onCut = onCut;
    this.place = join(folder, "adapter");
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  }

  static async open(onCut: OnCut): Promise<PtyCarrier> {
    // By a variable: the build must not need an optional dependency.
    const packageName = "@lydell/node-pty";
    const pty = (await import(packageName)) as Pty;
    const carrier = new PtyCarrier(pty, mkdtempSync(join(tmpdir(), "plant-pty-")), onCut);
    await carrier.revive();
    return carrier;
  }

  async die(how: Death): Promise<void> {
    if (how === "silent") return;
    this.#close?.();
    this.#close = undefined;
  }

  async revive(): Promise<void> {
    if (this.#close !== undefined) return;
    const { _pty: path, _master: master, _slave: slave } = this.#pty.open({ encoding: null });
    (slave as ReadStream & { setRawMode(raw: boolean): void }).setRawMode(true);
    // Held open, never read: without a holder our end fails whenever a program closes the port.
    const holder = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
    slave.destroy();
    master.removeAllListeners("error");
    master.on("error", () => {});
    const cutter = new RtuCutter();
    const reply = (bytes: Buffer) => {
      if (!master.destroyed) (master as unknown as Socket).write(bytes);
    };
    master.on("data", (bytes: Buffer) => {
      for (const cut of cutter.push(bytes)) this.#onCut(cut, reply);
    });
    symlinkSync(path, this.place);
    this.#close = () => {
      rmSync(this.place, { force: true });
      closeSync(holder);
      master.destroy();
    };
  }
}
