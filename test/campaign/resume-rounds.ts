/** Resume rounds: the controller is killed twice, the plant and its devices live on in this process. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { RealClock } from "../../src/base/clock.js";
import { randomStream } from "../../src/base/random.js";
import { placeSpecimens, profileOf } from "../../src/cli/compose.js";
import { benchOf } from "../../src/cli/simulate.js";
import { openSite, packageRoot } from "../../src/cli/site.js";
import type { StoredEvent } from "../../src/record/document/event.js";
import type { RunSummary } from "../../src/record/document/run.js";
import { openRecord } from "../../src/record/reader.js";
import { verifyRun } from "../../src/record/verify-run.js";
import { loadRig } from "../../src/rig/load.js";
import type { SimBench } from "../../src/sim/bench.js";
import { serveTcp } from "../../src/sim/tcp-server.js";

const script = fileURLToPath(new URL("./resume-child.js", import.meta.url));

/** Ten cycles a second, and a short way up, so that a kill meets every state. */
const profile = `profile: round
title: Resume round
for: [ball-bearing]
product: ball-bearing/6206
roles: { speed: rpm, load: kN, housing-temperature: degC, vibration: mm/s }
steps:
  - name: up
    ramp: { to: { speed: 900 rpm, load: 2 kN }, over: 3 s }
  - name: dwell
    dwell: { time: 1 h }
interruption: resume
`;

export type ResumeRound = {
  killedIn: string[];
  acknowledged: number;
  events: number;
  /** Turns of the first specimen: truth, at least, at most. */
  turns: [number, number, number];
  wrong: string[];
};

/** One run: start, kill, resume, kill, resume, stop; then everything is compared with the plant. */
export async function resumeRound(round: number): Promise<ResumeRound> {
  const root = mkdtempSync(join(tmpdir(), "wearout-resume-"));
  const random = randomStream(round, "resume");
  const served = await serve(root, round);
  try {
    const killedIn: string[] = [];
    let [id, acknowledged] = ["", 0];
    for (const args of [["start"], ["resume"]]) {
      const child = start([...args, root, served.lines, id]);
      const told = await listen(child, 100 + random() * 4000);
      id = told.id === "" ? id : told.id;
      acknowledged += told.acknowledged;
      killedIn.push(told.state);
      await served.clock.sleep(random() * 300);
    }
    const last = await listen(start(["resume", root, served.lines, id, "stop"]), Infinity);
    const truth = served.bench.truth().stations[0]!.turns;
    return { killedIn, ...judge(root, id, truth, acknowledged + last.acknowledged) };
  } finally {
    await served.close();
    rmSync(root, { recursive: true, force: true });
  }
}

async function serve(root: string, seed: number) {
  const text = readFileSync(join(packageRoot, "rigs", "bearing-four.yaml"), "utf8");
  writeFileSync(join(root, "bearing-four.yaml"), text.replace(/^cycle: .*$/m, "cycle: 100 ms"));
  writeFileSync(join(root, "round.yaml"), profile);
  const site = openSite(root);
  const loaded = loadRig(join(root, "bearing-four.yaml"), site);
  const { value } = profileOf(join(root, "round.yaml"), site);
  const placed = placeSpecimens(["a", "b", "c", "d"], undefined, value, loaded, site, root);
  const clock = new RealClock();
  const bench: SimBench = benchOf(loaded, placed, clock, seed);
  const servers = await Promise.all(
    bench.lines.map(async (name) => {
      const server = await serveTcp(bench.units(name), { host: "127.0.0.1", port: 0 }, clock);
      return [name, server] as const;
    }),
  );
  const addresses = servers.map(([name, { port }]) => [name, { tcp: `127.0.0.1:${port}` }]);
  const close = async () => {
    for (const [, server] of servers) await server.close();
  };
  return { clock, bench, lines: JSON.stringify(Object.fromEntries(addresses)), close };
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

/** Until it ends, or is killed so long after its first word. */
async function listen(child: ChildProcess, ms: number) {
  const told = { id: "", acknowledged: 0, state: "before its first word" };
  const ended = once(child, "exit");
  let heard = false;
  for await (const line of createInterface({ input: child.stdout! })) {
    if (!heard && ms < Infinity) void killAfter(child, ms);
    heard = true;
    if (told.id === "") {
      told.id = line;
      continue;
    }
    const [acknowledged = "0", state = ""] = line.split(" ");
    Object.assign(told, { acknowledged: Number(acknowledged), state });
  }
  await ended;
  return told;
}

async function killAfter(child: ChildProcess, ms: number): Promise<void> {
  await new RealClock().sleep(ms);
  child.kill("SIGKILL");
}

/** A speed is read in whole rpm and with the drive's noise; a sample says nothing of the time within a cycle. */
const slackTurns = 0.01;

function judge(root: string, id: string, truth: number, acknowledged: number) {
  const wrong: string[] = [];
  const expect = (fine: boolean, what: string) => void (fine || wrong.push(what));
  const { ok, findings, condition } = verifyRun(root, id, () => {});
  expect(ok, `the record is not whole: ${JSON.stringify(findings)}`);
  expect(condition === "ended", `the run is ${condition}, not ended`);
  const reader = openRecord(root, id);
  const events = [...reader.events()];
  const summary = reader.summary as RunSummary;
  reader.close();
  const decided = events.filter((e) => e.kind !== "checkpoint" && e.kind !== "attachment").length;
  expect(decided >= acknowledged, `${acknowledged} events acknowledged, ${decided} there`);
  expect(summary?.outcome === "stopped", `it ended ${summary?.outcome}, ${summary?.reason}`);
  expect(outages(events) === 2, `${outages(events)} of 2 outages are booked`);
  const exposure = summary?.stations[0]?.exposure as { turns: [number, number] } | undefined;
  const [least, most] = exposure?.turns ?? [Number.NaN, Number.NaN];
  const inside = truth >= least * (1 - slackTurns) && truth <= most * (1 + slackTurns);
  expect(inside, `the plant has turned ${truth}, booked are ${least} to ${most}`);
  const turns: [number, number, number] = [truth, least, most];
  return { acknowledged, events: decided, turns, wrong };
}

function outages(events: readonly StoredEvent[]): number {
  return events.filter((e) => e.kind === "interruption" && "lengthMs" in e.data).length;
}
