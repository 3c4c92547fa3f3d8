/** Rows of life data as histories of repairable systems, and what such rows must not say. Pure. */
import type { LifeRow } from "./data.js";
import type { Group } from "./grouped-growth.js";
import type { History } from "./growth-tests.js";
import type { Complaint } from "./parse.js";

export type GrowthLayout = {
  /** End of the test for every system; else the row with status S, else the last failure. */
  end: number | undefined;
  grouped: boolean;
  systems: boolean;
};

/** What is wrong with the rows, by row and column. */
export function complaintsAbout(rows: readonly LifeRow[], layout: GrowthLayout): Complaint[] {
  const systems = new Map<string, System>();
  for (const [name, own] of bySystem(rows, layout)) {
    const stops = own.filter((r) => r.kind === "right").length;
    const end = endOf(own, layout.end);
    systems.set(name, { first: own[0]!, stops, end, given: layout.end, fall: firstFall(own) });
  }
  return rows.flatMap((row, i) => {
    if (row.entry !== undefined) {
      const expected = 'no column entry: the age at which a system came under watch is "start"';
      return [{ row: i, field: "entry", found: String(row.entry), expected }];
    }
    const system = systems.get(systemOf(row, layout))!;
    const found = layout.grouped ? groupComplaint(rows, i) : timeComplaint(row, system, layout);
    return found === undefined ? [] : [{ row: i, ...found }];
  });
}

function systemOf(row: LifeRow, layout: GrowthLayout): string {
  return layout.systems ? (row.system ?? "") : "";
}

function bySystem(rows: readonly LifeRow[], layout: GrowthLayout): Map<string, LifeRow[]> {
  const systems = new Map<string, LifeRow[]>();
  for (const row of rows) {
    const name = systemOf(row, layout);
    const own = systems.get(name);
    if (own === undefined) systems.set(name, [row]);
    else own.push(row);
  }
  return systems;
}

/** A failure that stands behind a later one. */
type Fall = { row: LifeRow; after: number };

function firstFall(own: readonly LifeRow[]): Fall | undefined {
  // Of several in one, which is refused elsewhere, none need rise.
  if (own.some((r) => r.system !== own[0]!.system)) return undefined;
  let after = 0;
  for (const row of own) {
    if (row.kind !== "exact") continue;
    if (row.time < after) return { row, after };
    after = row.time;
  }
  return undefined;
}

/** What the rows of one system say together; `stops` counts those with status S, `given` is the end by option. */
type System = {
  first: LifeRow;
  stops: number;
  end: number | undefined;
  given: number | undefined;
  fall: Fall | undefined;
};

type Found = Omit<Complaint, "row">;

function groupComplaint(rows: readonly LifeRow[], i: number): Found | undefined {
  const row = rows[i]!;
  if (row.kind !== "exact") return { field: "status", found: kindName[row.kind], expected: "none" };
  if (!Number.isInteger(row.count)) return wholeCount(row);
  const before = i === 0 ? 0 : rows[i - 1]!.time;
  if (row.time > before) return undefined;
  const expected = `the end of an interval after ${before}`;
  return { field: "time", found: String(row.time), expected };
}

const kindName = { exact: "F", right: "S", left: "L", interval: "I" } as const;

function wholeCount(row: LifeRow): Found {
  return { field: "count", found: String(row.count), expected: "a whole number of failures" };
}

function timeComplaint(row: LifeRow, system: System, layout: GrowthLayout): Found | undefined {
  if (row.kind === "left" || row.kind === "interval") {
    const expected = "F for a failure or S for the end of a test (counts per interval: --grouped)";
    return { field: "status", found: kindName[row.kind], expected };
  }
  if (!Number.isInteger(row.count)) return wholeCount(row);
  if (layout.systems && row.system === undefined) {
    return { field: "system", found: "nothing", expected: "the name of a system (--systems)" };
  }
  return windowComplaint(row, system);
}

function windowComplaint(row: LifeRow, system: System): Found | undefined {
  const { first, stops, fall } = system;
  for (const name of ["start", "end"] as const) {
    const [before, here] = [first.stress[name], row.stress[name]];
    if (before !== here) {
      const expected = `${before}, as in the first row of this system`;
      return { field: name, found: String(here), expected };
    }
  }
  const start = row.stress["start"] ?? 0;
  if (start < 0) return { field: "start", found: String(start), expected: "an age of 0 or more" };
  if (row.time <= start) {
    return { field: "time", found: String(row.time), expected: `an age after the start, ${start}` };
  }
  if (row.kind === "right" && stops > 1) {
    return { field: "status", found: "S a second time", expected: "one end of the test" };
  }
  if (row === fall?.row) {
    const found = `${row.time} after ${fall.after}`;
    const expected =
      "cumulative times in their order: times between failures are to be added up, cumulative ones sorted";
    return { field: "time", found, expected };
  }
  return endComplaint(row, system);
}

function endComplaint(row: LifeRow, { end, given }: System): Found | undefined {
  const column = row.stress["end"];
  if (given !== undefined && column !== undefined && !isSame(given, column)) {
    const expected = `${given}, as --end says, or no column end`;
    return { field: "end", found: String(column), expected };
  }
  if (end === undefined) return undefined;
  if (row.kind === "right" && !isSame(row.time, end)) {
    const says = given === undefined ? "the column end" : "--end";
    const expected = `${end}, as ${says} says, or no row with status S: a test has one end`;
    return { field: "time", found: String(row.time), expected };
  }
  if (row.time <= end) return undefined;
  return { field: "time", found: String(row.time), expected: `a time up to the end, ${end}` };
}

/** But for rounding: an option may have been in another unit. */
function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.abs(b);
}

/** As given, or by a column, or by a row with status S. */
function endOf(own: readonly LifeRow[], given: number | undefined): number | undefined {
  return given ?? own[0]?.stress["end"] ?? own.find((r) => r.kind === "right")?.time;
}

/** One history per system, in order of first appearance; for rows without complaints. */
export function historiesOf(rows: readonly LifeRow[], layout: GrowthLayout): History[] {
  return [...bySystem(rows, layout)].map(([system, own]) => {
    const failures = own.filter((r) => r.kind === "exact");
    const times = failures
      .flatMap((r) => Array.from({ length: r.count }, () => r.time))
      .sort((a, b) => a - b);
    const end = endOf(own, layout.end);
    return {
      system,
      start: own[0]!.stress["start"] ?? 0,
      end: end ?? times.at(-1)!,
      failureTerminated: end === undefined,
      times,
    };
  });
}

export function groupsOf(rows: readonly LifeRow[]): Group[] {
  return rows.map((r) => ({ end: r.time, failures: r.count }));
}
