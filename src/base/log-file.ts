/** A log as a file of JSON lines, written by pino: never waited for, never larger than two files. */
import { renameSync, statSync } from "node:fs";
import { type DestinationStream, destination, type Logger, pino } from "pino";
import { type Clock, withDeadline } from "./clock.js";
import {
  type Log,
  type LogFacts,
  type LogLevel,
  textWithoutSecrets,
  withoutSecrets,
} from "./log.js";

/** The file before is kept as `FILE.1`. */
const largestBytes = 10_000_000;
/** What a disk does not take in time is dropped. */
const waitingAtMostBytes = 1_000_000;
const closeWithinMs = 1000;

export type LogFile = {
  file: string;
  level: LogLevel;
  clock: Clock;
  /** That it cannot be written; said once. */
  tell(text: string): void;
  largestBytes?: number;
};

/** Never throws for what the disk does: a rig is kept with or without a log. */
export function openLog(parts: LogFile): Log {
  const { clock, level } = parts;
  const stream = new RolledFile(parts);
  const options = {
    level,
    base: { pid: process.pid },
    timestamp: () => `,"time":"${new Date(clock.wall()).toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return new PinoLog(pino(options, stream), stream, clock);
}

class PinoLog implements Log {
  readonly #logger: Logger;
  readonly #stream: RolledFile;
  readonly #clock: Clock;

  constructor(logger: Logger, stream: RolledFile, clock: Clock) {
    this.#logger = logger;
    this.#stream = stream;
    this.#clock = clock;
  }

  get level(): LogLevel {
    return this.#logger.level as LogLevel;
  }

  set level(level: LogLevel) {
    this.#logger.level = level;
  }

  error(text: string, facts?: LogFacts): void {
    this.#put("error", text, facts);
  }

  warn(text: string, facts?: LogFacts): void {
    this.#put("warn", text, facts);
  }

  info(text: string, facts?: LogFacts): void {
    this.#put("info", text, facts);
  }

  debug(text: string, facts?: LogFacts): void {
    this.#put("debug", text, facts);
  }

  close(): Promise<void> {
    return withDeadline(this.#clock, this.#stream.end(), closeWithinMs, () => undefined);
  }

  #put(level: LogLevel, text: string, facts: LogFacts = {}): void {
    if (!this.#logger.isLevelEnabled(level)) return;
    this.#logger[level](withoutSecrets(facts), textWithoutSecrets(text));
  }
}

/** Appends; at its largest the file is put aside and begun anew. */
class RolledFile implements DestinationStream {
  readonly #file: string;
  readonly #largestBytes: number;
  readonly #out: ReturnType<typeof destination>;
  #bytes: number;

  constructor(parts: LogFile) {
    this.#file = parts.file;
    this.#largestBytes = parts.largestBytes ?? largestBytes;
    this.#bytes = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
    const how = { sync: false, mkdir: true, maxLength: waitingAtMostBytes, mode: 0o600 };
    this.#out = destination({ dest: this.#file, ...how });
    endsQuietly(this.#out);
    let isTold = false;
    this.#out.on("error", (error: Error) => {
      if (!isTold) parts.tell(`the log ${this.#file} cannot be written: ${error.message}`);
      isTold = true;
    });
  }

  write(line: string): void {
    this.#out.write(line);
    this.#bytes += Buffer.byteLength(line);
    if (this.#bytes > this.#largestBytes) this.#roll();
  }

  #roll(): void {
    this.#bytes = 0;
    try {
      renameSync(this.#file, `${this.#file}.1`);
      this.#out.reopen();
    } catch {
      // Where it cannot be moved it grows, and is tried again as much later.
    }
  }

  end(): Promise<void> {
    return new Promise((resolve) => {
      this.#out.once("close", resolve);
      this.#out.once("error", () => resolve());
      this.#out.end();
    });
  }
}

/** pino writes out what waits when the process exits, and throws there where the file could not be opened, or not yet. */
function endsQuietly(out: ReturnType<typeof destination>): void {
  const flush = out.flushSync.bind(out);
  out.flushSync = () => {
    try {
      flush();
    } catch {
      // That it cannot be written has been told.
    }
  };
}
