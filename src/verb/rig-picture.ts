/** A kept rig as it is at one moment, made of what its keeper and its guest know. Pure. */
import type { ElapsedMs, EpochMs } from "../base/clock.js";
import { fromCanonical } from "../base/quantity.js";
import { type Column, good, held, never, qualities, type Sample } from "../base/sample.js";
import type { AlarmRow as BookRow, Shelf } from "../limit/alarm/row.js";
import type { CompiledLimit } from "../limit/compile.js";
import { limitText } from "../limit/text.js";
import { exposureOf } from "../profile/exposure.js";
import { type PlanRow, remainingMs, spentMs } from "../profile/timeline.js";
import type { ActuatorFacts } from "../rig/rig.js";
import { type ActuatorSafety, safetyText } from "../rig/safety.js";
import type { RunContext, RunState } from "../run/state.js";
import type { AlarmRow, RoleReading, RunNow, SafetyRow } from "./picture.js";

/** What the guest of a rig is at. */
export type Flight = {
  id: string;
  profile: string;
  context: RunContext;
  plan: readonly PlanRow[];
  state: RunState;
};

/** `ageMs` by column; NaN where it was never good. `limits`: those in force. */
export type Look = {
  columns: readonly Column[];
  actuators: readonly ActuatorFacts[];
  setpoints: ArrayLike<number>;
  sample: Sample | undefined;
  ageMs: (column: number) => number;
  limits: readonly CompiledLimit[];
};

export function readingRows(look: Look): RoleReading[] {
  return look.columns.map((column, i) => {
    const { role, station, unit } = column;
    const code = look.sample?.quality[i] ?? never;
    const isKnown = code === good || code === held;
    const value = isKnown ? fromCanonical(look.sample!.values[i]!, unit) : null;
    const texts = look.limits.filter((l) => l.column === i).map((l) => limitText(l, unit));
    const limits = texts.filter((text) => text !== "").join(", ");
    return {
      role,
      ...(station === undefined ? {} : { station }),
      ...{ value, unit, quality: qualities[code] ?? "never", ageMs: finite(look.ageMs(i)) },
      ...ofActuator(look, i, unit),
      ...(limits === "" ? {} : { limits }),
    };
  });
}

function ofActuator({ actuators, setpoints }: Look, column: number, unit: string) {
  const index = actuators.findIndex((a) => a.column === column);
  if (index < 0) return {};
  const setpoint = setpoints[index] ?? Number.NaN;
  const ceiling = { ceiling: fromCanonical(actuators[index]!.ceiling, unit) };
  return Number.isNaN(setpoint) ? ceiling : { ...ceiling, setpoint: fromCanonical(setpoint, unit) };
}

export function safetyRows(safety: readonly ActuatorSafety[]): SafetyRow[] {
  return safety.map((one) => {
    const { role, device, level, acted, next } = one;
    if (level === "not asked" && !acted) {
      return { role, device, level, acted, text: `${role} may be energised` };
    }
    const text = next === "" ? safetyText([one]) : `${safetyText([one])}; ${next}`;
    return { role, device, level, acted, text };
  });
}

/** The most urgent first, then the newest. */
export function alarmRows(rows: readonly BookRow[]): AlarmRow[] {
  const order = { urgent: 0, high: 1, medium: 2, low: 3 } as const;
  return rows
    .map(alarmRow)
    .sort((a, b) => order[a.priority] - order[b.priority] || b.raisedWall - a.raisedWall);
}

function alarmRow(row: BookRow): AlarmRow {
  const { limit, station, priority, reaction, state, isFirstOut, text, guidance } = row;
  const { count, raisedRevision } = row;
  return {
    ...{ id: alarmId(row), limit, station, priority, reaction, state, firstOut: isFirstOut },
    raisedWall: row.raisedAt?.wall ?? row.shelf?.since.wall ?? row.outOfService?.since.wall ?? 0,
    returnedWall: row.returnedAt?.wall ?? null,
    acknowledgedWall: row.acknowledgedAt?.wall ?? null,
    acknowledgedBy: row.acknowledgedBy,
    shelvedUntilWall: row.shelf === null ? null : shelfEnd(row.shelf),
    reason: row.shelf?.reason ?? row.outOfService?.reason ?? null,
    ...{ count, raisedRevision, text, guidance: guidance ?? null },
  };
}

function shelfEnd({ since, lengthMs }: Shelf): EpochMs {
  return since.wall + lengthMs;
}

/** `housing-hot@s2` */
export function alarmId({ limit, station }: Pick<BookRow, "limit" | "station">): string {
  return station === null ? limit : `${limit}@${station}`;
}

export function runNow({ id, profile, context, plan, state }: Flight): RunNow {
  const { segments } = context.program;
  const segment = segments[state.segment];
  const row = plan[state.segment];
  const { timeOnTestMs, timeAtStressMs, turns, energyJ } = exposureOf(state.book);
  return {
    ...{ id, profile, atMs: state.at, outcome: state.outcome },
    step:
      segment === undefined
        ? null
        : {
            ...{ number: state.segment + 1, of: segments.length, name: segment.name },
            spentMs: spentMs(plan, segments, state),
            lengthMs: row === undefined ? null : finite(row.lengthMs),
          },
    remainingMs: Number.isNaN(state.segmentSince)
      ? null
      : finite(remainingMs(plan, segments, state)),
    exposure: {
      timeOnTestMs: interval(timeOnTestMs),
      timeAtStressMs: interval(timeAtStressMs),
      turns: interval(turns),
      energyJ: interval(energyJ),
    },
    stations: context.stations.map(({ name, specimen }, i) => {
      const station = state.stations[i]!;
      const lived = exposureOf(station.book);
      const suspect = state.suspects.find((s) => s.station === name)?.text ?? null;
      const spent = { turns: interval(lived.turns), damage: interval(lived.damage) };
      return { station: name, specimen, outcome: station.outcome, suspect, ...spent };
    }),
  };
}

/** JSON has no infinity: nothing bounds it. */
function interval([least, most]: readonly [number, number]): [number, number | null] {
  return [least, finite(most)];
}

function finite(value: ElapsedMs): number | null {
  return Number.isFinite(value) ? value : null;
}
