/**
 * Step-stress data: a row for each step of each specimen, in the order of the steps. `time` is the
 * specimen's clock at the end of the step; status S in every row but the last says that it lived on.
 */
import type { LifeRow } from "./data.js";
import type { Complaint } from "./parse.js";

export type StepHistory = { specimen: string; steps: readonly LifeRow[] };

/** Rows without a specimen belong to none. */
export function historiesOf(rows: readonly LifeRow[]): StepHistory[] {
  const bySpecimen = new Map<string, LifeRow[]>();
  for (const row of rows) {
    if (row.specimen === undefined) continue;
    const steps = bySpecimen.get(row.specimen);
    if (steps === undefined) bySpecimen.set(row.specimen, [row]);
    else steps.push(row);
  }
  return [...bySpecimen].map(([specimen, steps]) => ({ specimen, steps }));
}

/** Rows that cannot follow the one before them. */
export function stepComplaints(rows: readonly LifeRow[]): Complaint[] {
  const last = new Map<string, LifeRow>();
  if (rows.every((row) => row.specimen === undefined)) {
    const expected = "a column specimen that says whose step a row is";
    return [{ row: 0, field: "specimen", found: "no such column", expected }];
  }
  return rows.flatMap((row, i) => {
    const { specimen } = row;
    if (row.entry !== undefined) {
      const expected = "no column entry: steps are known from the first on";
      return [{ row: i, field: "entry", found: String(row.entry), expected }];
    }
    if (specimen === undefined) {
      const expected = "the specimen's name in every row";
      return [{ row: i, field: "specimen", found: "nothing", expected }];
    }
    const before = last.get(specimen);
    last.set(specimen, row);
    return before === undefined ? [] : follow(before, row).map((c) => ({ row: i, ...c }));
  });
}

function follow(before: LifeRow, row: LifeRow): Omit<Complaint, "row">[] {
  const wrong: Omit<Complaint, "row">[] = [];
  if (before.kind !== "right") {
    const expected = `the failure of ${row.specimen} in its last row`;
    wrong.push({ field: "status", found: "a step after the failure", expected });
  }
  const late = row.kind === "interval" ? row.time >= before.time : row.time > before.time;
  if (!late) {
    const expected = `a time after the step before, which ended at ${before.time}`;
    wrong.push({ field: "time", found: String(row.time), expected });
  }
  if (row.kind === "left") {
    const expected = `I from ${before.time} to the time`;
    wrong.push({ field: "status", found: "L after a step it lived through", expected });
  }
  if (row.count !== before.count) {
    wrong.push({
      field: "count",
      found: String(row.count),
      expected: `${before.count}, as before`,
    });
  }
  return wrong;
}
