/** The picture of a kept rig as lines of text. Pure: what the keeper told goes in, lines come out. */
import { formatDuration, formatNumber, formatSpan, formatTurns } from "../../base/quantity.js";
import { visibleLine } from "../../base/visible.js";
import type { AlarmRow, RigPicture, RoleReading, RunNow, SafetyRow } from "../../verb/picture.js";
import { type Paint, percent } from "../live-render.js";
import { aligned, width, wrapped } from "../output.js";
import { safetyLine } from "./safety-line.js";

/** The tables where they fit, else a few lines. */
export function renderKept(
  picture: RigPicture,
  paint: Paint,
  columns: number,
  room: number,
): string[] {
  const whole = wholePicture(picture, paint);
  const fits = whole.length <= room && whole.every((line) => width(line) < columns);
  return fits ? whole : compactPicture(picture, paint, columns - 1).slice(0, room);
}

/** Everything, however much that is. */
export function wholePicture(p: RigPicture, paint: Paint): string[] {
  return [
    headLine(p, paint),
    `  ${stateText(p)}`,
    ...(p.run === null ? [] : [`  ${runText(p.run)}`, `  ${exposureText(p.run)}`]),
    "",
    ...indent(rigTable(p, paint)),
    ...stationTable(p, paint),
    ...trouble(p).map(({ text, tone }) => paint(text, tone)),
    ...p.lately.map((text) => paint(`  ${visibleLine(text)}`, "quiet")),
  ];
}

/** For a small terminal: state, run, readings, stations, what is wrong, and what happened last. */
function compactPicture(p: RigPicture, paint: Paint, columns: number): string[] {
  const own = p.readings.filter(({ station }) => station === undefined);
  const last = p.lately.slice(-1).map((text) => paint(`  ${visibleLine(text)}`, "quiet"));
  return [
    headLine(p, paint),
    ...wrapped(stateText(p), columns, "  "),
    ...(p.run === null ? [] : wrapped(runText(p.run), columns, "  ")),
    ...wrapped(own.map((r) => `${r.role} ${readingText(r, plain)}`).join(", "), columns, "  "),
    ...stationsOf(p).flatMap(({ name, specimen, outcome, readings }) => {
      const values = readings.map((r) => `${r.role} ${readingText(r, plain)}`).join("  ");
      return wrapped(`${name} ${specimen} ${outcome}  ${values}`, columns, "  ");
    }),
    ...trouble(p).flatMap(({ text, tone }) =>
      wrapped(text.trimStart(), columns, "  ").map((line) => paint(line, tone)),
    ),
    ...last,
  ];
}

const plain: Paint = (text) => text;

function indent(text: string): string[] {
  return text.split("\n").map((line) => `  ${line}`);
}

function headLine({ rig, state, run, simulated, revision }: RigPicture, paint: Paint): string {
  const tone = state === "Aborted" || state === "Aborting" ? "bad" : "good";
  const guest = run === null ? "no run" : `run ${run.id}`;
  const mark = simulated ? paint("  SIMULATED", "strong") : "";
  return `${paint(rig, "strong")}  ${paint(state, tone)}  ${guest}${mark}  revision ${revision}`;
}

function stateText({ reason, wall, sinceWall }: RigPicture): string {
  return `${visibleLine(reason)}, for ${formatDuration(Math.max(0, wall - sinceWall))}`;
}

/** `bearing-constant-load, step 2 of 5: hold, 20 s of 1 h; planned end in 59 min` */
function runText({ profile, step, remainingMs, outcome }: RunNow): string {
  if (outcome !== null) return `${profile}: ${outcome}`;
  if (step === null) return profile;
  const length = step.lengthMs === null ? "" : ` of ${formatDuration(step.lengthMs)}`;
  const at = `step ${step.number} of ${step.of}: ${step.name}, ${formatDuration(step.spentMs)}${length}`;
  const end = remainingMs === null ? "" : `; planned end in ${formatDuration(remainingMs)}`;
  return `${profile}, ${at}${end}`;
}

type Interval = readonly [number, number | null];

function span([least, most]: Interval, show: (value: number) => string): string {
  return formatSpan([least, most ?? Number.POSITIVE_INFINITY], show);
}

