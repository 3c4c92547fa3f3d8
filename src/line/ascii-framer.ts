import { AsciiReader, asciiOf } from "../device/ascii-frame.js";
import type { ParsedReply } from "../device/rtu-frame.js";
import type { Asked, Framer, Instead } from "./framer.js";

/**
 * Modbus ASCII around the framer of RTU: every frame that comes in is judged there as the RTU frame of the same body,
 * so that late answers, echoes and other masters are trusted no more on this wire than on that one.
 */
export class AsciiFramer implements Framer {
  readonly broken = undefined;
  readonly #inner: Framer;
  readonly #reader = new AsciiReader();

  constructor(inner: Framer) {
    this.#inner = inner;
  }

  begin(asked: Asked, frame: Uint8Array): Uint8Array {
    for (const rest of this.#reader.rest()) this.#inner.feed(rest);
    return asciiOf(this.#inner.begin(asked, frame));
  }

  feed(bytes: Uint8Array): ParsedReply | undefined {
    let found: ParsedReply | undefined;
    for (const frame of this.#reader.feed(bytes)) {
      const answer = this.#inner.feed(frame);
      found ??= answer;
    }
    return found;
  }

  frame(): Uint8Array {
    return this.#inner.frame();
  }

  end(): Instead {
    for (const rest of this.#reader.rest()) this.#inner.feed(rest);
    return this.#inner.end();
  }
}
