import type { Clock, ElapsedMs } from "../base/clock.js";
import { longestFrame } from "../device/rtu-frame.js";
import type { ByteStream } from "./byte-stream.js";
import type { Framer } from "./framer.js";
import { ModbusClient } from "./modbus-client.js";
import { Port } from "./port.js";

/** Pieces of one exchange that are kept; an answer that comes byte by byte is one of them. */
const mostHeard = 300;

/**
 * One connection with everything that belongs to it; a new one has nothing of the old. `heard` are the
 * bytes since the last request; `answered`: a question over it was answered.
 */
export type Link = {
  stream: ByteStream;
  framer: Framer;
  port: Port;
  client: ModbusClient;
  heard: Uint8Array[];
  answered: boolean;
};

/** A slice of a `Buffer` would be no copy. */
const copyOf = Uint8Array.prototype.slice;

const shortestPauseMs = 250;
const longestPauseMs = 10_000;

/**
 * Keeps at most one connection and dials again when it was lost: at once after we dropped it ourselves or it had
 * carried an answer (some servers hang up after each), else after pauses that double from 0.25 s to 10 s until an
 * exchange has worked again.
 */
export class Redial {
  link: Link | undefined;
  dialling = false;
  /** Why there is no connection, in words. */
  cause = "not opened yet";
  reconnects = 0;
  readonly #dial: () => Promise<ByteStream>;
  readonly #newFramer: () => Framer;
  readonly #changed: (bytes: number) => void;
  readonly #clock: Clock;
  #pauseMs = shortestPauseMs;
  #notBefore: ElapsedMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  /** `changed` is called when bytes came, and with 0 when a connection or dial began or ended. */
  constructor(
    dial: () => Promise<ByteStream>,
    newFramer: () => Framer,
    changed: (bytes: number) => void,
    clock: Clock,
  ) {
    this.#dial = dial;
    this.#newFramer = newFramer;
    this.#changed = changed;
    this.#clock = clock;
  }

  /** The first dial: rejects with the reason when the line cannot be opened. */
  async open(): Promise<void> {
    this.#attach(await this.#dial());
  }

  /** Dials in the background, unless it is too soon after the last failure and nothing is urgent. */
  start(urgent: boolean): void {
    if (urgent ? this.#closed || this.dialling || this.link !== undefined : !this.isReady) return;
    this.dialling = true;
    this.#dial().then(
      (stream) => {
        this.dialling = false;
        this.reconnects++;
        this.#attach(stream);
        this.#changed(0);
      },
      (error: unknown) => {
        this.dialling = false;
        this.#failed(error instanceof Error ? error.message : String(error));
      },
    );
  }

  /** Is there no connection, and may one be dialled now? */
  get isReady(): boolean {
    if (this.#closed || this.dialling || this.link !== undefined) return false;
    return this.#clock.elapsed() >= this.#notBefore;
  }

  /** A question was answered over it: its loss is tried again at once, others soon. */
  proven(link: Link): void {
    this.#pauseMs = shortestPauseMs;
    link.answered = true;
  }

  /** Gives the connection up on purpose; the next exchange dials at once. */
  drop(why: string): void {
    const link = this.link;
    this.link = undefined;
    this.cause = why;
    void link?.stream.close();
    this.#changed(0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const stream = this.link?.stream;
    this.link = undefined;
    this.cause = "closed";
    this.#changed(0);
    await stream?.close();
  }

  #attach(stream: ByteStream): void {
    if (this.#closed) {
      void stream.close();
      return;
    }
    const framer = this.#newFramer();
    const port = new Port(stream, framer);
    const link: Link = {
      stream,
      framer,
      port,
      client: new ModbusClient(port),
      heard: [],
      answered: false,
    };
    // After the port's own listener: the framer has judged these bytes when we look.
    stream.onData((bytes) => this.#received(link, bytes));
    stream.onClose((why) => {
      if (this.link === link) this.#failed(why, link.answered);
    });
    this.link = link;
  }

  #received(link: Link, bytes: Uint8Array): void {
    // Copied: the stream reads into the same buffer again.
    if (link.heard.length < mostHeard) link.heard.push(copyOf.call(bytes, 0, longestFrame));
    if (this.link !== link) return;
    if (link.framer.broken === undefined) this.#changed(bytes.length);
    else this.drop(link.framer.broken);
  }

  #failed(why: string, answered = false): void {
    this.link = undefined;
    this.cause = why;
    if (!answered) {
      this.#notBefore = this.#clock.elapsed() + this.#pauseMs;
      this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs);
    }
    this.#changed(0);
  }
}
