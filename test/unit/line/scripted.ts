import type { Clock } from "../../../src/base/clock.js";
import type { Request } from "../../../src/device/request.js";
import { encodeReply, parseRequest } from "../../../src/device/rtu-frame.js";
import type { ByteStream } from "../../../src/line/byte-stream.js";
import { Habits } from "../../../src/line/habits.js";
import type { Reply } from "../../../src/line/line.js";
import { LineQueue } from "../../../src/line/queue.js";
import { RtuTransport } from "../../../src/line/rtu-transport.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";

/** One end of a wire in memory; bytes arrive in the next turn of the microtask queue. */
export class PipeEnd implements ByteStream {
  peer: PipeEnd | undefined;
  readonly #data: ((bytes: Uint8Array) => void)[] = [];
  readonly #close: ((why: string) => void)[] = [];
  #open = true;

  write(bytes: Uint8Array): void {
    const copy = Uint8Array.from(bytes);
    void Promise.resolve().then(() => this.peer?.deliver(copy));
  }

  deliver(bytes: Uint8Array): void {
    if (this.#open) for (const listener of this.#data) listener(bytes);
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#data.push(listener);
  }

  onClose(listener: (why: string) => void): void {
    this.#close.push(listener);
  }

  async close(): Promise<void> {
    this.hangUp("closed");
  }

  hangUp(why: string): void {
    if (!this.#open) return;
    this.#open = false;
    for (const listener of this.#close) listener(why);
    this.peer?.hangUp("the other end closed");
  }
}

export function pipe(): [PipeEnd, PipeEnd] {
  const [a, b] = [new PipeEnd(), new PipeEnd()];
  a.peer = b;
  b.peer = a;
  return [a, b];
}

export type Seen = { unit: number; request: Request; at: number };

/** What an honest device answers: every register holds its own address. */
export function honest({ unit, request }: Seen): Uint8Array {
  const count = request.kind === "read" ? request.count : 0;
  const words = Array.from({ length: count }, (_, i) => request.address + i);
  return encodeReply(unit, request, words);
}

export type Send = (bytes: Uint8Array | readonly number[]) => void;
/** What a scripted slave does with the n-th request (from 0). */
export type Script = (seen: Seen, n: number, send: Send, clock: Clock) => void | Promise<void>;

/** A slave on the far end of a stream that notes every request and does what its script says. */
export class Slave {
  readonly seen: Seen[] = [];
  /** When a byte was on the wire last, sent by either side. */
  readonly sentAt: number[] = [];

  constructor(stream: ByteStream, clock: Clock, script: Script) {
    const send: Send = (bytes) => {
      this.sentAt.push(clock.elapsed());
      stream.write(Uint8Array.from(bytes));
    };
    stream.onData((bytes) => {
      const parsed = parseRequest(bytes);
      if (!parsed.ok) return;
      const seen = { unit: parsed.unit, request: parsed.request, at: clock.elapsed() };
      void script(seen, this.seen.push(seen) - 1, send, clock);
    });
  }
}

export const spec = { serial: "memory", baud: 19_200, format: "8E1" } as const;
export const timing = { turnaroundMs: 50, silenceMs: 0 };

/**
 * Our line on virtual time against a scripted slave; every dial makes a new wire to the same slave. `server`: a serial
 * server stands between.
 */
export async function rtuBench(
  script: Script,
  refuse: () => boolean = () => false,
  wire: { localEcho?: boolean; server?: { pauseAfterConnectMs?: number } } = {},
) {
  const clock = new VirtualClock(0);
  const wires: PipeEnd[] = [];
  const slaves: Slave[] = [];
  const { server, ...echo } = wire;
  const habits = server === undefined ? undefined : new Habits(clock, server.pauseAfterConnectMs);
  const dial = async () => {
    if (refuse()) throw new Error("no such port");
    const [ours, theirs] = pipe();
    wires.push(theirs);
    slaves.push(new Slave(theirs, clock, script));
    if (habits !== undefined && habits.pauseMs > 0) await clock.sleep(habits.pauseMs);
    return ours;
  };
  const transport = new RtuTransport({ ...spec, ...echo }, dial, clock, habits);
  await transport.open();
  const line = new LineQueue("test", transport, clock);
  return { clock, line, wires, slave: slaves[0]!, slaves, statistics: transport.statistics };
}

export function read(address: number, count = 2): Request {
  return { kind: "read", table: "holding", address, count };
}

export function write(address: number, ...values: number[]): Request {
  return { kind: "write", table: "holding", address, values, single: values.length === 1 };
}

/** The words of a good reply, the fault of a bad one. */
export function brief(reply: Reply): number[] | string {
  return reply.ok ? [...reply.words] : reply.fault;
}
