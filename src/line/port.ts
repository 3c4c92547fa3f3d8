import { EventEmitter } from "node:events";
import { assert } from "../base/error.js";
import type { ReadRequest } from "../device/request.js";
import { encodeRequest, type ParsedReply } from "../device/rtu-frame.js";
import type { ByteStream } from "./byte-stream.js";
import type { Asked, Framer } from "./framer.js";

/** A read under way, and who waits for it. */
type Reading = Asked & { done: (reply: ParsedReply) => void };

/**
 * Our own port object: it hands up only whole, right answers to the request under way, one at most, whatever the bytes
 * on the wire do. Reads are asked and answered here; writes come from modbus-serial, whose own ports do none of this.
 */
export class Port extends EventEmitter {
  isOpen = true;
  /** The last request as it went out. */
  sent: Uint8Array = new Uint8Array(0);
  readonly #stream: ByteStream;
  readonly #framer: Framer;
  #reading: Reading | undefined;
  #writing: Asked | undefined;

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

  /** Asks for registers or bits; `done` gets the answer, if one comes. */
  read(unit: number, request: ReadRequest, done: Reading["done"]): void {
    this.#reading = { unit, request, done };
    this.#send(this.#reading, encodeRequest(unit, request));
  }

  /** What the next frame of modbus-serial has to say. */
  writes(asked: Asked): void {
    this.#reading = undefined;
    this.#writing = asked;
  }

  /** The stream below is open already. */
  open(done: (error?: Error) => void): void {
    done();
  }

  close(done: (error?: Error) => void): void {
    this.#stream.close().then(() => done(), done);
  }

  /** From modbus-serial: it goes out only when both codecs say the same, byte for byte. */
  write(frame: Uint8Array): void {
    const asked = this.#writing;
    assert(asked !== undefined, "a write that was announced");
    const ours = encodeRequest(asked.unit, asked.request);
    assert(Buffer.compare(ours, frame) === 0, "modbus-serial and we write the same frame");
    this.#send(asked, frame);
  }

  #send(asked: Asked, frame: Uint8Array): void {
    this.sent = this.#framer.begin(asked, frame);
    this.#stream.write(this.sent);
  }

  #receive(bytes: Uint8Array): void {
    const reply = this.#framer.feed(bytes);
    if (reply === undefined) return;
    const reading = this.#reading;
    if (reading === undefined) {
      const { buffer, byteOffset, length } = this.#framer.frame();
      this.emit("data", Buffer.from(buffer, byteOffset, length));
      return;
    }
    this.#reading = undefined;
    reading.done(reply);
  }
}
