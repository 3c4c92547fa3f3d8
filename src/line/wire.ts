import { asciiLength } from "../device/ascii-frame.js";
import { bitsPerCharOf, type formats, rtuMs } from "../device/wire-time.js";

/** Characters on a serial line: data bits, parity, stop bits. */
export type SerialFormat = (typeof formats)[number];

/** The pace of a serial line. */
export type Wire = { baud: number; format: SerialFormat };

/** The same with what hangs on it: an adapter that gives back what is sent (`localEcho`) is learnt, or known. */
export type RtuWire = Wire & { localEcho?: boolean };

/** `ascii`: the line speaks Modbus ASCII; left out: RTU. */
export type SerialSpec = RtuWire & { serial: string; framing?: "ascii" };
/** What a connection to a host is told beyond its address; absent: nothing. */
export type ConnectSpec = {
  /** No request goes out before so long after connecting: some servers swallow it. */
  pauseAfterConnectMs?: number;
};
/**
 * What is taken although a server gets it wrong. `unit`: its answers name another unit. `transaction`: they
 * carry another transaction number; each question then gets a connection of its own.
 */
export type Tolerated = "unit" | "transaction";
export type TcpSpec = ConnectSpec & { tcp: string; tolerate?: readonly Tolerated[] };
/** A serial server that passes RTU frames through unchanged; the wire is the one behind it. */
export type RtuTcpSpec = RtuWire & ConnectSpec & { rtuTcp: string };

/** Where a line is: a serial port by stable name, or `host:port`. */
export type LineSpec = SerialSpec | TcpSpec | RtuTcpSpec;

/** What the line is called by those who look for it: the port's path, or `host:port`. */
export function addressOf(spec: LineSpec): string {
  if ("serial" in spec) return spec.serial;
  return "tcp" in spec ? spec.tcp : spec.rtuTcp;
}

/** The same host and port by whatever name a loopback has, in small letters. */
export function socketPlace(address: string): string {
  const at = address.lastIndexOf(":");
  const host = address.slice(0, at).toLowerCase();
  const isLoopback = host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
  return `${isLoopback ? "127.0.0.1" : host}${address.slice(at)}`;
}

/** The same in a message: after the line's name, where it has one (a single command's line has none). */
export function placeOf(name: string, address: string): string {
  return name === "" ? address : `line ${name}: ${address}`;
}

/** Time that `bytes` of a frame take on the wire; a network's own time is not counted. */
export function wireMs(spec: LineSpec, bytes: number): number {
  if ("tcp" in spec) return 0;
  const isAscii = "serial" in spec && spec.framing === "ascii";
  return rtuMs(isAscii ? asciiLength(bytes) : bytes, spec.baud, bitsPerCharOf(spec.format));
}
