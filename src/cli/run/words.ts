/** What a person is told of a run at its end, and of one that stays open. */
import { formatHours, formatSpan, formatTurns } from "../../base/quantity.js";
import { slowInWords } from "../../device/slow.js";
import { waysOn } from "../../lab/ways-on.js";
import type { LineStatistics } from "../../line/line.js";
import type { RunSummary } from "../../record/document/run.js";
import { explained } from "../glossary.js";

/** How to go on with a run that stays open, or to end it. */
export function openText({ id, simulated }: Pick<RunSummary, "id" | "simulated">): string {
  return `run ${id} stays open: ${waysOn({ id, simulated })}`;
}

type Span = [number, number | null];

/** What a person wants to know at the end. */
export function summaryLines(summary: RunSummary): string[] {
  const mark = summary.simulated ? "SIMULATED " : "";
  const lines = [`${mark}${summary.id}: ${summary.outcome} (${summary.state}), ${summary.reason}`];
  for (const s of summary.stations) {
    const e = s.exposure as { timeOnTestMs: Span; turns: Span };
    const mode = s.mode === null ? "" : `, ${s.mode}`;
    const spent = `${formatSpan(e.timeOnTestMs, formatHours)}, ${formatSpan(e.turns, formatTurns)}`;
    lines.push(`  ${s.station} ${s.specimen} (${s.product}): ${s.outcome}${mode} after ${spent}`);
  }
  lines.push(...cycleLines(summary.cycles));
  const wires = Object.entries(summary.lines ?? {}).flatMap(([name, line]) => {
    const { slow = {} } = line as { slow?: LineStatistics["slow"] };
    return [lineLine(name, line), ...slowInWords(slow).map((text) => `    ${text}`)];
  });
  lines.push(...wires, ...explained(wires.join()));
  lines.push(`the record: wearout run show ${summary.id}`);
  return lines;
}

/** Only of a run whose cycle was not held. */
function cycleLines(cycles: RunSummary["cycles"]): string[] {
  if (cycles === undefined || cycles.missed === 0) return [];
  const { planned, done, missed } = cycles;
  return [`  cycles: ${planned} planned, ${done} done, ${missed} missed`];
}

/** What is counted against a line, and its name for one and for more. */
const lineFaults: readonly [string, string, string][] = [
  ["timeouts", "timeout", "timeouts"],
  // As many as timeouts: the device or the machine was slow, not the cable loose.
  ["lateReplies", "late answer", "late answers"],
  ...["partial", "crc", "foreign", "length", "echo"].map(
    (fault) => [fault, fault, fault] as [string, string, string],
  ),
  ["stale", "answer not trusted", "answers not trusted"],
  ["otherMaster", "request of another master", "requests of another master"],
  ["exceptions", "exception", "exceptions"],
  ["closed", "closed", "closed"],
  ["reconnects", "reconnect", "reconnects"],
];

/** `line drives: 3600 exchanges, 2 timeouts, 1 reconnect`; only what is not as it should be. */
function lineLine(name: string, counts: Readonly<Record<string, unknown>>): string {
  const { exchanges, ...rest } = counts as Record<string, number>;
  const found = lineFaults.flatMap(([fault, one, many]) => {
    const count = rest[fault] ?? 0;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  const troubles = found.length === 0 ? "all answered" : found.join(", ");
  return `  line ${name}: ${exchanges} exchanges, ${troubles}`;
}
