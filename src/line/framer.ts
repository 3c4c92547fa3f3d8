import type { Request } from "../device/request.js";
import type { ParsedReply } from "../device/rtu-frame.js";
import type { LineFault } from "./line.js";

/** A request on its way, as the answer is measured against it. */
export type Asked = { unit: number; request: Request };

/** What came instead of the answer. */
export type Instead = { fault: LineFault; detail: string };

/**
 * Cuts the bytes of a connection into frames and lets only the answer through. RTU and TCP differ
 * here and nowhere else on the way through modbus-serial, which sees RTU frames in both cases.
 */
export interface Framer {
  /** A request goes out: forgets what is left over and gives the bytes for the wire. */
  begin(asked: Asked, frame: Uint8Array): Uint8Array;
  /** Bytes came in; what the answer says once it is complete and right. */
  feed(bytes: Uint8Array): ParsedReply | undefined;
  /** That answer as a whole RTU frame; asked for before the next bytes. */
  frame(): Uint8Array;
  /** Gives up waiting: what came instead of the answer. */
  end(): Instead;
  /** Set when the bytes can make no sense any more and the connection must go. */
  readonly broken: string | undefined;
}

/** What a framer counts: bytes that belonged to nobody, whole answers that came too late. */
export type FrameCounts = { staleBytes: number; lateReplies: number };
