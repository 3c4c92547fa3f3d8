/** A line's report as people read it: counters, rates, the last frames. */

import { slowInWords } from "../../device/slow.js";
import type { FrameText, LineReport } from "../../line/claim.js";
import type { ExchangeCounts, StatisticsNow } from "../../line/line.js";
import { table } from "../output.js";

const counters = [
  "exchanges",
  "ok",
  "timeouts",
  "partial",
  "crc",
  "foreign",
  "length",
  "echo",
  "exceptions",
  "closed",
  "cut",
  "stale",
  "retries",
] as const satisfies readonly (keyof ExchangeCounts)[];

const framesShown = 8;
const bytesShown = 16;

/** `before` is an earlier report of the same line: rates are counted from it. */
export function reportLines(now: LineReport, before: LineReport | undefined): string[] {
  const { statistics: s } = now;
  const units = Object.entries(s.units).map(([unit, c]) => [
    unit,
    ...counters.map((k) => `${c[k]}`),
  ]);
  const all = ["all", ...counters.map((k) => `${s[k]}`)];
  return [
    `line ${[now.line, now.address, now.holder].filter((part) => part !== "").join(", ")}`,
    `  ${rates(now, before)}`,
    `  ${durations(s)}`,
    `  ${troubles(s)}`,
    ...slowInWords(s.slow).map((slow) => `  ${slow}`),
    ...indented(table(["unit", ...counters], units.length > 1 ? [...units, all] : units)),
    ...now.frames.slice(-framesShown).map((frame) => `  ${frameLine(frame, bytesShown)}`),
  ];
}

function rates(now: LineReport, before: LineReport | undefined): string {
  const seconds = before === undefined ? 0 : (now.atMs - before.atMs) / 1000;
  if (before === undefined || seconds <= 0) return `exchanges so far: ${now.statistics.exchanges}`;
  const perS = (now.statistics.exchanges - before.statistics.exchanges) / seconds;
  const busy = (now.statistics.busyMs - before.statistics.busyMs) / (seconds * 10);
  return `${perS.toFixed(1)} exchanges/s, utilisation ${busy.toFixed(0)} %`;
}

function durations({ service, queueWait, stopLatency }: StatisticsNow): string {
  const parts = Object.entries({ exchange: service, wait: queueWait, stop: stopLatency });
  const said = parts.map(([name, d]) => {
    if (d === undefined) return `${name} -`;
    const [p50, p99, max] = [d.p50, d.p99, d.max].map((ms) => ms.toFixed(1));
    return `${name} p50 ${p50} p99 ${p99} longest ${max} ms`;
  });
  return said.join("; ");
}

function troubles(s: StatisticsNow): string {
  const codes = Object.entries(s.exceptionCodes).map(([code, count]) => `${code}: ${count}`);
  return [
    `inside T3.5 ${s.gapViolations}`,
    `late answers ${s.lateReplies}`,
    ...(s.otherMaster === 0 ? [] : [`ANOTHER MASTER asked ${s.otherMaster} times`]),
    ...(s.localEcho === 0 ? [] : [`the adapter echoed ${s.localEcho} requests`]),
    `stale bytes ${s.staleBytes}`,
    `reconnects ${s.reconnects}`,
    ...(s.lowLatency === undefined ? [] : [`low latency ${s.lowLatency ? "on" : "OFF"}`]),
    ...(codes.length === 0 ? [] : [`exceptions by code ${codes.join(", ")}`]),
  ].join(", ");
}

function indented(text: string): string[] {
  return text.split("\n").map((line) => `  ${line}`);
}

/** `   12.034 s  -> unit 1  read holding 0 2   01 03 00 00 00 02 c4 0b` */
export function frameLine(
  { at, direction, unit, verdict, hex }: FrameText,
  mostBytes = Number.POSITIVE_INFINITY,
): string {
  const arrow = direction === "out" ? "->" : "<-";
  const rest = hex.length > 2 * mostBytes ? ` ... ${hex.length / 2} bytes` : "";
  const bytes = hex.slice(0, 2 * mostBytes).replace(/(..)(?=.)/g, "$1 ") + rest;
  const time = (at / 1000).toFixed(3).padStart(10);
  return `${time} s ${arrow} unit ${unit}  ${verdict.padEnd(28)}  ${bytes}`.trimEnd();
}

/** The frames of a report, and a word for those that went by too fast to be kept. */
export function frameLines(now: LineReport, known: number): string[] {
  const missed = (now.frames[0]?.n ?? known + 1) - known - 1;
  const gap = missed > 0 ? [`... ${missed} frames went by unseen`] : [];
  return [...gap, ...now.frames.map((frame) => frameLine(frame))];
}
