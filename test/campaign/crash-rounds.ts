/** Crash rounds on the controller process: kill it, look what a restart finds. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { randomStream } from "../../src/base/random.js";

export const script = fileURLToPath(new URL("./crash-child.js", import.meta.url));

/** What the controller said last: events acknowledged, number of the last sample, true turns by then. */
export type Told = { acknowledged: number; truth: Map<number, number> };

export type Found = {
  ok: boolean;
  findings: unknown[];
  condition: string;
  events: number;
  cycle: number;
  at: number;
  turns: [number, number];
  takenOver: { pid: number } | undefined;
  after: boolean;
};

export type Round = {
  killedAfterMs: number;
  acknowledged: number;
  events: number;
  wrong: string[];
};

/**
 * One controller from its start to `kill -9` and the look at its record. However slow the machine, at least so many
 * events are acknowledged before.
 */
export async function crashRound(round: number, fewestEvents = 0): Promise<Round> {
  const root = mkdtempSync(join(tmpdir(), "wearout-crash-"));
  try {
    const killedAfterMs = Math.floor(20 + randomStream(round, "crash")() * 1200);
    const child = spawn(process.execPath, [script, "run", root], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const kill = () => child.kill("SIGKILL");
    const { id, told } = await listenUntil(child, killedAfterMs, kill, fewestEvents);
    const answer = execFileSync(process.execPath, [script, "check", root, id]).toString();
    const found = JSON.parse(answer) as Found;
    const { acknowledged } = told;
    const wrong = judge(found, told);
    if (found.takenOver?.pid !== child.pid) wrong.push("who was killed is not told");
    return { killedAfterMs, acknowledged, events: found.events, wrong };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The time counts from the first sample, so that a slow start is no round for nothing. */
export async function listenUntil(
  child: ChildProcess,
  ms: number,
  end: (told: Told) => void,
  fewestEvents = 0,
): Promise<{ id: string; told: Told }> {
  const lines = createInterface({ input: child.stdout! });
  const told: Told = { acknowledged: 0, truth: new Map() };
  let id = "";
  let due: number | undefined;
  for await (const line of lines) {
    if (id === "") {
      id = line;
      continue;
    }
    const [acknowledged = 0, cycle = 0, turns = 0] = line.split(" ").map(Number);
    told.acknowledged = acknowledged;
    told.truth.set(cycle, turns);
    const now = process.uptime() * 1000;
    if (due === undefined) due = now + ms;
    if (now < due || acknowledged < fewestEvents) continue;
    due = Number.POSITIVE_INFINITY;
    end(told);
  }
  return { id, told };
}

/** Half of what a whole-rpm reading cannot know, and two cycles of the ceiling for the ends. */
function slackTurns(at: number): number {
  return (0.5 * at) / 60_000 + (2 * 1000 * 6000) / 60_000;
}

export function judge(found: Found, told: Told): string[] {
  const wrong: string[] = [];
  const expect = (fine: boolean, what: string) => {
    if (!fine) wrong.push(what);
  };
  expect(found.ok, `the record is not whole: ${JSON.stringify(found.findings)}`);
  expect(found.condition === "interrupted", `the run is ${found.condition}, not interrupted`);
  expect(
    found.events >= told.acknowledged,
    `${told.acknowledged} events were acknowledged, ${found.events} are there`,
  );
  expect(found.after, "the record is not whole after it was written on");
  const truth = told.truth.get(found.cycle);
  const [least, most] = found.turns;
  const slack = slackTurns(found.at);
  const inside = truth === undefined || (truth >= least - slack && truth <= most + slack);
  expect(inside, `the plant has turned ${truth}, booked are ${least} to ${most}`);
  return wrong;
}
