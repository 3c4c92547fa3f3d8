/** kill -9 in the first moments of a record, against devices over real bytes. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, it } from "vitest";
import { RealClock } from "../../src/base/clock.js";
import { benchOf } from "../../src/cli/run/simulate.js";
import { packageRoot } from "../../src/cli/site.js";
import { entersState } from "../../src/record/document/event.js";
import { openRecord } from "../../src/record/reader.js";
import { verifyRun } from "../../src/record/verify/run.js";
import { serveTcp } from "../../src/sim/tcp-server.js";
import { wearout } from "../cli/command.js";
import { shortSite } from "./short-site.js";

const clock = new RealClock();
const closers: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

const program = join(packageRoot, "bin", "wearout.js");

async function serve() {
  const { root, rigFile, rigText, profileFile, rig, placed, remove } = shortSite("1 h");
  closers.push(remove);
  const bench = benchOf(rig, placed, clock, 1);
  let text = rigText;
  const wires = [/serial: .*rig-drive.*/, /serial: .*rig-sensors.*/, /tcp: 1.*/];
  for (const [i, line] of ["drive", "sensors", "io"].entries()) {
    const server = await serveTcp(bench.units(line), { host: "127.0.0.1", port: 0 }, clock);
    closers.push(() => server.close());
    text = text.replace(wires[i]!, `here: 127.0.0.1:${server.port}`);
  }
  writeFileSync(rigFile, text.replace(/here:/g, "tcp:"));
  const words = ["run", "start", profileFile, "--rig", rigFile, "--specimen", "a,b,c"];
  return { root, words };
}

/** Starts a run and kills it so long after its record was made. */
async function killedAfter(ms: number, words: readonly string[], records: string): Promise<void> {
  const stdio: ["ignore", "ignore", "pipe"] = ["ignore", "ignore", "pipe"];
  const child = spawn(process.execPath, [program, ...words, "--records", records], { stdio });
  const ended = once(child, "exit");
  for await (const line of createInterface({ input: child.stderr })) {
    if (!/^run \S+ in /.test(line)) continue;
    await clock.sleep(ms);
    child.kill("SIGKILL");
    break;
  }
  expect(await ended).toEqual([null, "SIGKILL"]);
}

it("a run killed within 0.25 s of its record is ended as never begun, or waits for a person", async () => {
  const { root, words } = await serve();
  for (const [i, ms] of [0, 30, 100, 250].entries()) {
    const records = join(root, `records-${i}`);
    await killedAfter(ms, words, records);
    const said = await wearout("run", "resume", "bearing-four-1", "--records", records);
    const reader = openRecord(records, "bearing-four-1");
    const begun = [...reader.events()].some((e) => entersState(e, "Execute"));
    const found = {
      status: said.status,
      condition: reader.condition,
      outcome: reader.summary?.outcome,
    };
    reader.close();
    const expected = begun
      ? { status: 5, condition: "interrupted", outcome: undefined }
      : { status: 0, condition: "ended", outcome: "stopped" };
    expect(found, `${ms} ms: ${said.talk}`).toEqual(expected);
    expect(verifyRun(records, "bearing-four-1", () => {}).ok).toBe(true);
  }
});

it("a record whose WAL was damaged after kill -9 names its rig and what helps without it", async () => {
  const { root, words } = await serve();
  const records = join(root, "records-wal");
  await killedAfter(0, words, records);
  const wal = join(records, "bearing-four-1", "run.db-wal");
  writeFileSync(wal, "x".repeat(statSync(wal).size));
  const said = await wearout("run", "resume", "bearing-four-1", "--records", records);
  expect(said.status).toBe(3);
  expect(said.talk).toMatch(
    /rig bearing-four \(drive 127.0.0.1:\d+, .*\) may still move: use its isolator, or: .*rig safe/,
  );
});
