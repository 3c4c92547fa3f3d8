/** The live picture of one rig as lines of text. Pure: what is known goes in, lines come out. */

import {
  formatDuration,
  formatNumber,
  formatQuantity,
  formatSpan,
  formatTurns,
  fromCanonical,
} from "../base/quantity.js";
import { type Column, good, never, qualities, type RunSample } from "../base/sample.js";
import { setpointAt } from "../base/setpoint.js";
import { visibleLine } from "../base/visible.js";
import type { CompiledLimit } from "../limit/compile.js";
import { limitText } from "../limit/text.js";
import { exposureOf } from "../profile/exposure.js";
import { type PlanRow, remainingMs, spentMs } from "../profile/timeline.js";
import type { RunContext, RunState } from "../run/state.js";
import { isFinal } from "../run/states.js";
import { columnText } from "./column-text.js";
import { aligned } from "./output.js";

export type Picture = {
  rig: string;
  profile: string;
  id: string;
  simulated: boolean;
  context: RunContext;
  /** The rig's limits that trip; the others are in the context. */
  tripLimits: readonly CompiledLimit[];
  plan: readonly PlanRow[];
  state: RunState;
  sample: RunSample | undefined;
  /** Latest events, oldest first, as sentences. */
  events: readonly string[];
};

/** Codes around a text; empty without colour. */
export type Paint = (text: string, tone: "good" | "bad" | "quiet" | "strong") => string;

const codes = { good: 32, bad: 31, quiet: 90, strong: 1 };

/** A colour is never the only carrier of a meaning: the words say it too. */
export function painter(colour: boolean): Paint {
  return (text, tone) => (colour ? `\u001B[${codes[tone]}m${text}\u001B[0m` : text);
}

/** At most `width` characters a line is the caller's business (`clip`). */
export function renderRig(p: Picture, paint: Paint): string[] {
  return [
    headLine(p, paint),
    stepLine(p),
    "",
    ...indent(rigTable(p, paint)),
    "",
    ...indent(stationTable(p, paint)),
    "",
    exposureLine(p),
    ...alarmLines(p, paint),
    ...p.events.map((event) => paint(`  ${event}`, "quiet")),
  ];
}

function indent(text: string): string[] {
  return text.split("\n").map((line) => `  ${line}`);
}

function headLine(p: Picture, paint: Paint): string {
  const { rig, profile, id, state } = p;
  const at = formatDuration(state.at);
  const run = `${profile}, run ${id}`;
  return `${paint(rig, "strong")}  ${stateWord(p, paint)}  ${run}${mark(p, paint)}  ${at}`;
}

/** Said of everything simulated. */
export function mark({ simulated }: Picture, paint: Paint): string {
  return simulated ? paint("  SIMULATED", "strong") : "";
}

/** `Execute`, `Complete: failed` */
export function stateWord({ state }: Picture, paint: Paint): string {
  const { packml, outcome } = state;
  const tone =
    packml === "Aborted" || packml === "Aborting" || outcome === "failed" ? "bad" : "good";
  return paint(outcome === null ? packml : `${packml}: ${outcome}`, tone);
}

function stepLine(p: Picture): string {
  const { context, plan, state } = p;
  const { segments } = context.program;
  const segment = segments[state.segment];
  const reason = visibleLine(state.reason);
  if (isFinal(state.packml) || segment === undefined) return `  ${reason}`;
  if (state.packml !== "Execute") return `  ${reason}; ${state.packml} for ${ago(state)}`;
  const next = segments[state.segment + 1];
  const row = plan[state.segment];
  const length =
    row === undefined ? "" : ` of ${row.atMost ? "at most " : ""}${formatDuration(row.lengthMs)}`;
  const then = next === undefined ? "the end" : next.name;
  return `  step ${state.segment + 1} of ${segments.length}: ${segment.name}, ${spentText(p)}${length}; next: ${then}${endText(p)}`;
}

/** How long a step has been at it, without what was held. */
export function spentText({ context, plan, state }: Picture): string {
  return formatDuration(spentMs(plan, context.program.segments, state));
}

/** `; planned end in 3 h`; nothing where that is not known. */
export function endText({ context, plan, state }: Picture): string {
  const left = remainingMs(plan, context.program.segments, state);
  return Number.isFinite(left) ? `; planned end in ${formatDuration(left)}` : "";
}

export function ago(state: RunState): string {
  return formatDuration(state.at - state.since);
}

