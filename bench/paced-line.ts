/**
 * A serial line with one slave on it, at the pace of the wire, in a process of its own: forked by the
 * line benchmarks. The other end of a pseudo-terminal takes bytes at once; here each request occupies
 * the wire for its time, the slave answers registers after T3.5, and its answer arrives in the groups of a
 * UART's FIFO, the last byte on time. Who sends inside T3.5 is counted (`gapViolations`); who sends while
 * the slave does spoils both frames (`collisions`). So as not to be late itself it either spins on one
 * core (`spinning`: sees every byte at once, but the scheduler may hold it back), or runs before everything
 * else of this machine, as hardware does, and naps 0.03 ms between its looks (`napping`: leaves both cores
 * to the master; a request is seen a nap later, so that a gap broken by less than that is not). How late it
 * was all the same is reported.
 */
import { execFileSync } from "node:child_process";
import { constants as files, openSync, readSync, writeSync } from "node:fs";
import { constants, setPriority } from "node:os";
import type { ReadStream } from "node:tty";
import { assert } from "../src/base/error.js";
import { announcedLength, encodeReply, parseRequest } from "../src/device/rtu-frame.js";
import { bitsPerCharOf, charMs, t35Ms } from "../src/device/wire-time.js";
import { monotonicMs } from "./monotonic.js";

/** What the fork is told: `baud format spinning|napping`. */
export type PacedSpec = { baud: number; format: string; looks?: Looks };
export type Looks = "spinning" | "napping";

/** A write of one register as it arrived: its value, and when on CLOCK_MONOTONIC. */
export type PacedWrite = { value: number; atMs: number };

export type PacedReport = {
  served: number;
  gapViolations: number;
  collisions: number;
  /** Longest time between two looks at the line: what the model itself is late by. */
  lateMs: number;
  /** Silence before each request, sorted. */
  idleMs: number[];
  writes: PacedWrite[];
};

export type PacedMessage = { path: string } | { report: PacedReport };

Error.stackTraceLimit = 0;
const fifoBytes = 8;
/** Reading the two ends of a pseudo-terminal in turn takes this long; less is no violation. */
const readErrorMs = 0.02;
const sliceMs = 20;
/** Bytes of a frame that has not ended by then belong to none. */
const longestRequestMs = 20;
const liveUnit = 1;
const napMs = 0.03;
const napCell = new Int32Array(new SharedArrayBuffer(4));

type Group = { atMs: number; bytes: Uint8Array };

class PacedLine {
  report: PacedReport = emptyReport();
  readonly #fd: number;
  readonly #charMs: number;
  readonly #t35Ms: number;
  readonly #buffer = new Uint8Array(512);
  #request = new Uint8Array(0);
  #requestAt = 0;
  #groups: Group[] = [];
  #quietSince = Number.NEGATIVE_INFINITY;
  #lookedAt = monotonicMs();

  constructor(fd: number, { baud, format }: PacedSpec) {
    this.#fd = fd;
    this.#charMs = charMs(baud, bitsPerCharOf(format));
    this.#t35Ms = t35Ms(baud, bitsPerCharOf(format));
  }

