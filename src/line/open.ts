import type { Clock } from "../base/clock.js";
import type { Line } from "./line.js";
import { LineQueue } from "./queue.js";
import { RtuTransport } from "./rtu-transport.js";
import { dialSerial } from "./serial-stream.js";
import { dialTcp } from "./socket-stream.js";
import { TcpTransport } from "./tcp-transport.js";
import type { LineSpec } from "./wire.js";

export { type LineSpec, type SerialFormat, wireMs } from "./wire.js";

/**
 * Opens a line. Rejects with `LINE_UNREACHABLE` or `LINE_IN_USE` when it cannot be opened now; a line
 * that was open once comes back by itself.
 */
export async function openLine(name: string, spec: LineSpec, clock: Clock): Promise<Line> {
  const transport =
    "tcp" in spec
      ? new TcpTransport(() => dialTcp(name, spec.tcp, clock), clock)
      : new RtuTransport(spec, () => dialSerial(name, spec), clock);
  await transport.open();
  return new LineQueue(name, transport, clock);
}
