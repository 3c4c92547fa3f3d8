import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openRecord } from "../../../src/record/reader.js";
import { verifyChain } from "../../../src/record/verify/verify.js";
import { newRoot, startChild } from "./fixture.js";

/**
 * The limit of a process on the size of its files stands in for the full disk: the write fails in the
 * kernel (EFBIG), as ENOSPC does, and the limit can be lifted from outside as space is freed.
 */
describe("a disk that takes no more", () => {
  it("refuses the commit, keeps what was there, and goes on when there is room again", async () => {
    const root = newRoot();
    const child = startChild(["write-on-demand", root], 'ulimit -S -f 2000; exec "$0" "$@"');
    expect(await child.line()).toBe("bench-1");
    child.say("100");
    expect(await child.line()).toBe("ok 1");
    child.say("3000000");
    expect(await child.line()).toMatch(/^RECORD_FAILED the record .*bench-1 cannot be written: /);
    child.say("2000000");
    expect(await child.line()).toMatch(/^RECORD_FAILED /);
    child.say("200");
    expect(await child.line()).toBe("ok 4");
    execFileSync("prlimit", ["--pid", String(child.pid), "--fsize=unlimited:unlimited"]);
    child.say("3000000");
    expect(await child.line()).toBe("ok 5");
    child.say("end");
    expect(await child.line()).toBe("closed");
    expect(await child.end).toBe(0);

    const reader = openRecord(root, "bench-1");
    expect(verifyChain(reader)).toMatchObject({ ok: true, events: 3 });
    expect([...reader.events()].map((e) => e.cycle)).toEqual([1, 4, 5]);
    expect([...reader.samples()].map((s) => s.cycle)).toEqual([1, 2, 3, 4, 5]);
    reader.close();
  });

  it("leaves no folder behind when the record cannot even be started", async () => {
    const root = newRoot();
    const child = startChild(["write-on-demand", root], 'ulimit -f 0; exec "$0" "$@"');
    expect(await child.line()).toMatch(/^RECORD_FAILED .* cannot be written: /);
    expect(await child.end).toBe(0);
    expect(readdirSync(root)).toEqual([]);
  });
});
