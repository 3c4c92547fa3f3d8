import { existsSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Room for tens of thousands of events when the disk takes nothing more. */
const reserveBytes = 4 * 1024 * 1024;

/** Below this much free space the run should not go on: there must be room for its end. */
export const lowWaterBytes = 64 * 1024 * 1024;

const reserveName = "reserve";

/**
 * Room on the disk that is kept for events. Given free when a write is refused, taken again when there is
 * space.
 */
export class Reserve {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, reserveName);
  }

  /** Best effort: without it events have no room of their own, and the run is held all the earlier. */
  take(): void {
    if (existsSync(this.#path)) return;
    try {
      writeFileSync(this.#path, Buffer.alloc(reserveBytes), { flush: true });
    } catch {
      this.free();
    }
  }

  /** True when there was room to be given. */
  free(): boolean {
    const there = existsSync(this.#path);
    rmSync(this.#path, { force: true });
    return there;
  }
}

/** What this user may still write on the disk of a folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
