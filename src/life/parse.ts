/**
 * Life data from CSV text. Columns: `time`, `status` (F failure, S suspension, L failed before
 * `time`, I failed between `time` and `time_high`), optional `time_high`, `entry` (age at which it came under
 * watch), `count`, `mode`, `group`, `lot`, `system`, `specimen`, or usual words for them; every other numeric column is a stress (temperatures end in `_degC` or `_K`).
 * An interval may start at 0, as a first inspection has it. Times may carry a unit (`120 h`), the same in all rows, or the column does (`time_h`).
 */
import { failOnProblems, type Problem } from "../base/error.js";
import { nearest } from "../base/nearest.js";
import {
  columnNames,
  type Flag,
  isRemark,
  labels,
  letterIn,
  letterOf,
  stressName,
  type Title,
  titleOf,
} from "./column-names.js";
import { type Cell, type CsvRow, expectedNumber, isNumeric, numberIn } from "./csv-cell.js";
import { brokenPlaces, parseCsv, tableNotes } from "./csv-table.js";
import type { LifeData, LifeKind, LifeRow } from "./data.js";

const required = ["time", "status"] as const;
const known: readonly string[] = columnNames;
const kinds: Record<string, LifeKind> = { F: "exact", S: "right", L: "left", I: "interval" };
const statusHelp =
  "F (failure), S (suspension), L (failed before time) or I (failed between time and time_high)";

export type ParseOptions = {
  /** Growth data may be one column of cumulative times: a missing `status` then means F. */
  statusOptional?: boolean;
  /** Stress columns that are used; others are named in the notes. Left out: all may be. */
  used?: readonly string[];
  /** Counts of failures per interval may be 0. */
  zeroCount?: boolean;
  /** What else is wrong with rows that are right by themselves. */
  check?: (rows: readonly LifeRow[], unit: string | undefined) => Complaint[];
};

/** Something wrong in a row (from 0) of the data. */
export type Complaint = { row: number; field: string; found: string; expected: string };

/**
 * Reads life data; `source` names it in problems. Throws `FILE_INVALID` with every problem, each
 * with line and column.
 */
export function parseLifeData(text: string, source: string, options: ParseOptions = {}): LifeData {
  const reader = new Reader(source);
  const parsed = parseCsv(text);
  for (const { at, found, expected } of brokenPlaces(parsed))
    reader.report(at, "", found, expected);
  const [head, ...body] = parsed.rows;
  if (head === undefined || body.length === 0) {
    const found = head === undefined ? "no data" : "a header without rows";
    reader.report({ line: 1, column: 1 }, "", found, `a header as ${known.join(",")} and rows`);
  } else {
    reader.header(head, body, options);
  }
  failOnProblems(reader.problems);
  const read = body.map((row) => reader.row(row, options));
  failOnProblems(reader.problems);
  for (const c of options.check?.(read, reader.unit) ?? []) reader.complain(body[c.row]!, c);
  failOnProblems(reader.problems);
  const notes = [...tableNotes(parsed), ...reader.notes(options.used)];
  return { source, unit: reader.unit, rows: read, stresses: reader.stresses, notes };
}

type Place = { line: number; column: number };

