/**
 * Measurements of degradation from CSV: `specimen`, `time` (or `time_h`), `value` (or `value_mm`), a row for
 * each measurement, in any order.
 */
import { failOnProblems, type Problem } from "../base/error.js";
import { isRemark, titleOf, titleShown, valueTitleOf } from "./column-names.js";
import { type Cell, type CsvRow, expectedNumber, numberIn } from "./csv-cell.js";
import { brokenPlaces, parseCsv, tableNotes } from "./csv-table.js";

export type Measurement = { time: number; value: number; line: number };

/** At least two times for each specimen; measurements in the order of time. */
export type Degradation = {
  source: string;
  timeUnit: string | undefined;
  valueUnit: string | undefined;
  specimens: readonly { specimen: string; measurements: readonly Measurement[] }[];
  /** How the table was taken. */
  notes: readonly string[];
};

const names = ["specimen", "time", "value"] as const;
type Name = (typeof names)[number];
const header = "a header with specimen, time and value (time_h, value_mm) and rows";

/** Throws `FILE_INVALID` with every problem, each with line and column. */
export function parseDegradation(text: string, source: string): Degradation {
  const problems: Problem[] = [];
  const report: Report = (at, field, found, expected) => {
    problems.push({ file: source, line: at.line, column: at.column, field, found, expected });
  };
  const parsed = parseCsv(text);
  for (const { at, found, expected } of brokenPlaces(parsed)) report(at, "", found, expected);
  const [head, ...body] = parsed.rows;
  if (head === undefined || body.length === 0) {
    report({ line: 1, column: 1 }, "", head === undefined ? "no data" : "no rows", header);
  }
  const columns = head === undefined ? undefined : columnsOf(head, report);
  failOnProblems(problems);
  const bySpecimen = new Map<string, Measurement[]>();
  for (const row of body) addRow(row, columns!, bySpecimen, report);
  const specimens = [...bySpecimen].map(([specimen, of]) => {
    const measurements = of.sort((a, b) => a.time - b.time);
    if (new Set(of.map((m) => m.time)).size < 2) {
      const at = { line: measurements[0]!.line, column: 1 };
      report(at, "time", `one time of specimen ${specimen}`, "two times or more");
    }
    return { specimen, measurements };
  });
  failOnProblems(problems);
  const unit = (name: Name) => columns!.get(name)?.unit;
  const notes = [...tableNotes(parsed), ...columnNotes(head!)];
  return { source, timeUnit: unit("time"), valueUnit: unit("value"), specimens, notes };
}

type Report = (
  at: { line: number; column: number },
  field: string,
  found: string,
  expected: string,
) => void;
type Columns = Map<Name, { index: number; unit: string | undefined }>;

function columnsOf(head: CsvRow, report: Report): Columns {
  const columns: Columns = new Map();
  head.cells.forEach((cell, index) => {
    const { name, unit } = meant(cell.text) ?? {};
    if (cell.text === "") return;
    if (name === undefined) {
      if (!isRemark(cell.text)) report(cell, cell.text, "an unknown column", names.join(", "));
    } else if (columns.has(name)) report(cell, name, "the column twice", "it once");
    else columns.set(name, { index, unit });
  });
  const missing = names.filter((n) => !columns.has(n));
  if (missing.length > 0) report(head.cells[0]!, missing[0]!, "no such column", header);
  return columns;
}

/** `specimen`, `time_h`, or usual words for them (`Prüfling`, `Zeit (h)`, `测量值`). */
function meant(text: string): { name: Name; unit: string | undefined } | undefined {
  const [, own, ownUnit] = /^(specimen|time|value)(?:_(.+))?$/.exec(text) ?? [];
  if (own !== undefined) return { name: own as Name, unit: ownUnit };
  const value = valueTitleOf(text);
  if (value !== undefined) return { name: "value", ...value };
  const title = titleOf(text);
  if (title?.name !== "specimen" && title?.name !== "time") return undefined;
  return { name: title.name, unit: title.unit };
}

function columnNotes({ cells }: CsvRow): string[] {
  const taken = cells.flatMap(({ text }) => {
    const found = meant(text);
    const isOwn = found === undefined || text.startsWith(found.name);
    return isOwn ? [] : [`"${text}" as ${found.name}`];
  });
  const passed = cells.flatMap(({ text }, i) =>
    meant(text) === undefined ? [titleShown(text, i)] : [],
  );
  return [
    ...(taken.length === 0 ? [] : [`columns taken: ${taken.join(", ")}`]),
    ...(passed.length === 0 ? [] : [`columns passed over: ${passed.join(", ")}`]),
  ];
}

function addRow(row: CsvRow, columns: Columns, into: Map<string, Measurement[]>, report: Report) {
  const cell = (name: Name): Cell =>
    row.cells[columns.get(name)!.index] ?? { text: "", line: row.line, column: 1 };
  const number = (name: Name): number => {
    const { text } = cell(name);
    const value = numberIn(cell(name));
    if (Number.isFinite(value)) return value;
    const expected = expectedNumber(cell(name), "a number");
    report(cell(name), name, text === "" ? "nothing" : `"${text}"`, expected);
    return 1;
  };
  const specimen = cell("specimen").text;
  if (specimen === "") report(cell("specimen"), "specimen", "nothing", "the specimen's name");
  const time = number("time");
  if (time < 0) report(cell("time"), "time", String(time), "0 or more");
  const measurement = { time, value: number("value"), line: row.line };
  const before = into.get(specimen);
  if (before === undefined) into.set(specimen, [measurement]);
  else before.push(measurement);
}
