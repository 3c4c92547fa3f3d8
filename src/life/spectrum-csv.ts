/** A spectrum of loads from CSV: columns `torque`, `speed`, `share` (of time, any sum), optional `name`. */
import { failOnProblems, type Problem } from "../base/error.js";
import { nearest } from "../base/nearest.js";
import { type Dimension, dimensionOf, parseQuantity, toCanonical } from "../base/quantity.js";
import { type Cell, type CsvRow, expectedNumber, numberIn } from "./csv-cell.js";
import { brokenPlaces, parseCsv } from "./csv-table.js";
import type { SpectrumPart } from "./rating.js";

const dimensions = { torque: "torque", speed: "speed" } as const;
const required = ["torque", "speed", "share"] as const;
const known: readonly string[] = [...required, "name"];

type Place = { at: number; unit: string | undefined };

/**
 * Torques in Nm, speeds in rpm, unless the column (`torque_kNm`) or the cell (`30 Nm`) says otherwise.
 * Throws `FILE_INVALID` with every problem by line and column.
 */
export function parseSpectrum(text: string, source: string): (SpectrumPart & { name?: string })[] {
  const problems: Problem[] = [];
  const report = (cell: Cell, field: string, found: string, expected: string) => {
    const { line, column } = cell;
    problems.push({ file: source, line, column, field, found, expected });
  };
  const parsed = parseCsv(text);
  for (const { at, found, expected } of brokenPlaces(parsed)) report(at, "", found, expected);
  const [head, ...body] = parsed.rows;
  if (head === undefined || body.length === 0) {
    const found = head === undefined ? "no data" : "a header without rows";
    report({ text: "", line: 1, column: 1 }, "", found, "a header as torque,speed,share and rows");
    failOnProblems(problems);
  }
  const places = placesOf(head!, report);
  failOnProblems(problems);
  const parts = body.map((row) => partOf(row, places, report));
  failOnProblems(problems);
  return parts;
}

type Report = (cell: Cell, field: string, found: string, expected: string) => void;

function placesOf(head: CsvRow, report: Report): Map<string, Place> {
  const places = new Map<string, Place>();
  head.cells.forEach((cell, at) => {
    const { name, unit } = titleOf(cell.text);
    if (!known.includes(name)) {
      const near = nearest(name, known);
      const hint = near === undefined ? "" : `; did you mean "${near}"?`;
      report(cell, name, "an unknown column", `${known.join(", ")}${hint}`);
    } else if (places.has(name)) report(cell, name, "the column twice", "it once");
    else places.set(name, { at, unit });
  });
  for (const name of required) {
    if (!places.has(name)) report(head.cells[0]!, name, "no such column", `a column "${name}"`);
  }
  return places;
}

/** `torque_Nm` is the column `torque` in Nm. */
function titleOf(title: string): { name: string; unit: string | undefined } {
  for (const name of ["torque", "speed"] as const) {
    const unit = title.slice(name.length + 1);
    if (title.startsWith(`${name}_`) && dimensionOf(unit) === dimensions[name]) {
      return { name, unit };
    }
  }
  return { name: title, unit: undefined };
}

function partOf(row: CsvRow, places: Map<string, Place>, report: Report) {
  const cell = (name: string): Cell => {
    const found = row.cells[places.get(name)?.at ?? -1];
    return found ?? { text: "", line: row.line, column: 1 };
  };
  const quantity = (name: "torque" | "speed") =>
    canonicalOf(cell(name), name, dimensions[name], places.get(name)!.unit, report);
  const part = { load: quantity("torque"), speedRpm: quantity("speed"), share: 1 };
  const share = cell("share");
  const percent = /^(.+)%$/.exec(share.text);
  part.share = percent === null ? numberIn(share) : Number(percent[1]) / 100;
  if (!(part.share > 0 && part.share < Infinity)) {
    report(share, "share", `"${share.text}"`, "a share of time above 0, as 0.3, 30 % or 12");
  }
  const name = cell("name").text;
  return name === "" ? part : { ...part, name };
}

function canonicalOf(
  cell: Cell,
  name: string,
  dimension: Dimension,
  unit: string | undefined,
  report: Report,
): number {
  const bare = numberIn(cell);
  if (Number.isFinite(bare)) return unit === undefined ? bare : toCanonical(bare, unit);
  const q = parseQuantity(cell.text);
  if (q !== undefined && q.dimension === dimension && !q.perSecond) return q.value;
  report(cell, name, `"${cell.text}"`, expectedNumber(cell, `a ${dimension}`));
  return 0;
}