class Reader {
  readonly problems: Problem[] = [];
  unit: string | undefined;
  #unitSeen = false;
  /** The header says the unit, so that cells need not. */
  #unitInHeader = false;
  readonly #source: string;
  readonly #columns = new Map<string, number>();
  stresses: string[] = [];
  readonly #renamed: string[] = [];
  readonly #remarks: string[] = [];
  #flag: Flag | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  report(at: Place, field: string, found: string, expected: string): void {
    const { line, column } = at;
    this.problems.push({ file: this.#source, line, column, field, found, expected });
  }

  complain(row: CsvRow, { field, found, expected }: Complaint): void {
    this.report(this.#cell(row, field), field, found, expected);
  }

  header(head: CsvRow, body: readonly CsvRow[], options: ParseOptions): void {
    this.#nameColumns(head);
    for (const name of required) {
      if (this.#columns.has(name) || (name === "status" && options.statusOptional)) continue;
      this.#missing(name, head);
    }
    for (const [name, i] of this.#columns) {
      if (known.includes(name)) continue;
      const numbers = body.filter(({ cells }) => cells[i] !== undefined && isNumeric(cells[i]));
      // Mostly numbers: each cell that is none is a problem of its own row.
      if (2 * numbers.length > body.length) this.stresses.push(name);
      else if (isRemark(name)) this.#remarks.push(name);
      else this.#unknownColumn(name, head.cells[i]!);
    }
  }

  /** Our own names first; another word stands for one that no column has, where only one column has such a word. */
  #nameColumns(head: CsvRow): void {
    const all = head.cells.map((cell, i) => ({ cell, i, title: titleOf(cell.text) }));
    const own = new Set(all.flatMap(({ title }) => (title?.own === true ? [title.name] : [])));
    for (const { cell, i, title } of all) {
      const rivals = all.filter((o) => o.title?.name === title?.name && o.title?.own === false);
      const stands = title !== undefined && (title.own || !own.has(title.name));
      if (stands && !title.own && rivals.length > 1) {
        if (rivals[0]!.cell !== cell) continue;
        const found = rivals.map((o) => `"${o.cell.text}"`).join(" and ");
        this.report(
          cell,
          title.name,
          `${found}, which may each be it`,
          `one column "${title.name}"`,
        );
      }
      const name = stands ? title.name : this.#stressName(cell.text);
      if (stands) this.#takeTitle(cell, title);
      if (this.#columns.has(name)) this.report(cell, name, "the column twice", "it once");
      else this.#columns.set(name, i);
    }
  }

  #stressName(title: string): string {
    const name = stressName(title);
    if (name !== title) this.#renamed.push(`"${title}" as ${name}`);
    return name;
  }

  #takeTitle(cell: Cell, { name, own, unit, flag }: Title): void {
    if (!own) this.#renamed.push(`"${cell.text}" as ${name}`);
    if (flag !== undefined) this.#flag = flag;
    if (unit === undefined || (name !== "time" && name !== "time_high" && name !== "entry")) return;
    this.#sameUnit(cell, unit);
    this.#unitSeen = true;
    this.#unitInHeader = true;
  }

  /** Columns that were understood by another name, and those that nothing is done with. */
  notes(used: readonly string[] | undefined): string[] {
    const idle = used === undefined ? [] : this.stresses.filter((name) => !used.includes(name));
    const listed = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");
    return [
      ...(this.#renamed.length === 0 ? [] : [`columns taken: ${this.#renamed.join(", ")}`]),
      ...(idle.length === 0 ? [] : [`columns of numbers that are not used here: ${listed(idle)}`]),
      ...(this.#remarks.length === 0 ? [] : [`columns passed over: ${listed(this.#remarks)}`]),
    ];
  }

  #missing(name: string, head: CsvRow): void {
    const names = head.cells.map((c) => c.text);
    const near = nearest(
      name,
      names.filter((n) => titleOf(n) === undefined),
    );
    const cell = head.cells.find((c) => c.text === near) ?? head.cells[0]!;
    const separated = names.length === 1 ? separatorHint(names[0]!) : "";
    const hint = near === undefined ? separated : ` (did you mean "${near}" to be it?)`;
    this.report(cell, name, `the columns ${names.join(", ")}`, `a column "${name}"${hint}`);
  }

  #unknownColumn(name: string, cell: Cell): void {
    const near = nearest(name, known);
    const hint = near === undefined ? "" : `; did you mean "${near}"?`;
    this.report(
      cell,
      name,
      "an unknown column that is not numbers",
      `${known.join(", ")} or a stress in numbers${hint}`,
    );
  }

  row(row: CsvRow, options: ParseOptions): LifeRow {
    const kind = this.#kind(row);
    const time = this.#time(row, "time", kind === "interval");
    const high = kind === "interval" ? this.#high(row, time) : this.#noHigh(row, kind);
    const entry = this.#entry(row, kind === "interval" ? "time_high" : "time");
    const seen = sinceEntry({ ...fromStart({ kind, time, ...high }), ...entry });
    const count = this.#count(row, options.zeroCount === true);
    const stress = Object.fromEntries(
      this.stresses.map((name) => [name, this.#number(this.#cell(row, name), name)]),
    );
    return { ...seen, count, stress, ...this.#labels(row) };
  }

  #cell(row: CsvRow, name: string): Cell {
    const i = this.#columns.get(name);
    const cell = i === undefined ? undefined : row.cells[i];
    const last = row.cells.at(-1);
    const column = last === undefined ? 1 : last.column + last.text.length;
    return cell ?? { text: "", line: row.line, column };
  }

  #kind(row: CsvRow): LifeKind {
    if (!this.#columns.has("status")) return "exact";
    const cell = this.#cell(row, "status");
    const word = cell.text.normalize("NFKC").toLowerCase();
    const kind = kinds[letterIn(word, this.#flag) ?? ""];
    if (kind !== undefined) return kind;
    this.report(cell, "status", quote(cell.text), `${statusHelp}${statusHint(word)}`);
    return "exact";
  }

  #time(row: CsvRow, name: "time" | "time_high" | "entry", orZero = false): number {
    const cell = this.#cell(row, name);
    const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(\p{L}[^\d,;]*)?$/u.exec(
      cell.text,
    );
    const value = cell.doubtful !== undefined ? Number.NaN : Number(match?.[1] ?? Number.NaN);
    if (match !== null) {
      this.#sameUnit(cell, match[2]);
      this.#unitSeen = true;
    }
    if (Number.isFinite(value) && (value > 0 || (orZero && value === 0))) return value;
    const found = Number.isFinite(value) && value <= 0 ? `${cell.text}` : quote(cell.text);
    this.report(cell, name, found, expectedNumber(cell, `a time above zero${timeHint(cell.text)}`));
    return 1;
  }

  /** The header's unit stands for all; cells with a unit must agree, and all or none have one. */
  #sameUnit(cell: Cell, unit: string | undefined): void {
    if (this.unit === undefined && !this.#unitSeen) this.unit = unit;
    else if (unit !== this.unit && !(unit === undefined && this.#unitInHeader)) {
      const before = this.unit === undefined ? "no unit" : `"${this.unit}"`;
      const found = unit === undefined ? "no unit" : `unit "${unit}"`;
      this.report(cell, "time", found, `one unit in all rows (${before} before)`);
    }
  }

  #high(row: CsvRow, time: number): { timeHigh: number } {
    const cell = this.#cell(row, "time_high");
    if (cell.text === "") {
      this.report(cell, "time_high", "nothing", "the end of the interval (status I)");
      return { timeHigh: time };
    }
    const timeHigh = this.#time(row, "time_high");
    if (timeHigh < time) {
      this.report(cell, "time_high", String(timeHigh), `at least time, ${time}`);
    }
    return { timeHigh };
  }

  /** The age at which it came under watch; it was last seen at `last`. */
  #entry(row: CsvRow, last: "time" | "time_high"): { entry?: number } {
    const cell = this.#cell(row, "entry");
    if (cell.text === "") return {};
    const entry = this.#time(row, "entry", true);
    const end = this.#cell(row, last).text;
    if (entry >= Number.parseFloat(end)) {
      const expected = `an age below ${last}, ${end}, when it came under watch`;
      this.report(cell, "entry", cell.text, expected);
    }
    return entry > 0 ? { entry } : {};
  }

  /** A suspension at [a, b] counts at a; a failure with an interval must say so. */
  #noHigh(row: CsvRow, kind: LifeKind): Record<never, never> {
    const cell = this.#cell(row, "time_high");
    if (cell.text !== "" && kind !== "right" && cell.text !== this.#cell(row, "time").text) {
      this.report(cell, "time_high", cell.text, "status I for a failure within an interval");
    }
    return {};
  }

  #count(row: CsvRow, zero: boolean): number {
    const cell = this.#cell(row, "count");
    if (cell.text === "") return 1;
    const value = this.#number(cell, "count");
    if (!(value <= 0) || (zero && value === 0)) return value;
    this.report(cell, "count", cell.text, zero ? "0 or more failures" : "a number above zero");
    return 1;
  }

  #number(cell: Cell, name: string): number {
    const value = numberIn(cell);
    if (Number.isFinite(value)) return value;
    this.report(cell, name, quote(cell.text), expectedNumber(cell, "a number"));
    return 1;
  }

