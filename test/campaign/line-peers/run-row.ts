/** A whole run as people start it; its record is then held, value by value, against what the server served. */
import { Controller, command, type End } from "../../plant/controller.js";
import type { Site } from "../../plant/site.js";
import { freezeTwice } from "./api-row.js";
import type { Demand, LinkKind } from "./faults.js";
import { wrongness } from "./judge.js";
import { onLeave } from "./leave.js";
import { Peer } from "./peer.js";
import { meterUnit } from "./question.js";
import { cellsOf, type RecordRow, rowsOf } from "./record-rows.js";
import { type Result, shareFailure } from "./row.js";
import { dwellMs, type Read, type RunSize, readsOf, rigName, runSite } from "./run-site.js";

/** Beyond the dwell: begin, ramps, the way down, and a machine so busy that a process takes minutes to begin. */
const longestMs = dwellMs + 300_000;
/** Two wall clocks told in whole milliseconds. */
const wallErrorMs = 3;

export async function runRow(
  peer: Peer,
  kind: LinkKind,
  size: RunSize,
  demand: Demand,
): Promise<Result> {
  const drives =
    demand.oneLine === true
      ? undefined
      : await Peer.slave({ kind: "tcp", fault: {}, drives: true });
  const site = runSite(kind, size, demand, peer.place, drives?.place ?? "");
  try {
    const freezing = freezeTwice(peer, demand);
    const end = await wholeRun(site);
    await freezing;
    await peer.stop();
    const [run] = /\bpeers-rig-\d+\b/.exec(end.talk + end.out) ?? [];
    if (run === undefined) return noRun(end);
    return await judged(site, run, end, peer, size, demand);
  } finally {
    await peer.stop();
    await drives?.stop();
    site.remove();
  }
}

async function wholeRun(site: Site): Promise<End> {
  const words = ["run", "start", "short", "--rig", rigName, "--specimen", "a"];
  const controller = new Controller(site, words);
  const forget = onLeave(() => controller.child.kill("SIGKILL"));
  // A run that is held waits for a person for ever.
  const kill = () => controller.child.kill("SIGKILL");
  controller.heard(/-> Held/, longestMs).then(kill, kill);
  const end = await controller.ended;
  forget();
  return end;
}

function lastWords({ status, signal, talk, out }: End): string {
  const words = `${out}\n${talk}`.trim().split("\n").slice(-6).join("\n      ");
  return `ended with ${status ?? signal}:\n      ${words}`;
}

function noRun(end: End): Result {
  return { asked: 0, good: 0, wrong: [], failures: [`no run: ${lastWords(end)}`] };
}

async function judged(
  site: Site,
  run: string,
  end: End,
  peer: Peer,
  size: RunSize,
  demand: Demand,
): Promise<Result> {
  const csv = await command(site, "run", "export", run);
  const rows = rowsOf(csv.out);
  const result: Result = { asked: 0, good: 0, wrong: [], failures: [] };
  for (const read of readsOf(size)) judgeRead(rows, read, peer, demand, result);
  const tooFew = shareFailure(result.good, result.asked, demand.share);
  if (tooFew !== undefined) result.failures.push(tooFew);
  const isOver = end.status === 0 || (demand.mayTrip === true && end.status === 7);
  const isSafe = !/NOT SAFE|NOT CONFIRMED/.test(end.talk + end.out);
  if (!isOver || !isSafe) result.failures.push(lastWords(end));
  const { names } = demand;
  if (names !== undefined && !(await isNamed(site, run, names))) {
    result.failures.push(`neither counters nor events name it (${names})`);
  }
  return result;
}

function judgeRead(
  rows: readonly RecordRow[],
  { code, address, roles }: Read,
  peer: Peer,
  { settleMs = 0 }: Demand,
  result: Result,
): void {
  const startMs = rows[0]?.wallMs ?? 0;
  rows.forEach((row, i) => {
    const isCounted = row.wallMs - startMs >= settleMs;
    if (isCounted) result.asked++;
    const values = cellsOf(row, roles);
    if (values === undefined) return;
    if (isCounted) result.good++;
    const fromMs = row.wallMs - wallErrorMs;
    // A cycle has read everything before the next one begins.
    const toMs = rows[i + 1]?.wallMs ?? Number.POSITIVE_INFINITY;
    const taken = { unit: meterUnit, code, address, values, fromMs, toMs };
    const why = wrongness(taken, peer.questions, "wallMs");
    if (why !== undefined) result.wrong.push(`sample ${row.cycle}: ${why}`);
  });
}

async function isNamed(site: Site, run: string, names: RegExp): Promise<boolean> {
  const shown = await command(site, "run", "show", run, "--json");
  const events = await command(site, "run", "events", run, "--json");
  const counted = new RegExp(`"[^"]*(?:${names.source})[^"]*":\\s*(?:[1-9]|true)`, "i");
  return counted.test(shown.out) || names.test(events.out);
}
