/** News and pictures as newline-delimited JSON to whoever reads fast enough. */
import type { ServerResponse } from "node:http";
import { Cancel, type Clock, type ElapsedMs } from "../base/clock.js";
import type { Log } from "../base/log.js";
import type { Keeps } from "../verb/keeps.js";
import { Refused } from "./request.js";
import { lineOf } from "./wire.js";

/** A reader who is so far behind is dropped, never waited for. */
const behindAtMostBytes = 1_000_000;
/** Commands must always find a free connection beside them. */
export const mostStreams = 64;
/** All watchers share one timer, and one picture each time. */
export const tickMs = 250;

type Watcher = { reader: ServerResponse; everyMs: number; due: ElapsedMs };

export class Streams {
  readonly #keeps: Keeps;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #watchers = new Set<Watcher>();
  readonly #followers = new Set<ServerResponse>();
  #stopFollowing: (() => void) | undefined;
  #ticking = new Cancel();

  constructor(keeps: Keeps, clock: Clock, log: Log) {
    this.#keeps = keeps;
    this.#clock = clock;
    this.#log = log;
    this.#ticking.cancel();
  }

  get count(): number {
    return this.#watchers.size + this.#followers.size;
  }

  /** The picture at once, and then again and again. */
  watch(reader: ServerResponse, everyMs: number): void {
    this.#begin(reader);
    const watcher = { reader, everyMs, due: this.#clock.elapsed() + everyMs };
    this.#watchers.add(watcher);
    reader.once("close", () => this.#forget(watcher));
    this.#put(reader, lineOf(this.#keeps.picture()));
    if (!this.#ticking.cancelled) return;
    this.#ticking = new Cancel();
    void this.#tick(this.#ticking);
  }

  /** Every news from now on. */
  follow(reader: ServerResponse): void {
    this.#begin(reader);
    this.#followers.add(reader);
    this.#stopFollowing ??= this.#keeps.follow((news) => {
      const line = lineOf(news);
      for (const follower of this.#followers) this.#put(follower, line);
    });
    reader.once("close", () => {
      this.#followers.delete(reader);
      if (this.#followers.size > 0) return;
      this.#stopFollowing?.();
      this.#stopFollowing = undefined;
    });
  }

  close(): void {
    for (const { reader } of this.#watchers) reader.destroy();
    for (const reader of this.#followers) reader.destroy();
    this.#ticking.cancel();
  }

  /** Throws `Refused` where there are too many. */
  #begin(reader: ServerResponse): void {
    if (this.count >= mostStreams) {
      const text = `${mostStreams} streams are read already, and no more are served`;
      throw new Refused(503, "TOO_MANY", text);
    }
    reader.writeHead(200, { "content-type": "application/x-ndjson" });
    reader.flushHeaders();
  }

  #forget(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size === 0) this.#ticking.cancel();
  }

  async #tick(cancel: Cancel): Promise<void> {
    while (!cancel.cancelled) {
      await this.#clock.sleep(tickMs, cancel);
      const now = this.#clock.elapsed();
      const due = [...this.#watchers].filter((watcher) => watcher.due <= now);
      if (cancel.cancelled || due.length === 0) continue;
      const line = lineOf(this.#keeps.picture());
      for (const watcher of due) {
        watcher.due += watcher.everyMs * Math.ceil((now - watcher.due + 1) / watcher.everyMs);
        this.#put(watcher.reader, line);
      }
    }
  }

  #put(reader: ServerResponse, line: string): void {
    if (reader.destroyed) return;
    if (reader.writableLength <= behindAtMostBytes) reader.write(line);
    else {
      this.#log.warn("a reader that is too far behind is dropped");
      reader.destroy();
    }
  }
}
