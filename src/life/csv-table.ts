/** CSV text as cells that know their place (RFC 4180, and `#` comments, blank lines, a byte order mark). */

export type Cell = { text: string; line: number; column: number };
export type CsvRow = { line: number; cells: Cell[] };
export type CsvTable = { rows: CsvRow[] /** A quote that nothing closes. */; openQuote?: Cell };

/** Columns count characters of the line from 1. Cells lose the spaces around them. */
export function parseCsv(text: string): CsvTable {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const scan: Scan = { text: source, at: 0, line: 1, lineStart: 0 };
  const rows: CsvRow[] = [];
  while (scan.at < source.length) {
    const line = scan.line;
    if (skipIdle(scan)) continue;
    const cells: Cell[] = [];
    for (;;) {
      const { cell, closed } = readCell(scan);
      cells.push(cell);
      if (!closed) return { rows, openQuote: cell };
      if (source[scan.at] !== ",") break;
      scan.at++;
    }
    endLine(scan);
    rows.push({ line, cells });
  }
  return { rows };
}

/** What keeps a table from being one: a quote nothing closes, rows with more cells than the header. */
export function brokenPlaces({ rows, openQuote }: CsvTable): Broken[] {
  const [head, ...body] = rows;
  const columns = head?.cells.length ?? 0;
  const long = body.flatMap(({ cells }) => {
    const extra = cells[columns];
    const expected = `${columns}, as in the header`;
    return extra === undefined ? [] : [{ at: extra, found: `${cells.length} cells`, expected }];
  });
  if (openQuote === undefined) return long;
  return [{ at: openQuote, found: "a quote nothing closes", expected: 'a closing "' }, ...long];
}

type Broken = { at: Cell; found: string; expected: string };

type Scan = { text: string; at: number; line: number; lineStart: number };

/** A blank line or a comment: passed over. */
function skipIdle(scan: Scan): boolean {
  const end = lineEnd(scan);
  const line = scan.text.slice(scan.at, end).trim();
  if (line !== "" && !line.startsWith("#")) return false;
  scan.at = end;
  endLine(scan);
  return true;
}

function lineEnd(scan: Scan): number {
  toLineEnd.lastIndex = scan.at;
  return scan.at + toLineEnd.exec(scan.text)![0].length;
}

function endLine(scan: Scan): void {
  if (scan.text[scan.at] === "\r") scan.at++;
  if (scan.text[scan.at] === "\n") scan.at++;
  scan.line++;
  scan.lineStart = scan.at;
}

const toLineEnd = /[^\r\n]*/y;
const bareCell = /[^,\r\n]*/y;
const quotedCell = /[^\S\r\n]*"((?:[^"]|"")*)"/y;
const openQuote = /[^\S\r\n]*"/y;

function readCell(scan: Scan): { cell: Cell; closed: boolean } {
  const { text, line } = scan;
  const column = scan.at - scan.lineStart + 1;
  openQuote.lastIndex = scan.at;
  if (!openQuote.test(text)) {
    const raw = match(bareCell, scan)![0];
    const lead = raw.length - raw.trimStart().length;
    return { cell: { text: raw.trim(), line, column: column + lead }, closed: true };
  }
  const quoted = match(quotedCell, scan);
  if (quoted === undefined) return { cell: { text: "", line, column }, closed: false };
  const inside = quoted[1]!.replaceAll('""', '"');
  countLines(scan, quoted.index, quoted[0]);
  const rest = match(bareCell, scan)![0].trim();
  return { cell: { text: (inside + rest).trim(), line, column }, closed: true };
}

function match(pattern: RegExp, scan: Scan): RegExpExecArray | undefined {
  pattern.lastIndex = scan.at;
  const found = pattern.exec(scan.text);
  if (found === null) return undefined;
  scan.at += found[0].length;
  return found;
}

function countLines(scan: Scan, start: number, text: string): void {
  for (const m of text.matchAll(/\r\n|\r|\n/g)) {
    scan.line++;
    scan.lineStart = start + m.index + m[0].length;
  }
}
