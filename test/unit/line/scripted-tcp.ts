import type { Request } from "../../../src/device/request.js";
import { encodeReply, parseRequestBody, toTcp } from "../../../src/device/rtu-frame.js";
import { LineQueue } from "../../../src/line/queue.js";
import { TcpTransport } from "../../../src/line/tcp-transport.js";
import type { TcpSpec } from "../../../src/line/wire.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { type PipeEnd, pipe } from "./scripted.js";

/** A request as the server sees it: `nth` on its connection, from 0. */
export type TcpSeen = {
  id: number;
  unit: number;
  request: Request;
  at: number;
  nth: number;
  connection: Connection;
};

export type Connection = { openedAt: number; stream: PipeEnd; seen: TcpSeen[] };
/** What a scripted server does with a request. */
export type TcpScript = (seen: TcpSeen, clock: VirtualClock) => void | Promise<void>;

/** Every register holds its own address; `as` is the unit that the answer names. */
export function answerTo({ id, unit, request }: TcpSeen, as = unit): Uint8Array {
  const count = request.kind === "read" ? request.count : 0;
  const words = Array.from({ length: count }, (_, i) => request.address + i);
  return toTcp(id, encodeReply(as, request, words));
}

export const honestTcp: TcpScript = (seen) => seen.connection.stream.write(answerTo(seen));

/** Our TCP line on virtual time against a scripted server; nobody listens while `refuse` says so. */
export async function tcpBench(
  script: TcpScript,
  spec: Omit<TcpSpec, "tcp"> = {},
  refuse: () => boolean = () => false,
) {
  const clock = new VirtualClock(0);
  const connections: Connection[] = [];
  const dials: number[] = [];
  const dial = async (pauseMs: number) => {
    dials.push(clock.elapsed());
    if (refuse()) throw new Error("nobody listens there");
    const [ours, stream] = pipe();
    const connection: Connection = { openedAt: clock.elapsed(), stream, seen: [] };
    connections.push(connection);
    stream.onData((bytes) => {
      const parsed = parseRequestBody(bytes.subarray(6));
      if (!parsed.ok) throw new Error(parsed.problem);
      const { unit, request } = parsed;
      const head = { id: (bytes[0]! << 8) | bytes[1]!, unit, request, connection };
      const seen = { ...head, at: clock.elapsed(), nth: connection.seen.length };
      connection.seen.push(seen);
      void script(seen, clock);
    });
    if (pauseMs > 0) await clock.sleep(pauseMs);
    return ours;
  };
  const transport = new TcpTransport(dial, clock, spec);
  await transport.open();
  const line = new LineQueue("test", transport, clock);
  return { clock, line, connections, dials, statistics: transport.statistics };
}
