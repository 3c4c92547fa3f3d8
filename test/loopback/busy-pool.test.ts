/** A line beside a thread pool of which every thread is taken for good. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { openBench, read, write } from "./all-lines.js";

/** What libuv takes where nobody says otherwise. */
const usualThreads = 4;

/** Every thread waits for a writer of a named pipe; `release` is one. */
function takeAllThreads() {
  const folder = mkdtempSync(join(tmpdir(), "wearout-pool-"));
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const count = Number(process.env["UV_THREADPOOL_SIZE"] ?? usualThreads);
  const readers = Array.from({ length: count }, () => open(pipe, "r"));
  let isBlocked = true;
  const next = stat(folder).then(() => {
    isBlocked = false;
  });
  return {
    isBlocked: () => isBlocked,
    release: async () => {
      const writer = openSync(pipe, "r+");
      for (const reader of await Promise.all(readers)) await reader.close();
      closeSync(writer);
      await next;
      rmSync(folder, { recursive: true });
    },
  };
}

describe("a serial line beside a thread pool that is taken", () => {
  it.runIf(process.platform === "linux")(
    "reads, and carries a stop out and confirms it",
    async ({ expect, skip }) => {
      const bench = await openBench("serial pair");
      if (typeof bench === "string") return skip(bench);
      // The first exchange of a line may still have something to do with files.
      expect((await read(bench, 0)).ok).toBe(true);
      const pool = takeAllThreads();
      try {
        expect((await read(bench, 4)).ok).toBe(true);
        expect(await write(bench, 7, 4711, "stop")).toMatchObject({ ok: true });
        expect(bench.devices.get(1)!.get("r7")).toBe(4711);
        expect(pool.isBlocked()).toBe(true);
      } finally {
        await pool.release();
      }
      expect(pool.isBlocked()).toBe(false);
      await bench.close();
    },
  );
});
