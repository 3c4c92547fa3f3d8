/**
 * How long Modbus frames take on a wire, as plain arithmetic shared by the real and the simulated
 * line. Frame lengths are `requestLength` and `replyLength` of `rtu-frame.ts`.
 */

/** Time of one character: start, data, parity and stop bits together are `bitsPerChar`. */
export function charMs(baud: number, bitsPerChar: number): number {
  return (bitsPerChar * 1000) / baud;
}

/** Time of `bytes` characters without gaps between them. */
export function rtuMs(bytes: number, baud: number, bitsPerChar: number): number {
  return bytes * charMs(baud, bitsPerChar);
}

/**
 * Silence that separates RTU frames: 3.5 characters, and a fixed 1.75 ms above 19200 baud (Modbus
 * over Serial Line V1.02, 2.5.1.1).
 */
export function t35Ms(baud: number, bitsPerChar: number): number {
  return baud > 19_200 ? 1.75 : 3.5 * charMs(baud, bitsPerChar);
}

/** Characters on a serial line; seven data bits carry Modbus ASCII only. */
export const formats = [
  ...(["8N1", "8N2", "8E1", "8O1", "8E2", "8O2"] as const),
  ...(["7E1", "7O1", "7N2", "7E2", "7O2"] as const),
] as const;

/** Bits of one character on the wire, from a format such as `8E1`. */
export function bitsPerCharOf(format: string): number {
  const [data, parity, stop] = format;
  return 1 + Number(data) + (parity === "N" ? 0 : 1) + Number(stop);
}

/** Allowance for scheduling in every response timeout: an operating system is not a UART. */
export const schedulingMs = 20;

/**
 * Timeout of one exchange, counted from the end of the request: the device's turnaround, the reply
 * on the wire, and the scheduling allowance. Never a flat second.
 */
export function replyTimeoutMs(turnaroundMs: number, replyWireMs: number): number {
  return turnaroundMs + replyWireMs + schedulingMs;
}
