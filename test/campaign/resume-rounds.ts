/** Resume rounds: a run is interrupted twice, each time another way; plant and devices live on in this process. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { RealClock } from "../../src/base/clock.js";
import { randomStream } from "../../src/base/random.js";
import { placeSpecimens, profileOf } from "../../src/cli/run/compose.js";
import { benchOf } from "../../src/cli/run/simulate.js";
import { openSite, packageRoot } from "../../src/cli/site.js";
import { openRecord } from "../../src/record/reader.js";
import { loadRig } from "../../src/rig/load.js";
import type { SimBench } from "../../src/sim/bench.js";
import type { SimDevice } from "../../src/sim/sim-device.js";
import { serveTcp } from "../../src/sim/tcp-server.js";
import { type Judged, judge, type Part } from "./resume-judge.js";

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

export type ResumeRound = Judged & { interrupted: string[] };

/** How a run is interrupted: its controller dies, a person says so, a limit of a station trips, a line is away. */
const ways = ["kill", "leave", "abort", "trip", "line"] as const;
type Way = (typeof ways)[number];

/** A machine that is too busy to ask the devices ends a run before it begins: then there is nothing to go on with. */
const beginningsAtMost = 3;

/** One run: start, interrupt, resume, interrupt, resume, stop; then everything is compared with the plant. */
export async function resumeRound(round: number, beginning = 1): Promise<ResumeRound> {
  const root = mkdtempSync(join(tmpdir(), "wearout-resume-"));
  const random = randomStream(round, "resume");
  const served = await serve(root, round);
  try {
    const interrupted: string[] = [];
    const parts: Part[] = [];
    let id = "";
    for (const args of [["start"], ["resume"]]) {
      const way = ways[Math.floor(random() * ways.length)] ?? "kill";
      const child = start([...args, root, served.lines, id]);
      const interrupt = () => interruptBy(way, child, served);
      const told = await listen(child, 100 + random() * 4000, interrupt, way === "kill");
      served.heal();
      id = told.id === "" ? id : told.id;
      parts.push({ ...told, isKilled: way === "kill" });
      interrupted.push(`${way} in ${told.state}`);
      if (parts.length === 1 && beginning < beginningsAtMost && isEnded(root, id)) {
        return await resumeRound(round, beginning + 1);
      }
      await served.clock.sleep(random() * 300);
    }
    // A machine that is busy may trip it once more before it has run two seconds.
    for (let i = 0; i < endingsAtMost && !isEnded(root, id); i++) {
      const last = await listen(start(["resume", root, served.lines, id, "stop"]), Infinity);
      parts.push({ ...last, isKilled: false });
    }
    const truth = served.bench.truth().stations[0]!.turns;
    return { interrupted, ...(await judge(root, id, truth, parts)) };
  } finally {
    await served.close();
    rmSync(root, { recursive: true, force: true });
  }
}

async function serve(root: string, seed: number) {
  const text = readFileSync(join(packageRoot, "rigs", "bearing-four.yaml"), "utf8");
  const fast = text.replace(/^cycle: .*$/m, "cycle: 100 ms").replace(/baud: 19200/g, "baud: 57600");
  writeFileSync(join(root, "bearing-four.yaml"), fast);
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
  const devices = [...bench.lines].flatMap((name) => [...bench.units(name).values()]);
  const heal = () => {
    for (const device of devices) device.silent = device.stuck = false;
  };
  return { clock, bench, lines: JSON.stringify(Object.fromEntries(addresses)), close, heal };
}

const endingsAtMost = 4;

function isEnded(root: string, id: string): boolean {
  const reader = openRecord(root, id);
  const { condition } = reader;
  reader.close();
  return condition === "ended";
}

type Served = Awaited<ReturnType<typeof serve>>;

/** So long a line is away; its devices do nothing meanwhile, and stand still by themselves afterwards. */
const awayMs = 4000;

async function interruptBy(way: Way, child: ChildProcess, { bench, clock, heal }: Served) {
  if (way === "kill") child.kill("SIGKILL");
  else if (way === "leave" || way === "abort") child.send(way);
  else if (way === "trip") {
    const thermometer = deviceOf(bench, "pv");
    thermometer.stuck = true;
    thermometer.set("pv", 140);
  } else {
    for (const device of bench.units(bench.lines[0] ?? "").values()) device.silent = true;
    await clock.sleep(awayMs);
    heal();
  }
}

/** The last device that has this point. */
function deviceOf(bench: SimBench, point: string): SimDevice {
  const all = bench.lines.flatMap((name) => [...bench.units(name).values()]);
  const found = all.findLast((device) => point in device.type.points);
  if (found === undefined) throw new Error(`no device with a point ${point}`);
  return found;
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [script, ...args], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
}

/** Until it ends; interrupted so long after its first word, or after it runs: before that an abort ends a run. */
async function listen(
  child: ChildProcess,
  ms: number,
  interrupt = async () => {},
  isAtOnce = false,
) {
  const told = { id: "", acknowledged: 0, state: "before its first word", segment: 0, turns: 0 };
  let isBack = false;
  let [segment, turns] = [0, 0];
  const ended = once(child, "exit");
  let heard = false;
  for await (const line of createInterface({ input: child.stdout! })) {
    if (!heard && ms < Infinity && (isAtOnce || line.includes("Execute"))) {
      heard = true;
      void new RealClock().sleep(ms).then(interrupt);
    }
    if (told.id === "") {
      told.id = line;
      continue;
    }
    const [acknowledged = "0", state = "", ...position] = line.split(" ");
    const [now = 0, turned = 0] = position.map(Number);
    isBack ||= now < segment || turned < turns;
    [segment, turns] = [now, turned];
    Object.assign(told, { acknowledged: Number(acknowledged), state, segment, turns });
  }
  await ended;
  return { ...told, isBack };
}
