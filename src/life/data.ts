/**
 * Life data: what is known of each specimen's life. A failure seen as it happened is exact; a
 * specimen taken off alive is right-censored; one found failed at the first look is left-censored;
 * one found failed between two looks, or whose exposure is only known as [at least, at most], is
 * an interval. A suspension with an exposure interval counts at its lower end: it lived at least
 * that long, and no more is known.
 */
export type LifeKind = "exact" | "right" | "left" | "interval";

export type LifeRow = {
  kind: LifeKind;
  /** Above zero; the lower end of an interval. Any unit, the same in all rows. */
  time: number;
  /** The upper end; intervals only. */
  timeHigh?: number;
  /**
   * The age at which it came under watch (left truncation): what failed before that age was never seen, so
   * that it lived so long says nothing. Below `time`; left out for one watched from new.
   */
  entry?: number;
  /** How many specimens share this row; need not be whole (weights). */
  count: number;
  mode?: string;
  group?: string;
  lot?: string;
  system?: string;
  specimen?: string;
  /** Stress columns by name, in the unit the name says (`temp_degC`). */
  stress: Readonly<Record<string, number>>;
};

export type LifeData = {
  /** Where it came from: a file's name, `-`, a selection of runs. */
  source: string;
  /** Unit of the times; undefined where the data does not say. */
  unit: string | undefined;
  rows: readonly LifeRow[];
  stresses: readonly string[];
  /** How the file was taken, for people: separators, columns by other names, lines passed over. */
  notes?: readonly string[];
  /** Ids of the runs whose lives these are. */
  runs?: readonly string[];
};

export type LifeCounts = {
  n: number;
  failures: number;
  suspensions: number;
  intervals: number;
  entries: number;
};

/**
 * `failures` holds all that failed, however well their time is known; `intervals` those known only within one;
 * `entries` all that were watched from an age on.
 */
export function countLife(rows: readonly LifeRow[]): LifeCounts {
  const sum = (of: (row: LifeRow) => boolean) =>
    rows.reduce((total, r) => total + (of(r) ? r.count : 0), 0);
  return {
    n: sum(() => true),
    failures: sum(isFailure),
    suspensions: sum((r) => !isFailure(r)),
    intervals: sum((r) => r.kind === "interval" || r.kind === "left"),
    entries: sum((r) => r.entry !== undefined),
  };
}

/** Some of these lives are no real specimen's: the life table of a simulated run says so. */
export function isSimulated(rows: readonly LifeRow[]): boolean {
  return rows.some((r) => r.stress["simulated"] === 1);
}

/** Some came under watch at an age. */
export function hasEntries(rows: readonly LifeRow[]): boolean {
  return rows.some((r) => r.entry !== undefined);
}

/** Has failed: exactly then, before, or within. */
export function isFailure(row: LifeRow): boolean {
  return row.kind !== "right";
}

/**
 * The same specimens seen for some modes only: a failure by another mode is a suspension at that
 * time (at its lower end, when it is an interval). Competing, independent modes.
 */
export function ofModes(rows: readonly LifeRow[], modes: readonly string[]): LifeRow[] {
  return rows.flatMap((row) => {
    if (!isFailure(row) || modes.includes(row.mode ?? "")) return [row];
    // Failed before `time` of something else: it is not known to have lived at all.
    if (row.kind === "left") return [];
    const { timeHigh: _, mode: __, ...rest } = row;
    return [{ ...rest, kind: "right" as const }];
  });
}

/** A mode as it is shown. */
export function nameOfMode(mode: string): string {
  return mode === "" ? "(unnamed)" : mode;
}

/** Modes as `--modes` takes them: one with a comma in quotes. */
export function modeList(modes: readonly string[]): string {
  return modes.map((m) => (m.includes(",") ? `"${m}"` : nameOfMode(m))).join(",");
}

/** `ofModes` leaves some out: found failed by another mode, they say nothing of these. */
export function leavesOut(rows: readonly LifeRow[], modes: readonly string[]): boolean {
  return rows.some((r) => r.kind === "left" && !modes.includes(r.mode ?? ""));
}

/** Specimens that stand in several rows of one lot, group and system, and in how many. */
export function repeatsOf(rows: readonly LifeRow[]): { specimen: string; times: number }[] {
  const times = new Map<string, { specimen: string; times: number }>();
  for (const { specimen, lot, group, system } of rows) {
    if (specimen === undefined) continue;
    const key = JSON.stringify([specimen, lot, group, system]);
    times.set(key, { specimen, times: (times.get(key)?.times ?? 0) + 1 });
  }
  return [...times.values()].filter((r) => r.times > 1);
}

/** Some specimen stands in several rows, and counts in each. */
export function hasRepeats(rows: readonly LifeRow[]): boolean {
  return repeatsOf(rows).length > 0;
}

/** The modes that failures name, in order of first appearance; an unnamed one is "". */
export function modesOf(rows: readonly LifeRow[]): string[] {
  return [...new Set(rows.filter(isFailure).map((r) => r.mode ?? ""))];
}

/**
 * All could have failed at one and the same time: then nothing bounds the shape from above, and the
 * likelihood has no maximum.
 */
export function oneTimeExplains(rows: readonly LifeRow[]): boolean {
  const earliest = largestOf(rows, (r) => (r.kind === "left" ? 0 : r.time));
  const latest = -largestOf(rows, (r) =>
    r.kind === "right" ? -Infinity : -(r.timeHigh ?? r.time),
  );
  return earliest <= latest;
}

/** Largest of `of` over the rows, however many (a spread into Math.max ends at some 100 000). */
export function largestOf(rows: readonly LifeRow[], of: (row: LifeRow) => number): number {
  return rows.reduce((most, row) => Math.max(most, of(row)), Number.NEGATIVE_INFINITY);
}
