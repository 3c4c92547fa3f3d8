import {
  announcedLength,
  longestFrame,
  type ParsedReply,
  parseReply,
} from "../device/rtu-frame.js";
import type { Asked, FrameCounts, Framer, Instead } from "./framer.js";
import type { LateAnswers } from "./late.js";
import type { LineFault } from "./line.js";
import { answerAt, faultAt, mayBegin } from "./match.js";
import type { Overheard } from "./overheard.js";

/**
 * Finds the one right answer among the bytes of an RTU line: unit, function, byte count, length, CRC
 * and echo must all fit. Anything else is skipped byte by byte and the hunt goes on, because noise,
 * another unit's frame or an answer that comes too late may stand before the true one (faults T1 to
 * T13 of modbus-serial's own RTU port).
 */
export class RtuFramer implements Framer {
  readonly broken = undefined;
  readonly #late: LateAnswers;
  readonly #overheard: Overheard;
  readonly #counts: FrameCounts;
  readonly #seen: (asked: Asked, frame: Uint8Array) => void;
  readonly #bytes = new Uint8Array(3 * longestFrame);
  #length = 0;
  /** What was left over when the question went out: another master's request may have begun in it. */
  #head = new Uint8Array(0);
  #asked: Asked | undefined;
  #found = new Uint8Array(0);

  /** `seen` is told of the requests of another master. */
  constructor(
    late: LateAnswers,
    overheard: Overheard,
    counts: FrameCounts,
    seen: (asked: Asked, frame: Uint8Array) => void = () => {},
  ) {
    this.#late = late;
    this.#overheard = overheard;
    this.#counts = counts;
    this.#seen = seen;
  }

  begin(asked: Asked, frame: Uint8Array): Uint8Array {
    if (this.#length > 0 || this.#head.length > 0) this.#head = this.#bytes.slice(0, this.#length);
    this.#drop(this.#length);
    this.#asked = asked;
    this.#late.begin(asked);
    this.#overheard.begin(asked, frame);
    return frame;
  }

  feed(bytes: Uint8Array): ParsedReply | undefined {
    let found: ParsedReply | undefined;
    for (let at = 0; at < bytes.length; at += longestFrame) {
      this.#append(bytes.subarray(at, at + longestFrame));
      if (this.#head.length > 0) this.#hearSplit();
      const answer = this.#hunt();
      // Behind an answer too another master may have asked.
      if (answer !== undefined) this.#hunt();
      found ??= answer;
    }
    return found;
  }

  frame(): Uint8Array {
    return this.#found;
  }

  end(): Instead {
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked === undefined || this.#length === 0) return { fault: "timeout", detail: "no answer" };
    let worst: LineFault = "partial";
    for (let at = 0; at < this.#length; at++) {
      const fault = faultAt(this.#bytes, at, this.#length, asked);
      if (severity.indexOf(fault) > severity.indexOf(worst)) worst = fault;
    }
    return { fault: worst, detail: `${this.#length} bytes, ${inWords[worst]}` };
  }

  #append(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#drop(longestFrame);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Throws the oldest bytes away. */
  #drop(count: number): void {
    this.#counts.staleBytes += count;
    this.#remove(0, count);
  }

  #remove(at: number, count: number): void {
    this.#bytes.copyWithin(at, at + count, this.#length);
    this.#length -= count;
  }

  #hunt(): ParsedReply | undefined {
    // Where an answer has begun the rest of it is data, whatever it looks like.
    let isData = false;
    for (let at = 0; at + 5 <= this.#length; at++) {
      const asked = this.#asked;
      const length = asked === undefined ? 0 : answerAt(this.#bytes, at, this.#length, asked);
      const known = this.#known(at, length, isData);
      if (known > 0) {
        this.#remove(at, known);
        at--;
      } else if (length > 0) {
        return this.#answer(at, length, asked!);
      }
      isData ||= asked !== undefined && mayBegin(this.#bytes, at, this.#length, asked);
    }
    return undefined;
  }

  /** Length of what stands at `at` and is known not to be the answer; `answer`: it would fit as one. */
  #known(at: number, answer: number, isData: boolean): number {
    if (this.#asked !== undefined) {
      const echo = this.#overheard.echoAt(this.#bytes, at, this.#length, answer > 0);
      if (echo > 0) {
        this.#late.echoed();
        return echo;
      }
    }
    if (answer > 0) return 0;
    const late = this.#late.claim(this.#bytes, at, this.#length);
    if (late > 0) this.#counts.lateReplies++;
    return late > 0 || isData ? late : this.#foreignRequest(at);
  }

  #foreignRequest(at: number): number {
    const foreign = this.#overheard.requestAt(this.#bytes, at, this.#length);
    if (foreign === undefined) return 0;
    this.#late.overheard(foreign);
    this.#seen(foreign, this.#bytes.slice(at, at + foreign.length));
    return foreign.length;
  }

  /** A request that began before our question went out, and ended after it. */
  #hearSplit(): void {
    const length = this.#head.length;
    const whole = Uint8Array.of(...this.#head, ...this.#bytes.subarray(0, this.#length));
    for (let at = 0; at < length; at++) {
      if (at + announcedLength(whole, at) <= length) continue;
      const foreign = this.#overheard.requestAt(whole, at, whole.length);
      if (foreign === undefined) continue;
      this.#late.overheard(foreign);
      this.#seen(foreign, whole.slice(at, at + foreign.length));
      this.#head = new Uint8Array(0);
      return;
    }
  }

  #answer(at: number, length: number, { unit, request }: Asked): ParsedReply {
    this.#late.take(this.#bytes, at, this.#length, this.#overheard.echoes);
    // An earlier answer may have been under way before the echo.
    if (this.#late.isOwn && this.#overheard.answered()) this.#late.echoedNot();
    this.#found = this.#bytes.slice(at, at + length);
    this.#asked = undefined;
    this.#drop(at);
    this.#remove(0, length);
    return parseReply(unit, request, this.#found);
  }
}

const severity: readonly LineFault[] = ["partial", "foreign", "crc", "length", "echo"];

const inWords: Partial<Record<LineFault, string>> = {
  partial: "no whole frame among them",
  foreign: "a frame of another unit or function",
  crc: "an answer whose CRC does not fit",
  length: "an answer whose byte count lies",
  echo: "a write confirmed for another register or value",
};
