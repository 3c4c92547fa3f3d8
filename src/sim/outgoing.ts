import { toTcp } from "../device/rtu-frame.js";
import type { Answer } from "./answer.js";
import type { Injector } from "./injector.js";

/** Bytes to write, and how long to wait before. */
export type Piece = { bytes: Uint8Array; pauseMs: number };

const piecesOfSplit = 3;

/** Turns answers into the pieces in which they leave one serial line or one connection. */
export class Outgoing {
  readonly #injector: Injector;
  /** Answers held back until another one goes (`merged`). */
  #held: Uint8Array[] = [];

  constructor(injector: Injector) {
    this.#injector = injector;
  }

  /** Over a serial line. */
  rtu({ frame, delayMs, fault }: Answer): Piece[] {
    if (frame === undefined) return [];
    if (fault === "crc") return this.#whole(damaged(frame), delayMs);
    if (fault === "noise-before") {
      return this.#whole(Buffer.concat([this.#noise(), frame]), delayMs);
    }
    if (fault === "noise-inside") {
      const at = this.#injector.pick(1, frame.length - 2);
      const parts = [frame.subarray(0, at), this.#noise(), frame.subarray(at)];
      return this.#whole(Buffer.concat(parts), delayMs);
    }
    return this.#timed(frame, { frame, delayMs, fault });
  }

  /** Behind a TCP header. */
  tcp(transaction: number, answer: Answer): Piece[] {
    const { frame, delayMs, fault } = answer;
    if (frame === undefined) return [];
    if (fault === "wrong-id") {
      return this.#whole(toTcp((transaction + 1) & 0xffff, otherData(frame)), delayMs);
    }
    if (fault === "wrap-id") {
      return this.#whole(toTcp(transaction ^ 0x0100, otherData(frame)), delayMs);
    }
    const bytes = toTcp(transaction, frame);
    if (fault === "bad-length") {
      bytes[4] = 60_000 >> 8;
      bytes[5] = 60_000 & 0xff;
    }
    return this.#timed(bytes, answer);
  }

  #timed(bytes: Uint8Array, { delayMs, fault }: Answer): Piece[] {
    if (fault === "merged") {
      this.#held.push(bytes);
      return [];
    }
    if (fault === "split") return this.#split(bytes, delayMs);
    return this.#whole(bytes, delayMs);
  }

  #split(bytes: Uint8Array, delayMs: number): Piece[] {
    const length = Math.ceil(bytes.length / piecesOfSplit);
    return Array.from({ length: piecesOfSplit }, (_, i) => ({
      bytes: bytes.subarray(i * length, (i + 1) * length),
      pauseMs: i === 0 ? delayMs : this.#injector.faults.splitMs,
    }));
  }

  #whole(bytes: Uint8Array, pauseMs: number): Piece[] {
    if (this.#held.length === 0) return [{ bytes, pauseMs }];
    return [{ bytes: Buffer.concat([...this.#held.splice(0), bytes]), pauseMs }];
  }

  #noise(): Uint8Array {
    const count = this.#injector.pick(1, 6);
    return Uint8Array.from({ length: count }, () => this.#injector.pick(0, 255));
  }
}

function damaged(frame: Uint8Array): Uint8Array {
  const other = frame.slice();
  other[other.length - 1]! ^= 0xff;
  return other;
}

/** The same answer with every data byte inverted: whoever takes it for the right one has wrong data. */
function otherData(frame: Uint8Array): Uint8Array {
  const isRead = frame[1]! <= 4;
  return frame.map((byte, i) => (isRead && i >= 3 ? byte ^ 0xff : byte));
}