function exposureText({ exposure: e }: RunNow): string {
  const onTest = `${span(e.timeOnTestMs, formatDuration)} on test`;
  const atStress = `${span(e.timeAtStressMs, formatDuration)} at stress`;
  const turns = span(e.turns, formatTurns);
  return `exposure: ${onTest}, ${atStress}, ${turns}`;
}

/** Four digits are enough for a person, and do not flicker. */
function inUnit(value: number, unit: string): string {
  return `${formatNumber(Number(value.toPrecision(4)))} ${unit}`;
}

function readingText({ value, unit, quality, ageMs }: RoleReading, paint: Paint): string {
  if (quality === "good" && value !== null) return inUnit(value, unit);
  const age = ageMs === null ? "" : ` (${formatDuration(ageMs)} old)`;
  return paint(value === null ? quality : `${quality} ${inUnit(value, unit)}${age}`, "bad");
}

function rigTable({ readings }: RigPicture, paint: Paint): string {
  const rows = readings
    .filter(({ station }) => station === undefined)
    .map((r) => {
      const setpoint = r.setpoint === undefined ? "" : inUnit(r.setpoint, r.unit);
      const ceiling = r.ceiling === undefined ? "" : inUnit(r.ceiling, r.unit);
      return [r.role, readingText(r, paint), setpoint, ceiling, r.limits ?? ""];
    });
  return aligned(["role", "reading", "setpoint", "ceiling", "limits"], rows);
}

/** Stations of the run, and those that have readings without one. */
function stationsOf({ run, readings }: RigPicture) {
  const of = readings.flatMap(({ station }) => (station === undefined ? [] : [station]));
  const names = [...new Set([...(run?.stations ?? []).map((s) => s.station), ...of])];
  return names.map((name) => {
    const guest = run?.stations.find((s) => s.station === name);
    return {
      name,
      guest,
      specimen: visibleLine(guest?.specimen ?? ""),
      outcome: guest === undefined ? "" : guest.suspect === null ? guest.outcome : "suspect",
      readings: readings.filter(({ station }) => station === name),
    };
  });
}

function stationTable(p: RigPicture, paint: Paint): string[] {
  const stations = stationsOf(p);
  if (stations.length === 0) return [];
  const roles = [...new Set(stations.flatMap((s) => s.readings.map(({ role }) => role)))];
  const rows = stations.map(({ name, specimen, outcome, guest, readings }) => {
    const cells = roles.map((role) => {
      const found = readings.find((r) => r.role === role);
      return found === undefined ? "" : readingText(found, paint);
    });
    const tone = outcome === "failed" || outcome === "suspect" ? "bad" : "good";
    const spent =
      guest === undefined
        ? ["", ""]
        : [span(guest.turns, formatTurns), span(guest.damage, percent)];
    return [name, specimen, paint(outcome, tone), ...cells, ...spent];
  });
  const head = ["station", "specimen", "", ...roles, "turns", "of L10"];
  return ["", ...indent(aligned(head, rows))];
}

type Told = { text: string; tone: "bad" | "quiet" };

/** Alarms, and what has not acted. */
function trouble(p: RigPicture): Told[] {
  const none: Told = { text: "  no alarms", tone: "quiet" };
  const alarms = p.alarms.length === 0 ? [none] : p.alarms.map(alarmLine);
  return [{ text: "", tone: "quiet" }, ...alarms, ...p.safety.filter(isTold).map(safetyTold)];
}

function alarmLine({ id, priority, reaction, state, firstOut, text }: AlarmRow): Told {
  const tone = state === "unacknowledged" ? "bad" : "quiet";
  const first = firstOut ? ", first" : "";
  const what = `${priority}, ${reaction}${first}`;
  return { text: `  alarm ${id} (${what}): ${state}: ${visibleLine(text)}`, tone };
}

/** What was never asked to be safe is what the run works with. */
function isTold({ level, acted }: SafetyRow): boolean {
  return acted || level !== "not asked";
}

function safetyTold(row: SafetyRow): Told {
  return { text: `  ${safetyLine(row)}`, tone: row.acted ? "quiet" : "bad" };
}
