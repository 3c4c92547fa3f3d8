import { bitsPerCharOf, rtuMs } from "../device/wire-time.js";

/** Characters on a serial line: data bits, parity, stop bits. */
export type SerialFormat = "8N1" | "8N2" | "8E1" | "8O1" | "8E2" | "8O2";

export type SerialSpec = { serial: string; baud: number; format: SerialFormat };
export type TcpSpec = { tcp: string };

/** Where a line is: a serial port by stable name, or `host:port`. */
export type LineSpec = SerialSpec | TcpSpec;

/** Time that `bytes` of a frame take on the wire; a network's own time is not counted. */
export function wireMs(spec: LineSpec, bytes: number): number {
  return "tcp" in spec ? 0 : rtuMs(bytes, spec.baud, bitsPerCharOf(spec.format));
}
