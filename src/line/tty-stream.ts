import { closeSync, constants, openSync, writeSync } from "node:fs";
import type { SocketConstructorOpts } from "node:net";
import { ReadStream } from "node:tty";
import type { SerialPort } from "serialport";
import type { ByteStream } from "./byte-stream.js";

const chunkBytes = 4096;

/**
 * Bytes of a serial port that serialport has opened, configured and locked, read by Node's own terminal
 * stream and written at once. serialport's reader takes two trips through the thread pool per chunk:
 * more than twice the CPU time, and a stop that waits behind whatever keeps the pool busy
 * (docs/performance.md, "Serial lines"). The port must never get a listener for data: two readers steal
 * each other's bytes. Linux only; elsewhere `SerialStream`.
 */
export class TtyStream implements ByteStream {
  readonly lowLatency?: boolean;
  readonly #port: SerialPort;
  readonly #fd: number;
  readonly #reader: ReadStream;
  readonly #closed: Promise<string>;
  readonly #listeners: ((bytes: Uint8Array) => void)[] = [];
  #why = "closed";

  /**
   * `device` is opened once more: libuv puts a descriptor of its own in the place of the one it is given,
   * and serialport's holds the lock.
   */
  constructor(
    port: SerialPort,
    device: string,
    lowLatency: boolean | undefined,
    release: () => void,
  ) {
    if (lowLatency !== undefined) this.lowLatency = lowLatency;
    this.#port = port;
    this.#fd = openSync(device, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    // Read into one buffer: a new one of 64 kB for every few bytes costs more than the bytes.
    const buffer = new Uint8Array(chunkBytes);
    const callback = (count: number) => {
      const bytes = buffer.subarray(0, count);
      for (const listener of this.#listeners) listener(bytes);
      return true;
    };
    this.#reader = new ReadStream(this.#fd, {
      onread: { buffer, callback },
    } as SocketConstructorOpts);
    this.#closed = new Promise((resolve) => {
      port.once("close", () => {
        release();
        resolve(this.#why);
      });
    });
    port.on("error", (error) => this.#lost(error.message));
    this.#reader.on("error", (error) => this.#lost(error.message));
    this.#reader.on("end", () => this.#lost("hung up"));
    this.#reader.resume();
  }

  /** A frame fits the kernel's buffer; a line that does not take it is in an unknown state. */
  write(bytes: Uint8Array): void {
    if (!this.#port.isOpen) return;
    try {
      if (writeSync(this.#fd, bytes) === bytes.length) return;
      this.#lost("the port takes no more bytes");
    } catch (error) {
      this.#lost((error as Error).message);
    }
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#listeners.push(listener);
  }

  onClose(listener: (why: string) => void): void {
    void this.#closed.then(listener);
  }

  async close(): Promise<void> {
    if (!this.#end()) return;
    await this.#closed;
  }

  #lost(why: string): void {
    if (this.#why === "closed" && this.#port.isOpen) this.#why = `the port is gone (${why})`;
    this.#end();
  }

  #end(): boolean {
    if (!this.#port.isOpen) return this.#port.closing;
    this.#closeReader();
    this.#port.close(() => {});
    return true;
  }

  /** libuv closes what it reads from; ours is another number unless it could not open the device again. */
  #closeReader(): void {
    const { _handle } = this.#reader as { _handle?: { fd?: number } };
    const isOurs = _handle?.fd !== this.#fd;
    this.#reader.destroy();
    if (isOurs) closeSync(this.#fd);
  }
}
