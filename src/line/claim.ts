import { createHash } from "node:crypto";
import { lookup } from "node:dns/promises";
import { realpathSync, rmSync } from "node:fs";
import { connect, createServer, isIP, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Clock, withDeadline } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import type { FrameSeen } from "./line.js";
import { type Line, type StatisticsNow, statisticsNow } from "./line.js";
import { type Machine, openMachine } from "./machine.js";
import { silentHolder } from "./silent-holder.js";
import { addressOf, type LineSpec, socketPlace } from "./wire.js";

/** What the holder of a line tells of it; `frames` are those after the one that was asked from. */
export type LineReport = {
  line: string;
  address: string;
  /** Who has it, in words: `rig bearing-four, process 4711`. */
  holder: string;
  /** Holder's elapsed time, to make rates of counters. */
  atMs: number;
  statistics: StatisticsNow;
  frames: readonly FrameText[];
};

/** A frame with its bytes in hexadecimal. */
export type FrameText = Omit<FrameSeen, "bytes"> & { hex: string };

/** A holder that is stopped or hangs must not make others wait for it. */
const reportWithinMs = 1000;
/** A name server that is away must not keep a rig from being made safe. */
const lookupWithinMs = 500;

/** A line that is ours until `release`; other processes of this machine see that and who we are. */
export type Claim = { release(): Promise<void> };

/**
 * Takes a line for this process before it is opened; rejects with `LINE_IN_USE` naming the holder. The
 * operating system ends the claim with the process, however that dies: it is a local socket with a name
 * made of the line's address (Linux: no file, the abstract namespace of unix(7)). Whoever connects and
 * writes the number of the last frame he knows gets one `LineReport` as a line of JSON; he cannot ask for
 * anything else. `report` is called for each.
 */
export async function claimLine(
  spec: LineSpec,
  clock: Clock,
  report: (known: number) => LineReport,
): Promise<Claim> {
  const name = await socketName(spec, clock);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
    // An interface passes on the errors of its stream: one who leaves in the middle must not end us.
    const asked = createInterface({ input: socket }).on("error", () => {});
    asked.on("line", (known) => {
      // Who does not read what he asked for is not told more.
      if (socket.writableLength > 0 || !socket.writable) return;
      socket.write(`${JSON.stringify(report(Number(known)))}\n`);
    });
  });
  server.unref();
  await listen(server, name, spec, clock);
  return {
    release: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function listen(server: Server, name: string, spec: LineSpec, clock: Clock): Promise<void> {
  const refused = await tryListen(server, name);
  if (refused === undefined) return;
  const address = addressOf(spec);
  if (refused.code !== "EADDRINUSE") {
    throw new WearoutError("LINE_UNREACHABLE", `${address} cannot be claimed: ${refused.message}`);
  }
  const holder = await LineWatch.open(spec, clock);
  if (holder === undefined && !name.startsWith("\0")) {
    // The file of one who died.
    rmSync(name, { force: true });
    if ((await tryListen(server, name)) === undefined) return;
  }
  const who = (await holder?.holder()) ?? anotherProcess;
  holder?.close();
  throw new WearoutError("LINE_IN_USE", `${address} is held by ${who}`);
}

function tryListen(server: Server, name: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    server.once("error", resolve);
    server.listen(name, () => {
      server.off("error", resolve);
      resolve(undefined);
    });
  });
}

const anotherProcess = "another process";

/** Looks at a line that another process, or this one, has claimed. */
export class LineWatch {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;
  readonly #clock: Clock;
  readonly #name: string;

  private constructor(socket: Socket, name: string, clock: Clock) {
    this.#socket = socket;
    this.#name = name;
    this.#clock = clock;
    const lines = createInterface({ input: socket }).on("error", () => {});
    this.#lines = lines[Symbol.asyncIterator]();
  }

