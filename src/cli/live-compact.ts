/** The live picture of one rig in a few lines, for a terminal of 80 columns and 24 rows. Pure. */
import { formatDuration, formatSpan, formatTurns } from "../base/quantity.js";
import { visibleLine } from "../base/visible.js";
import { exposureOf } from "../profile/exposure.js";
import { isFinal } from "../run/states.js";
import {
  ago,
  endText,
  mark,
  type Paint,
  type Picture,
  percent,
  reading,
  spentText,
  stateWord,
} from "./live-render.js";
import { width, wrapped } from "./output.js";

/** Lines of at most `columns`: state, step, readings, one line per station, what is wrong, the last event. */
export function renderCompact(p: Picture, paint: Paint, columns: number): string[] {
  const last = p.events.at(-1);
  return [
    headLine(p, paint),
    `  ${stepText(p)}`,
    ...wrapped(rigReadings(p), columns, "  "),
    ...p.context.stations.map((_, s) => stationLine(p, s, paint, columns)),
    ...alarmLines(p, paint),
    ...(last === undefined ? [] : [paint(`  ${last}`, "quiet")]),
  ];
}

/** The id of a run begins with its rig's name. */
function headLine(p: Picture, paint: Paint): string {
  const { id, profile, state } = p;
  const at = formatDuration(state.at);
  return `${paint(id, "strong")}  ${stateWord(p, paint)}  ${profile}${mark(p, paint)}  ${at}`;
}

/** `step 2 of 5: hold, 12 min of 1 h; planned end in 3 h` */
function stepText(p: Picture): string {
  const { context, plan, state } = p;
  const { segments } = context.program;
  const segment = segments[state.segment];
  const reason = visibleLine(state.reason);
  if (isFinal(state.packml) || segment === undefined) return reason;
  if (state.packml !== "Execute") return `${reason}; ${state.packml} for ${ago(state)}`;
  const row = plan[state.segment];
  const most = row?.atMost === true ? "at most " : "";
  const length = row === undefined ? "" : ` of ${most}${formatDuration(row.lengthMs)}`;
  return `step ${state.segment + 1} of ${segments.length}: ${segment.name}, ${spentText(p)}${length}${endText(p)}`;
}

function rigReadings(p: Picture): string {
  const own = p.context.columns.flatMap((column, i) =>
    column.station === undefined ? [`${column.name} ${reading(p, i, plain)}`] : [],
  );
  return own.join(", ");
}

const plain: Paint = (text) => text;

/** The roles are named where there is room; their units tell them apart. */
function stationLine(p: Picture, index: number, paint: Paint, columns: number): string {
  const { name, specimen } = p.context.stations[index]!;
  const state = p.state.stations[index]!;
  const { turns, damage } = exposureOf(state.book);
  const values = p.context.columns.flatMap((column, i) =>
    column.station === name ? [[column.role, reading(p, i, plain)] as const] : [],
  );
  const outcome = paint(state.outcome, state.outcome === "failed" ? "bad" : "good");
  const head = `  ${name} ${visibleLine(specimen)} ${outcome}`;
  const named = values.map(([role, text]) => `${role} ${text}`);
  const bare = values.map(([, text]) => text);
  const spent = formatSpan(turns, formatTurns);
  const share = `${formatSpan(damage, percent)} of L10`;
  const lines = [
    [...named, spent, share],
    [...bare, spent, share],
    [...bare, spent],
  ].map((texts) => [head, ...texts].join("  "));
  return lines.find((line) => width(line) <= columns) ?? lines.at(-1)!;
}

/** Two; more are counted. */
function alarmLines({ state }: Picture, paint: Paint): string[] {
  const shown = state.alarms.slice(0, 2).map((a) => {
    const where = a.station === null ? "" : `${a.station} `;
    const tone = a.state === "unacknowledged" ? "bad" : "quiet";
    return paint(`  alarm ${where}${a.limit} (${a.reaction}): ${a.state}`, tone);
  });
  const rest = state.alarms.length - shown.length;
  return rest > 0 ? [...shown, `  and ${rest} more ${rest === 1 ? "alarm" : "alarms"}`] : shown;
}