  /** One look at both directions. */
  turn(): void {
    const now = monotonicMs();
    this.report.lateMs = Math.max(this.report.lateMs, now - this.#lookedAt);
    this.#lookedAt = now;
    const next = this.#groups[0];
    if (next !== undefined && now >= next.atMs) {
      writeSync(this.#fd, next.bytes);
      this.#groups.shift();
    }
    const count = this.#read();
    if (count > 0) this.#received(this.#buffer.slice(0, count), monotonicMs());
  }

  #read(): number {
    try {
      return readSync(this.#fd, this.#buffer);
    } catch {
      return 0;
    }
  }

  #received(bytes: Uint8Array, now: number): void {
    const isLeftOver = now > this.#requestAt + longestRequestMs;
    if (isLeftOver) this.#request = new Uint8Array(0);
    if (this.#request.length === 0) this.#begins(now);
    this.#request = Buffer.concat([this.#request, bytes]);
    while (this.#request.length > 0) {
      const length = announcedLength(this.#request);
      if (this.#request.length < length) return;
      const frame = this.#request.slice(0, length);
      this.#request = this.#request.slice(Math.max(length, 1));
      this.#requested(frame);
      this.#requestAt += length * this.#charMs;
    }
  }

  #requested(frame: Uint8Array): void {
    const parsed = parseRequest(frame);
    if (!parsed.ok) return;
    const { unit, request } = parsed;
    const endMs = this.#requestAt + frame.length * this.#charMs;
    this.#quietSince = endMs;
    if (this.#groups.length > 0) {
      this.#collided();
      return;
    }
    if (request.kind === "write") {
      this.report.writes.push({ value: request.values[0] ?? 0, atMs: this.#requestAt });
    }
    if (unit !== liveUnit) return;
    const count = request.kind === "read" ? request.count : 0;
    const words = Array.from({ length: count }, (_, i) => (request.address + i) & 0xffff);
    this.#answer(encodeReply(unit, request, words), endMs + this.#t35Ms);
    this.report.served++;
  }

  #begins(now: number): void {
    this.#requestAt = now;
    const idleMs = now - this.#quietSince;
    this.report.idleMs.push(idleMs);
    if (this.#groups.length === 0 && idleMs < this.#t35Ms - readErrorMs)
      this.report.gapViolations++;
  }

  #answer(frame: Uint8Array, fromMs: number): void {
    for (let at = 0; at < frame.length; at += fifoBytes) {
      const bytes = frame.slice(at, at + fifoBytes);
      this.#groups.push({ bytes, atMs: fromMs + (at + bytes.length) * this.#charMs });
    }
    this.#quietSince = fromMs + frame.length * this.#charMs;
  }

  /** Both were driving the wire: the request is lost and so is the rest of the answer. */
  #collided(): void {
    this.report.collisions++;
    this.#groups = this.#groups.map(({ atMs, bytes }) => ({ atMs, bytes: bytes.map((b) => ~b) }));
  }
}

function emptyReport(): PacedReport {
  return { served: 0, gapViolations: 0, collisions: 0, lateMs: 0, idleMs: [], writes: [] };
}

type OpenedPty = {
  _pty: string;
  _fd: number;
  _slave: ReadStream;
  _master: ReadStream & { _handle: { readStop(): void } };
};

/** A real slave is not slowed down by its master's machine. Only the thread that looks is raised. */
function takePrecedence(looks: Looks): void {
  try {
    if (looks === "napping") execFileSync("chrt", ["-f", "-p", "50", String(process.pid)]);
    else setPriority(process.pid, constants.priority.PRIORITY_HIGHEST);
  } catch {
    console.error(
      "no higher priority for the model of the line: on a busy machine it is late by itself",
    );
  }
}

async function serve(spec: PacedSpec): Promise<void> {
  const { looks = "spinning" } = spec;
  takePrecedence(looks);
  const packageName = "@lydell/node-pty";
  const nodePty = (await import(packageName)) as { open(options: object): OpenedPty };
  const { _pty: path, _fd: fd, _slave: slave, _master } = nodePty.open({ encoding: null });
  // Its own readers, which begin with the next turn, would steal bytes at either end.
  _master.pause();
  await new Promise((resolve) => setImmediate(resolve));
  _master._handle.readStop();
  slave.setRawMode(true);
  // Held open, never read: else our end fails between two programs.
  openSync(path, files.O_RDWR | files.O_NOCTTY);
  slave.destroy();
  const line = new PacedLine(fd, spec);
  const say = (message: PacedMessage) => process.send?.(message);
  process.on("message", (word) => {
    if (word === "report") say({ report: line.report });
    line.report = emptyReport();
  });
  process.on("disconnect", () => process.exit(0));
  const slice = () => {
    const until = monotonicMs() + sliceMs;
    while (monotonicMs() < until) {
      line.turn();
      if (looks === "napping") Atomics.wait(napCell, 0, 0, napMs);
    }
    setImmediate(slice);
  };
  slice();
  say({ path });
}

const [, , baud, format, looks] = process.argv;
if (process.send !== undefined && format !== undefined) {
  assert(Number(baud) > 0, "a baud rate");
  await serve({ baud: Number(baud), format, looks: looks as Looks });
}