  /** Undefined when nobody holds the line. */
  static async open(spec: LineSpec, clock: Clock): Promise<LineWatch | undefined> {
    return LineWatch.#at(await socketName(spec, clock), clock);
  }

  /** Every line that is held on this machine; on Windows nobody can tell which there are. */
  static async all(machine: Machine, clock: Clock): Promise<LineWatch[]> {
    const watches = await Promise.all(heldNames(machine).map((name) => LineWatch.#at(name, clock)));
    return watches.filter((watch) => watch !== undefined);
  }

  static #at(name: string, clock: Clock): Promise<LineWatch | undefined> {
    const socket = connect(name);
    return new Promise((resolve) => {
      socket.once("connect", () => resolve(new LineWatch(socket, name, clock)));
      socket.on("error", () => resolve(undefined));
    });
  }

  /**
   * The line as it is now, with the frames after number `known`; undefined once it was given up, or when
   * the holder says nothing for a second: then this watch is over.
   */
  async report(known: number): Promise<LineReport | undefined> {
    if (this.#socket.destroyed) return undefined;
    this.#socket.write(`${known}\n`);
    return withDeadline(this.#clock, this.#next(), reportWithinMs, () => {
      this.#socket.destroy();
      return undefined;
    });
  }

  /** Who holds it, in words; of one who says nothing what can be seen from here. */
  async holder(): Promise<string> {
    const report = await this.report(Number.MAX_SAFE_INTEGER);
    return report?.holder ?? silentHolder(openMachine(), this.#name) ?? anotherProcess;
  }

  async #next(): Promise<LineReport | undefined> {
    try {
      const { value, done } = await this.#lines.next();
      return done === true ? undefined : (JSON.parse(value) as LineReport);
    } catch {
      // The holder is gone, in the middle of a word perhaps.
      return undefined;
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** The report of an open line; `known` frames are left out. */
export function reportOf(
  line: Line,
  address: string,
  holder: string,
  atMs: number,
  known: number,
): LineReport {
  const frames = line.recent
    .filter(({ n }) => n > known)
    .map(({ bytes, ...frame }) => ({ ...frame, hex: Buffer.from(bytes).toString("hex") }));
  const statistics = statisticsNow(line.statistics);
  return { line: line.name, address, holder, atMs, statistics, frames };
}

/** What the name of every claim begins with. */
const claimed = "wearout-line-";

/** The same line by whatever name: links to a port followed, names of hosts looked up. */
async function socketName(spec: LineSpec, clock: Clock): Promise<string> {
  const address = "serial" in spec ? realPath(spec.serial) : await resolved(addressOf(spec), clock);
  const hash = createHash("sha256").update(address).digest("hex").slice(0, 24);
  if (process.platform === "linux") return `\0${claimed}${hash}`;
  if (process.platform === "win32") return `\\\\.\\pipe\\${claimed}${hash}`;
  return join(tmpdir(), `${claimed}${hash}`);
}

/** Names of the sockets that are there now: those without a file are in /proc/net/unix (proc(5)). */
function heldNames(machine: Machine): string[] {
  if (process.platform !== "linux") {
    const files = (machine.list(tmpdir()) ?? []).filter((name) => name.startsWith(claimed));
    return files.map((name) => join(tmpdir(), name));
  }
  const names = (machine.text("/proc/net/unix") ?? "").match(/@wearout-line-[0-9a-f]+/g) ?? [];
  return [...new Set(names)].map((name) => name.replace("@", "\0"));
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** A name that nobody can look up in time is a place of its own; an address needs no looking up. */
async function resolved(address: string, clock: Clock): Promise<string> {
  const place = socketPlace(address);
  const at = place.lastIndexOf(":");
  const host = place.slice(0, at).replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return place;
  const found = lookup(host).then(
    (all) =>
      socketPlace(`${all.family === 6 ? `[${all.address}]` : all.address}${place.slice(at)}`),
    () => place,
  );
  return withDeadline(clock, found, lookupWithinMs, () => place);
}
