/** What a resume round has left, held against the plant and against itself. */
import { join } from "node:path";
import type { StoredEvent } from "../../src/record/document/event.js";
import type { RunSummary } from "../../src/record/document/run.js";
import { handOversAgainst } from "../../src/record/journal/hand-over.js";
import { readJournal } from "../../src/record/journal/reader.js";
import type { JournalPlace } from "../../src/record/journal/standing.js";
import { openRecord } from "../../src/record/reader.js";
import { verifyRun } from "../../src/record/verify/run.js";

/** What one process told of the run while it had it. */
export type Part = {
  acknowledged: number;
  /** Where it was last, and what was booked at least. */
  segment: number;
  turns: number;
  /** Position or exposure went back while it was told. */
  isBack: boolean;
  isKilled: boolean;
};

export type Judged = {
  acknowledged: number;
  events: number;
  /** Turns of the first specimen: truth, at least, at most. */
  turns: [number, number, number];
  wrong: string[];
};

export const rig = "bearing-four";

export function journalPlace(root: string): JournalPlace {
  const whose = { rig, site: root, machine: "resume round", software: "resume round" };
  return { file: join(root, "rig.journal.jsonl"), ...whose };
}

/** A speed is read in whole rpm and with the drive's noise; a sample says nothing of the time within a cycle. */
const slackTurns = 0.01;

export async function judge(
  root: string,
  id: string,
  truth: number,
  parts: readonly Part[],
): Promise<Judged> {
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
  const acknowledged = parts.reduce((sum, part) => sum + part.acknowledged, 0);
  expect(decided >= acknowledged, `${acknowledged} events acknowledged, ${decided} there`);
  expect(summary?.outcome === "stopped", `it ended ${summary?.outcome}, ${summary?.reason}`);
  const returns = parts.length - 1;
  expect(outages(events) === returns, `${outages(events)} of ${returns} returns are booked`);
  for (const text of wentBack(parts)) wrong.push(text);
  const exposure = summary?.stations[0]?.exposure as { turns: [number, number] } | undefined;
  const [least, most] = exposure?.turns ?? [Number.NaN, Number.NaN];
  const inside = truth >= least * (1 - slackTurns) && truth <= most * (1 + slackTurns);
  expect(inside, `the plant has turned ${truth}, booked are ${least} to ${most}`);
  wrong.push(...(await handOvers(root, id, parts)));
  return { acknowledged, events: decided, turns: [truth, least, most], wrong };
}

/** What a killed process had not yet put on the disk is decided again; nothing else is lost. */
function wentBack(parts: readonly Part[]): string[] {
  return parts.flatMap((part, i) => {
    const next = parts[i + 1];
    const said = part.isBack ? [`part ${i + 1} went back while it was told`] : [];
    if (next === undefined || part.isKilled) return said;
    if (next.segment < part.segment)
      said.push(`step ${part.segment} was followed by ${next.segment}`);
    if (next.turns < part.turns) said.push(`${part.turns} turns were followed by ${next.turns}`);
    return said;
  });
}

/** Every hand-over of the journal has its event in the record; who was killed has said no last word. */
async function handOvers(root: string, id: string, parts: readonly Part[]): Promise<string[]> {
  const { file } = journalPlace(root);
  const { findings } = await handOversAgainst(root, file, rig);
  const ways: string[] = [];
  for await (const { kind, data } of readJournal(file)) {
    if (kind === "hand-over" && data.run === id) ways.push(data.way);
  }
  const expected = parts.flatMap(({ isKilled }) => (isKilled ? ["in"] : ["in", "out"]));
  const isSame = ways.join() === expected.join();
  return isSame ? [...findings] : [...findings, `the journal says ${ways.join()}`];
}

function outages(events: readonly StoredEvent[]): number {
  return events.filter((e) => e.kind === "interruption" && "lengthMs" in e.data).length;
}
