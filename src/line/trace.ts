import type { ElapsedMs } from "../base/clock.js";
import { functionCode, type Request } from "../device/request.js";
import { encodeException, encodeReply, encodeRequest } from "../device/rtu-frame.js";
import type { FrameSeen, Reply } from "./line.js";

const mostFrames = 256;

/** As a frame passes: what people read of it is made only when somebody looks. */
type Passed = Omit<FrameSeen, "bytes" | "verdict" | "n"> & {
  bytes: readonly Uint8Array[];
  verdict: () => string;
};

/** The last frames of a line, for the black box and `line monitor`. */
export class Trace {
  readonly #frames: Passed[] = [];
  #n = 0;

  add(frame: Passed): void {
    this.#n++;
    this.#frames.push(frame);
    // Cut now and then, not every time.
    if (this.#frames.length >= 2 * mostFrames) this.#frames.splice(0, mostFrames);
  }

  /** Newest last. */
  recent(): readonly FrameSeen[] {
    const kept = this.#frames.slice(-mostFrames);
    return kept.map(({ bytes, verdict, ...frame }, i) => {
      const n = this.#n - kept.length + i + 1;
      return { n, ...frame, bytes: Uint8Array.from(Buffer.concat(bytes)), verdict: verdict() };
    });
  }
}

/** What an exchange asks, in words: `read holding 0 10`. */
export function requestInWords({ kind, table, address, ...rest }: Request): string {
  if ("count" in rest) return `${kind} ${table} ${address} ${rest.count}`;
  const { values, mask, reads } = rest;
  const only = mask === undefined ? "" : ` of bits 0x${mask.toString(16).toUpperCase()}`;
  const then = reads === undefined ? "" : `, read ${reads.address} ${reads.count}`;
  return `${kind} ${table} ${address} ${values.join(" ")}${only}${then}`;
}

const mostWordsShown = 10;

/** Why there is no reply, in words: `timeout: no answer`, `exception 2: illegal data address`. */
export function faultInWords({ fault, detail }: { fault: string; detail: string }): string {
  return fault === "exception" ? detail : `${fault}: ${detail}`;
}

/** What came of it, in words: `ok: 5 6`, `timeout: no answer`. */
export function replyInWords(reply: Outcome): string {
  if (!reply.ok) return faultInWords(reply);
  const shown = Array.from(reply.words.slice(0, mostWordsShown)).join(" ");
  const rest = reply.words.length > mostWordsShown ? " ..." : "";
  return shown === "" ? "ok" : `ok: ${shown}${rest}`;
}

type Outcome =
  | { ok: true; words: readonly number[] | Uint16Array }
  | { ok: false; fault: string; detail: string };

/** An exchange of a line without bytes. */
export type PastExchange = { unit: number; request: Request; at: ElapsedMs; reply: Reply };

/** The frames that a wire would have carried. */
export function framesOf({ unit, request, at, reply }: PastExchange, n: number): FrameSeen[] {
  const out = encodeRequest(unit, request);
  const verdict = replyInWords(reply);
  return [
    { n: 2 * n - 1, at, unit, direction: "out", bytes: out, verdict: requestInWords(request) },
    {
      n: 2 * n,
      at: reply.at,
      unit,
      direction: "in",
      bytes: replyBytes(unit, request, reply),
      verdict,
    },
  ];
}

function replyBytes(unit: number, request: Request, reply: Reply): Uint8Array {
  if (reply.ok) return encodeReply(unit, request, reply.words);
  if (reply.exception === undefined) return new Uint8Array(0);
  return encodeException(unit, functionCode(request), reply.exception);
}
