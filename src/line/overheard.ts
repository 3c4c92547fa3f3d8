import { maskWrite } from "../device/request.js";
import { announcedLength, crcFits, parseRequest } from "../device/rtu-frame.js";
import type { Asked } from "./framer.js";

/** So many reads in a row that come back where none did before: the adapter was exchanged. */
const echoesInARow = 3;
/** Own requests that are known again when they come late. */
const mostSent = 8;

/** What the bytes of other origin on a line are counted as. */
export type OverheardCounts = { otherMaster: number; localEcho: number };

/**
 * Requests that are heard on the line: our own, from an adapter that echoes what it sends, and those of
 * another master. An own read request cannot be an answer, so one that comes back shows the echo;
 * single writes come back from the device as well and show nothing.
 */
export class Overheard {
  /** Does the adapter echo? Undefined until a read has shown it. */
  echoes: boolean | undefined;
  readonly #declared: boolean;
  readonly #counts: OverheardCounts;
  /** What was sent last, newest first; and what of it may still come back. */
  #sent: Uint8Array[] = [];
  #pending: Uint8Array[] = [];
  #asked: Asked | undefined;
  /** Something sent came back during the question under way. */
  #cameBack = false;
  #inARow = 0;

  /** `declared`: the adapter is known to echo, whatever is heard. */
  constructor(declared: boolean, counts: OverheardCounts) {
    this.#declared = declared;
    this.#counts = counts;
    if (declared) this.echoes = true;
  }

  /** A question goes out. */
  begin(asked: Asked, frame: Uint8Array): void {
    this.#asked = asked;
    this.#cameBack = false;
    this.#sent.unshift(frame);
    if (this.#sent.length > mostSent) this.#sent.pop();
    // A server that stood still gives everything back at once.
    if (this.echoes !== true) this.#pending.length = 0;
    this.#pending.push(frame);
    if (this.#pending.length > mostSent) this.#pending.shift();
  }

  /** It was answered, and by nothing earlier: a read without an echo shows that there is none. Does it? */
  answered(): boolean {
    if (this.#cameBack || this.#asked?.request.kind !== "read") return false;
    this.#inARow = 0;
    if (!this.#declared) this.echoes = false;
    return !this.#declared;
  }

  /** Was nothing heard that shows an echo, although a read was sent? Then there is none. */
  settle(): void {
    this.echoes ??= false;
  }

  /** Characters of the own request that come before any answer. */
  get echoLength(): number {
    const [current] = this.#sent;
    if (this.echoes !== true || current === undefined) return 0;
    return this.#pending.includes(current) ? 0 : current.length;
  }

  /** Length of the echo that stands at `at`, counted; `fits`: it could be the answer. */
  echoAt(bytes: Uint8Array, at: number, end: number, fits: boolean): number {
    const which = this.#pending.findIndex((frame) => isAt(frame, bytes, at, end));
    if (which < 0 || (fits && this.echoes !== true)) return 0;
    if (this.echoes === false && !this.#cameBack) this.#inARow++;
    this.#cameBack = true;
    if (this.echoes === false && this.#inARow < echoesInARow) return 0;
    this.echoes = true;
    this.#counts.localEcho++;
    return this.#pending.splice(which, 1)[0]!.length;
  }

  /** The whole request of another master that stands at `at`, counted; undefined when none does. */
  requestAt(bytes: Uint8Array, at: number, end: number): (Asked & { length: number }) | undefined {
    const length = wholeRequest(bytes, at, end);
    if (length === 0 || this.#isOwn(bytes, at, length)) return undefined;
    const parsed = parseRequest(bytes.subarray(at, at + length));
    if (!parsed.ok || parsed.unit > 247) return undefined;
    this.#counts.otherMaster++;
    return { unit: parsed.unit, request: parsed.request, length };
  }

  /** Our own, come late; or the confirmation of a write of ours, which looks like its request. */
  #isOwn(bytes: Uint8Array, at: number, length: number): boolean {
    const code = bytes[at + 1]!;
    const looksAlike = code === 5 || code === 6 || code === maskWrite;
    if (looksAlike && this.#isForOurs(bytes, at, length)) return true;
    if (!looksAlike && this.echoes !== true) return false;
    return this.#sent.some(
      (frame) => frame.length === length && isAt(frame, bytes, at, at + length),
    );
  }

  /** Is it what a device says to our write: of its unit for another place, or of another unit for its own? */
  #isForOurs(bytes: Uint8Array, at: number, length: number): boolean {
    const [sent] = this.#sent;
    if (sent === undefined || sent[1] !== bytes[at + 1] || sent.length !== length) return false;
    return sent[0] === bytes[at] || isAt(sent.subarray(1, -2), bytes, at + 1, at + length);
  }
}

/** Length of a frame that can be nothing but a request, or the confirmation of a single write. */
function wholeRequest(bytes: Uint8Array, at: number, end: number): number {
  const length = announcedLength(bytes, at);
  if (length <= 0 || at + length > end || !crcFits(bytes, at, at + length)) return 0;
  // 17 to 24 bits read make an answer as long as its question.
  return bytes[at + 1]! <= 2 && bytes[at + 2] === 3 ? 0 : length;
}

function isAt(frame: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (at + frame.length > end) return false;
  for (let i = 0; i < frame.length; i++) if (bytes[at + i] !== frame[i]) return false;
  return true;
}