  #labels(row: CsvRow): Partial<Record<(typeof labels)[number], string>> {
    return Object.fromEntries(
      labels.map((n) => [n, this.#cell(row, n).text] as const).filter(([, text]) => text !== ""),
    );
  }
}

/** Failed between 0 and `timeHigh`, as a first inspection finds it: no more than failed before that. */
function fromStart<T extends { kind: LifeKind; time: number; timeHigh?: number }>(seen: T) {
  const { kind, time, timeHigh } = seen;
  if (kind !== "interval" || time > 0 || timeHigh === undefined) return seen;
  return { kind: "left" as const, time: timeHigh };
}

type Seen = Pick<LifeRow, "kind" | "time" | "timeHigh" | "entry">;

/** It lived when it came under watch: what failed before a look had not failed before that age. */
function sinceEntry(seen: Seen): Seen {
  const { kind, time, entry } = seen;
  if (entry === undefined) return seen;
  if (kind === "left") return { kind: "interval", time: entry, timeHigh: time, entry };
  return kind === "interval" ? { ...seen, time: Math.max(time, entry) } : seen;
}

/** Of a header of one cell, that is none. */
function separatorHint(title: string): string {
  const full = /[，；]/.exec(title)?.[0];
  if (full !== undefined) {
    return `: between the cells stand commas of full width (${full}), write plain ones (,)`;
  }
  return /[|:]/.test(title) ? ", cells set off by commas or semicolons" : "";
}

/** What to write in place of a time that is no plain number. */
function timeHint(text: string): string {
  const longer = /^[>≥]=?\s*(\d.*)$/.exec(text)?.[1];
  if (longer !== undefined) return `, as ${longer}: that it lived longer is said by S`;
  const [, hours, minutes, seconds = "0"] = /^(\d+):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  if (hours !== undefined) {
    const value = Number(hours) + Number(minutes) / 60 + Number(seconds) / 3600;
    return `, as ${Number(value.toPrecision(9))}: hours as a number`;
  }
  return /\d,\d/.test(text) ? ", with a decimal point" : "";
}

function statusHint(word: string): string {
  if (word === "0" || word === "1") {
    return `; is 1 a failure? name the column "failed" then, or "censored" where 1 is a suspension`;
  }
  const near = nearest(
    word,
    [...letterOf.keys()].filter((w) => w.length > 2),
  );
  return near === undefined ? "" : `; did you mean ${letterOf.get(near)} for "${near}"?`;
}

function quote(text: string): string {
  return text === "" ? "nothing" : `"${text}"`;
}
