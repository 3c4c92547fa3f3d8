import { Cancel, type Clock, type ElapsedMs } from "../base/clock.js";
import type { Random } from "../base/random.js";
import { AsciiReader, asciiOf } from "../device/ascii-frame.js";
import { announcedLength, crcFits, longestFrame, parseRequest } from "../device/rtu-frame.js";
import { schedulingMs, t35Ms } from "../device/wire-time.js";
import { Answerer, type Units } from "./answer.js";
import type { Faults } from "./fault.js";
import { Outgoing, type Piece } from "./outgoing.js";

/** Bytes both ways: a serial port, one end of a pseudo-terminal, a test. */
export type SerialStream = {
  write(bytes: Uint8Array): void;
  onData(listener: (bytes: Uint8Array) => void): void;
};

/** Devices served over Modbus RTU. */
export type SerialServer = {
  /** Requests to units served here, broadcasts included. */
  readonly requests: number;
  close(): void;
};

/** The longest character: start bit, 8 data bits, parity or second stop bit, stop bit. */
const bitsPerChar = 11;

/**
 * Serves simulated devices over Modbus RTU, or ASCII where `framing` says so. A frame's length follows
 * from its function code, its CRC decides; neither a wrong CRC nor another unit is ever answered, a broadcast is carried out silently.
 * After garbage it finds the next frame by itself, or starts afresh after a silence (T3.5, but no
 * less than what an operating system may hold bytes back).
 */
export function serveSerial(
  units: Units,
  stream: SerialStream,
  { baud, framing }: { baud: number; framing?: "ascii" },
  clock: Clock,
  faults?: Faults,
  random?: Random,
): SerialServer {
  const answerer = new Answerer(units, clock, faults, random);
  const outgoing = new Outgoing(answerer.injector);
  const isAscii = framing === "ascii";
  const reader = new AsciiReader();
  const slicer = new Slicer(Math.max(t35Ms(baud, bitsPerChar), schedulingMs));
  const framesOf = (bytes: Uint8Array) =>
    isAscii ? reader.feed(bytes) : slicer.feed(bytes, clock.elapsed());
  const closing = new Cancel();
  let requests = 0;
  const send = async (pieces: readonly Piece[]): Promise<void> => {
    for (const { bytes, pauseMs } of pieces) {
      if (pauseMs > 0) await clock.sleep(pauseMs, closing);
      if (closing.cancelled) return;
      stream.write(bytes);
    }
  };
  const onFrame = (frame: Uint8Array): void => {
    const parsed = parseRequest(frame);
    if (parsed.unit !== 0 && !answerer.knows(parsed.unit)) return;
    requests++;
    if (parsed.unit === 0) answerer.broadcast(parsed);
    else void send(outgoing.rtu(answerer.answer(parsed)).map(isAscii ? inAscii : asItIs));
  };
  stream.onData((bytes) => {
    if (closing.cancelled || answerer.injector.unplugged) return;
    for (const frame of framesOf(bytes)) onFrame(frame);
  });
  return {
    get requests() {
      return requests;
    },
    close: () => closing.cancel(),
  };
}

/** What a fault has cut into pieces or damaged is damaged here too. */
function inAscii({ bytes, pauseMs }: Piece): Piece {
  return { bytes: asciiOf(bytes), pauseMs };
}

const asItIs = (piece: Piece): Piece => piece;

/** Cuts a stream of bytes into request frames whose CRC fits. */
class Slicer {
  readonly #silenceMs: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #lastAt: ElapsedMs = Number.NEGATIVE_INFINITY;

  constructor(silenceMs: number) {
    this.#silenceMs = silenceMs;
  }

  feed(chunk: Uint8Array, now: ElapsedMs): Uint8Array[] {
    const fresh = this.#bytes.length === 0 || now - this.#lastAt > this.#silenceMs;
    this.#bytes = fresh ? chunk : joined(this.#bytes, chunk);
    this.#lastAt = now;
    const frames: Uint8Array[] = [];
    let at = 0;
    while (at < this.#bytes.length) {
      const length = frameLength(this.#bytes, at);
      if (length === undefined) break;
      if (length > 0) frames.push(this.#bytes.subarray(at, at + length));
      at += Math.max(length, 1);
    }
    this.#bytes = this.#bytes.slice(at);
    return frames;
  }
}

/**
 * Length of the frame that stands at `at`; 0 when none does, undefined while its end is missing. A
 * function we do not know announces no length: a frame when its CRC stands where the bytes end.
 */
function frameLength(bytes: Uint8Array, at: number): number | undefined {
  const announced = announcedLength(bytes, at);
  const length = announced < 0 ? bytes.length - at : announced;
  if (length > longestFrame) return 0;
  if (length === 0 || at + length > bytes.length) return undefined;
  return crcFits(bytes, at, at + length) ? length : 0;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
