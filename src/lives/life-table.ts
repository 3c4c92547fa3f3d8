/**
 * Lives as a table, one row per specimen: numbers stay numbers from the record to the fit, and become text only in
 * an export. The time column's name holds the unit, so that lives counted in different things are never mixed.
 */
import { WearoutError } from "../base/error.js";
import type { Span, SpecimenLife } from "./specimen-life.js";

/** What lives are counted in: hours, turns, L10 lives. */
export type Measure = { unit: string; says: string };

export type LifeTable = {
  unit: string;
  columns: readonly LifeColumn[];
  rows: readonly LivedRow[];
  /** Suspended before they had lived at all; they tell nothing and have no row. */
  unused: readonly string[];
  /** Columns of some specimens only: left out. */
  partial: readonly string[];
};
export type LifeColumn = { name: string; says: string };

/** F failure, S suspension, L failed before `time`, I failed between `time` and `high`. */
export type Status = "F" | "S" | "L" | "I";

export type LivedRow = {
  time: number;
  high?: number;
  status: Status;
  /** Of a failure, else empty. */
  mode: string;
  group: string;
  lot: string;
  system: string;
  /** Every other column by its name; of all rows the same. */
  numbers: Readonly<Record<string, number>>;
};

/** The lives of one run or several, each specimen in one row; throws as `joinRuns`. */
export function lifeTable(runs: readonly SpecimenLife[], measure: Measure): LifeTable {
  const lives = joinRuns(runs);
  const told = lives.filter((l) => l.life[l.failed ? 1 : 0] > 0);
  const all = told.map(rowOf);
  const names = [...new Set(all.flatMap((row) => Object.keys(row.numbers)))];
  const complete = names.filter((name) => all.every((row) => row.numbers[name] !== undefined));
  return {
    unit: measure.unit,
    columns: namesOf(measure.unit, complete).map((name) => ({
      name,
      says: describe(name, measure),
    })),
    rows: all.map((row) => ({ ...row, numbers: only(complete, row.numbers) })),
    unused: lives.filter((l) => !told.includes(l)).map((l) => l.specimen),
    partial: names.filter((name) => !complete.includes(name)),
  };
}

/** The rows as text, in the order of the columns. */
export function lifeCells({ rows }: LifeTable): string[][] {
  return rows.map(({ time, high, status, mode, group, lot, system, numbers }) => [
    ...[String(time), high === undefined ? "" : String(high), status, mode, group, lot, system],
    ...Object.values(numbers).map(String),
  ]);
}

/**
 * One row per specimen: what it lived in several runs adds up, the last one says how it ended, and
 * stresses are means by life. A simulated specimen is new in every run and is never joined. Throws
 * `USAGE` where a specimen was run again after it had failed.
 */
export function joinRuns(lives: readonly SpecimenLife[]): SpecimenLife[] {
  const joined = new Map<string, SpecimenLife>();
  const inOrder = [...lives].sort((a, b) => a.startedWall - b.startedWall);
  for (const life of inOrder) {
    const key = JSON.stringify([life.simulated ? life.run : "", life.specimen]);
    const before = joined.get(key);
    joined.set(key, before === undefined ? life : followedBy(before, life));
  }
  return [...joined.values()];
}

function followedBy(before: SpecimenLife, next: SpecimenLife): SpecimenLife {
  if (before.failed) {
    const { specimen, run } = before;
    const text = `specimen ${specimen} failed in ${run} and was run again in ${next.run}: which is its life? choose with run=`;
    throw new WearoutError("USAGE", text);
  }
  const [a, b] = [before.life[0], next.life[0]];
  const share = a + b > 0 ? a / (a + b) : 0.5;
  return {
    ...next,
    life: sum(before.life, next.life),
    interruptions: before.interruptions + next.interruptions + 1,
    remounts: before.remounts + next.remounts,
    stress: common(before.stress, next.stress, (x, y) => x * share + y * (1 - share)),
    exposure: common(before.exposure, next.exposure, sum),
  };
}

function sum(a: Span, b: Span): Span {
  return [a[0] + b[0], a[1] + b[1]];
}

/** What both know; a value that one lacks is not known of the whole. */
function common<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  of: (x: T, y: T) => T,
) {
  return Object.fromEntries(
    Object.entries(a).flatMap(([name, x]): [string, T][] => {
      const y = b[name];
      return y === undefined ? [] : [[name, of(x, y)]];
    }),
  );
}

function rowOf(life: SpecimenLife): LivedRow {
  const seen = statusOf(life);
  const exposures = Object.entries(life.exposure).flatMap(([name, [least, most]]) => [
    [`${name}_at_least`, least],
    [`${name}_at_most`, most],
  ]);
  const stress = Object.entries(life.stress).map(([name, v]) => [name, Number(v.toPrecision(6))]);
  return {
    ...seen,
    mode: seen.status === "S" ? "" : life.mode,
    group: life.group,
    lot: life.lot,
    system: life.specimen,
    numbers: {
      interruptions: life.interruptions,
      simulated: life.simulated ? 1 : 0,
      informative: life.informative ? 1 : 0,
      remounts: life.remounts,
      ...Object.fromEntries(stress),
      ...Object.fromEntries(exposures),
    },
  };
}

/** A failure of which no "at most" is known says only that it lived at least so long. */
function statusOf({ failed, life: [least, most] }: SpecimenLife): {
  time: number;
  high?: number;
  status: Status;
} {
  if (!failed || !Number.isFinite(most)) return { time: least, status: "S" };
  if (least === most) return { time: least, status: "F" };
  if (least === 0) return { time: most, status: "L" };
  return { time: least, high: most, status: "I" };
}

function only(names: readonly string[], numbers: LivedRow["numbers"]): LivedRow["numbers"] {
  return Object.fromEntries(names.map((name) => [name, numbers[name]!]));
}

function namesOf(unit: string, numbers: readonly string[]): string[] {
  const fixed = [`time_${unit}`, `time_high_${unit}`, "status", "mode", "group", "lot", "system"];
  return [...fixed, ...numbers];
}

function describe(name: string, { says, unit }: Measure): string {
  const fixed: Record<string, string> = {
    [`time_${unit}`]: `${says}, in ${unit}, at least`,
    [`time_high_${unit}`]: "the same at most, where a failure is known as an interval",
    status: "F failure, I failure between time and time_high, L failure before time, S suspension",
    mode: "what failed, as the rig saw it",
    group: "run and sudden-death group",
    lot: "as given when the run began, else the product",
    system: "specimen",
    interruptions: "times it was held, suspended or taken off before the end",
    simulated: "1: no real specimen",
    remounts: "times it was taken off its rig and mounted again while its run was parked",
    informative: "1: withdrawn after a trip, while nobody knew whether it had failed",
  };
  return (
    fixed[name] ?? (/_at_(least|most)$/.test(name) ? "exposure" : "mean over its time on test")
  );
}