function rigTable(p: Picture, paint: Paint): string {
  const { columns, actuators, places } = p.context;
  const rows = columns.flatMap((column, i) => {
    if (column.station !== undefined) return [];
    const actuator = actuators.findIndex((a) => a.column === i);
    const place = places[actuator];
    const setpoint =
      place === undefined ? "" : formatQuantity(setpointAt(p.state.setpoints, place), column.unit);
    const ceiling = actuator < 0 ? "" : formatQuantity(actuators[actuator]!.ceiling, column.unit);
    return [[column.name, reading(p, i, paint), setpoint, ceiling, limitsOf(p, column)]];
  });
  return aligned(["role", "reading", "setpoint", "ceiling", "limits"], rows);
}

function stationTable(p: Picture, paint: Paint): string {
  const roles = [
    ...new Set(p.context.columns.filter((c) => c.station !== undefined).map((c) => c.role)),
  ];
  const head = ["station", "specimen", "", ...roles, "turns", "of L10"];
  const rows = p.context.stations.map((station, s) => {
    const state = p.state.stations[s]!;
    const exposure = exposureOf(state.book);
    const tone = state.outcome === "failed" ? "bad" : "good";
    const cells = roles.map((role) => {
      const at = p.context.columns.findIndex((c) => c.name === `${station.name}.${role}`);
      return at < 0 ? "" : reading(p, at, paint);
    });
    const outcome = paint(state.outcome, tone);
    const turns = formatSpan(exposure.turns, formatTurns);
    const damage = formatSpan(exposure.damage, percent);
    return [station.name, visibleLine(station.specimen), outcome, ...cells, turns, damage];
  });
  const limits = roles.map((role) => {
    const column = p.context.columns.find((c) => c.role === role && c.station !== undefined);
    return column === undefined ? "" : limitsOf(p, column);
  });
  return aligned(head, [
    ...rows,
    ["", "", paint("limits", "quiet"), ...limits.map((l) => paint(l, "quiet"))],
  ]);
}

export function reading({ sample, context }: Picture, at: number, paint: Paint): string {
  const quality = sample?.quality[at] ?? never;
  const column = context.columns[at]!;
  if (quality !== good) return paint(qualities[quality] ?? "never", "bad");
  const value = sample?.values[at] ?? Number.NaN;
  return columnText(column, column.words === undefined ? rounded(value, column) : value);
}

/** Four digits are enough for a person, and do not flicker. */
function rounded(value: number, column: Column): number {
  const shown = fromCanonical(value, column.unit);
  const factor = value === 0 || shown === 0 ? 1 : value / shown;
  return Number(shown.toPrecision(4)) * factor;
}

/** `warn > 3.5, fail > 7.1, trip > 25` in the column's unit; those in force now. */
function limitsOf(p: Picture, column: Column): string {
  const inForce =
    p.context.limitsInForce[Math.min(p.state.segment, p.context.limitsInForce.length - 1)];
  const own = p.context.limits.filter((_, i) => inForce?.[i] === 1);
  const texts = [...own, ...p.tripLimits]
    .filter((limit) => p.context.columns[limit.column]?.name === column.name)
    .map((limit) => limitText(limit, column.unit))
    .filter((text) => text !== "");
  return texts.join(", ");
}

function exposureLine({ state }: Picture): string {
  const e = exposureOf(state.book);
  const onTest = `${formatSpan(e.timeOnTestMs, formatDuration)} on test`;
  const time = `${onTest}, ${formatSpan(e.timeAtStressMs, formatDuration)} at stress`;
  const turns = formatSpan(e.turns, formatTurns);
  const energy = formatSpan(e.energyJ, (joule) => `${formatNumber(Math.round(joule / 3600))} Wh`);
  return `  exposure: ${time}, ${turns}, ${energy}`;
}

/** `1.2 %` of a share; what is next to nothing has no digits. */
export function percent(share: number): string {
  if (share > 0 && share < 1e-4) return "< 0.01 %";
  return `${formatNumber(Number((share * 100).toPrecision(2)))} %`;
}

function alarmLines({ state }: Picture, paint: Paint): string[] {
  if (state.alarms.length === 0) return [paint("  no alarms", "quiet")];
  return state.alarms.map((a) => {
    const where = a.station === null ? "" : `${a.station} `;
    const tone = a.state === "unacknowledged" ? "bad" : "quiet";
    return paint(`  alarm ${where}${a.limit} (${a.reaction}): ${a.state}`, tone);
  });
}
