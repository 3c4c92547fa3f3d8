import { visible } from "../base/visible.js";
import type { LifeData, LifeKind, LifeRow } from "../life/data.js";
import type { LifeTable, LivedRow, Status } from "./life-table.js";

const kinds: Record<Status, LifeKind> = { F: "exact", S: "right", L: "left", I: "interval" };

/** As the life verbs take them from a file with these columns. */
export function lifeData(table: LifeTable, source: string): LifeData {
  const { unit, rows } = table;
  const stresses = Object.keys(rows[0]?.numbers ?? {});
  return { source, unit, rows: rows.map(lifeRow), stresses };
}

function lifeRow({ time, high, status, mode, group, lot, system, numbers }: LivedRow): LifeRow {
  const upper = high === undefined ? {} : { timeHigh: high };
  // Names are shown in many places: a control character in one does nothing there.
  const labels = Object.entries({ mode, group, lot, system }).flatMap(([name, text]) => {
    const shown = visible(text).trim();
    return shown === "" ? [] : [[name, shown]];
  });
  return {
    kind: kinds[status],
    time,
    ...upper,
    count: 1,
    stress: numbers,
    ...Object.fromEntries(labels),
  };
}
