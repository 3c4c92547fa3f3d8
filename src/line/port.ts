import { EventEmitter } from "node:events";
import { assert } from "../base/error.js";
import { parseRequest } from "../device/rtu-frame.js";
import type { ByteStream } from "./byte-stream.js";
import type { Framer } from "./framer.js";

/**
 * Our own port object under modbus-serial: it hands up only whole, right answers to the request under
 * way, one at most, whatever the bytes on the wire do. Its own ports do not (`ModbusClient`).
 */
export class Port extends EventEmitter {
  isOpen = true;
  /** The last request as it went out. */
  sent: Uint8Array = new Uint8Array(0);
  readonly #stream: ByteStream;
  readonly #framer: Framer;

  constructor(stream: ByteStream, framer: Framer) {
    super();
    this.#stream = stream;
    this.#framer = framer;
    stream.onClose(() => {
      this.isOpen = false;
      this.emit("close");
    });
    stream.onData((bytes) => this.#receive(bytes));
  }

  /** The stream below is open already. */
  open(done: (error?: Error) => void): void {
    done();
  }

  close(done: (error?: Error) => void): void {
    this.#stream.close().then(() => done(), done);
  }

  write(frame: Uint8Array): void {
    const asked = parseRequest(frame);
    assert(asked.ok, "a request that Modbus allows");
    this.sent = this.#framer.begin(asked, frame);
    this.#stream.write(this.sent);
  }

  #receive(bytes: Uint8Array): void {
    const answer = this.#framer.feed(bytes);
    if (answer === undefined) return;
    this.emit("data", Buffer.from(answer.buffer, answer.byteOffset, answer.length));
  }
}
