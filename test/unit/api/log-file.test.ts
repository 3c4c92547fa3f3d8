import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RealClock } from "../../../src/base/clock.js";
import { logLevels } from "../../../src/base/log.js";
import { openLog } from "../../../src/base/log-file.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wearout-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clock = new RealClock();

function opened(also: { file?: string; largestBytes?: number } = {}) {
  const told: string[] = [];
  const file = join(folder, "rig.log");
  const tell = (text: string) => void told.push(text);
  return { file, told, log: openLog({ file, level: "info", clock, tell, ...also }) };
}

function linesOf(file: string): Record<string, unknown>[] {
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

describe("a log", () => {
  it("has a line of JSON for each sentence, with level, time and process", async () => {
    const { log, file } = opened();
    log.info("serving rig-a", { place: "here" });
    log.error("a defect", { error: new Error("out of order") });
    await log.close();
    const [first, second] = linesOf(file);
    expect(first).toMatchObject({ level: "info", msg: "serving rig-a", place: "here" });
    expect(first?.["pid"]).toBe(process.pid);
    expect(String(first?.["time"])).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(second?.["error"]).toMatch(/^Error: out of order\n +at /);
  });

  it("holds what its level says, which may change while it goes on", async () => {
    const { log, file } = opened();
    for (const level of logLevels) {
      log.level = level;
      for (const each of logLevels) log[each](`${each} at ${level}`);
    }
    await log.close();
    expect(linesOf(file).map(({ msg }) => msg)).toEqual([
      "error at error",
      ...["error at warn", "warn at warn"],
      ...["error at info", "warn at info", "info at info"],
      ...["error at debug", "warn at debug", "info at debug", "debug at debug"],
    ]);
  });

  it("goes on behind what stands there, and puts a large file aside", async () => {
    const first = opened();
    first.log.info("before");
    await first.log.close();
    const { log, file } = opened({ largestBytes: 3000 });
    for (let i = 0; i < 60; i++) {
      log.info(`line ${i} ${"x".repeat(50)}`);
      await clock.sleep(2);
    }
    await log.close();
    const all = [...linesOf(`${file}.1`), ...linesOf(file)].map(({ msg }) => String(msg));
    expect(all.at(-1)).toMatch(/^line 59/);
    expect(readFileSync(file).length).toBeLessThan(4000);
  });

  it("that cannot be written is told once, and nothing fails by it", async () => {
    mkdirSync(join(folder, "rig.log"));
    const { log, told } = opened();
    for (let i = 0; i < 10; i++) log.info("unheard");
    await log.close();
    expect(told.length).toBe(1);
    expect(told[0]).toMatch(/^the log .*rig.log cannot be written: EISDIR/);
  });
});

it.each([
  ["that could not be opened", "/proc/nope/rig.log", 100],
  ["that is not open yet", "", 0],
])("a process that exits with a log %s exits as it wanted to", (_what, file, afterMs) => {
  const module = pathToFileURL(resolve("build/src/base/log-file.js")).href;
  const clock = "{ wall: () => 0, elapsed: () => 0, sleep: () => new Promise(() => {}) }";
  const at = file === "" ? join(folder, "rig.log") : file;
  const script = `
    import { openLog } from "${module}";
    const log = openLog({ file: "${at}", level: "info", clock: ${clock}, tell: () => {} });
    log.info("begun");
    setTimeout(() => process.exit(0), ${afterMs});
    if (${afterMs} === 0) process.exit(0);`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", script],
    { encoding: "utf8" },
  );
  expect([status, stderr]).toEqual([0, ""]);
});
