import { stripVTControlCharacters } from "node:util";
import { errorTable } from "../base/error.js";
import { visibleLine } from "../base/visible.js";

/** Results go to stdout, talk to stderr; both are arguments, so that tests can read them. */
export type Output = {
  /** One result line. */
  print(text: string): void;
  /** One line of talk: progress, hints, warnings. */
  talk(text: string): void;
  /** Progress on one line of stderr, written over by the next; nothing where stderr is no terminal. */
  status(text: string): void;
  /** Result lines that were coloured here; what is foreign in them is visible already (`visibleLine`). */
  picture(text: string): void;
  /** Raw result text, for streams; resolves when more may be written. */
  write(text: string): Promise<void>;
  /** Terminal control is wanted (a terminal, and NO_COLOR does not matter for it). */
  isTerminal: boolean;
  colour: boolean;
  /** Columns of the terminal that results or talk go to; infinite where it is none. */
  columns(of: "results" | "talk"): number;
};

let driving = 0;

/** From now on an output that cannot be written ends nothing: a rig is driven. Returns how to end that. */
export function driveUnheard(): () => void {
  driving++;
  return () => {
    driving--;
  };
}

export function processOutput(): Output {
  const { stdout, stderr } = process;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (driving > 0) return;
    // A reader that has seen enough (`| head`) is no error.
    if (error.code === "EPIPE") process.exit(0);
    stderr.write(`wearout: the output cannot be written: ${error.message}\n`);
    process.exit(errorTable.USAGE.exit);
  });
  stderr.on("error", () => {});
  return {
    print: (text) => void stdout.write(`${text}\n`),
    picture: (text) => void stdout.write(`${text}\n`),
    talk: (text) => void stderr.write(`${text}\n`),
    status: (text) => {
      if (stderr.isTTY === true) stderr.write(`\r\x1b[K${text}`);
    },
    write: (text) =>
      new Promise((resolve) => {
        if (stdout.write(text)) resolve();
        else stdout.once("drain", resolve);
      }),
    isTerminal: stdout.isTTY === true,
    colour: stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === "",
    columns: (of) => columnsOf(of === "talk" ? stderr : stdout),
  };
}

/**
 * Rows of data in columns; a cell is one line, and what moves a cursor is written out. Where the columns do not
 * fit the terminal (`columns` wide), each row is a paragraph with the names of its cells.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns = screenColumns(),
): string {
  return columned(
    head,
    rows.map((row) => row.map(visibleLine)),
    columns,
  );
}

/** The same of cells that were made visible before; colours pass. */
export function columned(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): string {
  const whole = aligned(head, rows);
  if (whole.split("\n").every((line) => width(line) <= columns)) return whole;
  return rows.map((row) => paragraph(head, row, columns)).join("\n");
}

/** Columns of the terminal; without end where the output goes into a file or another program. */
function screenColumns(): number {
  return columnsOf(process.stdout);
}

/** A terminal that nobody has given a size says 0. */
function columnsOf({ columns }: { columns?: number }): number {
  return columns === undefined || columns === 0 ? Number.POSITIVE_INFINITY : columns;
}

/**
 * The same lines; those too wide for the terminal are broken at blanks, the rest of each two columns further in. What
 * is typed stays on one line, however long: a copy of half of it would be another command.
 */
export function fitted(text: string, columns = screenColumns()): string {
  const lines = text.split("\n").flatMap((line) => {
    if (width(line) <= columns) return [line];
    const lines = wrapped(line.trimStart(), columns, /^ */.exec(line)?.[0] ?? "");
    return lines.map((one) => one.trimEnd());
  });
  return lines.join("\n");
}

function paragraph(head: readonly string[], row: readonly string[], columns: number): string {
  const [first = "", ...rest] = row;
  const cells = rest.flatMap((cell, i) => {
    const name = head[i + 1] ?? "";
    if (cell === "") return [];
    return wrapped(name === "" ? cell : `${name}: ${cell}`, columns, "  ");
  });
  return [...wrapped(first, columns, ""), ...cells].join("\n");
}

/** Lines of at most `columns`, broken at blanks, each behind `indent`; those after the first a little further in. */
export function wrapped(text: string, columns: number, indent: string): string[] {
  const lines: string[] = [];
  for (const piece of kept(text).split(" ")) {
    const word = piece.replaceAll(glue, " ");
    const before = lines.at(-1);
    if (before !== undefined && width(before) + 1 + width(word) <= columns) {
      lines[lines.length - 1] = `${before} ${word}`;
    } else lines.push(`${indent}${before === undefined ? "" : "  "}${word}`);
  }
  return lines;
}

/** Stands for a blank where no line is broken. */
const glue = "\u0000";

/** The program as it is called here, the rest up to what ends a command in a sentence or a list. */
const typed =
  /(?:node \S*wearout\.js|npx wearout|(?<![\w/.-])wearout)(?: --site (?:'[^']*'|\S+))? [a-z](?:"[^"]*"|'[^']*'|(?! {2}|[,:] |[;)\n"']).)*/g;

function kept(text: string): string {
  return text.replace(typed, (command) => command.replaceAll(" ", glue));
}

/** Columns as wide as their widest cell, two spaces apart; nothing after the last cell. Colours pass. */
export function aligned(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => width(row[i] ?? ""))));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell + " ".repeat(Math.max(0, (widths[i] ?? 0) - width(cell))))
      .join("  ")
      .trimEnd();
  return all.map(line).join("\n");
}

/** Sentences (lines that begin at the edge) broken at blanks to fit; what is indented stays as it is. */
export function paragraphs(text: string, columns: number): string {
  const isSentence = (line: string) => /^[^ \n]/.test(line);
  const all: string[] = [];
  for (const line of text.split("\n")) {
    const last = all.at(-1) ?? "";
    if (isSentence(line) && isSentence(last)) all[all.length - 1] = `${last} ${line}`;
    else all.push(line);
  }
  return all.flatMap((line) => (isSentence(line) ? broken(line, columns) : [line])).join("\n");
}

function broken(line: string, columns: number): string[] {
  const lines: string[] = [];
  for (const piece of kept(line).split(" ")) {
    const word = piece.replaceAll(glue, " ");
    const longer = `${lines.at(-1) ?? ""} ${word}`.trimStart();
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Columns on the screen: colours take none, Chinese characters two. */
export function width(text: string): number {
  if (plain.test(text)) return text.length;
  const bare = stripVTControlCharacters(text);
  let columns = 0;
  for (const character of bare) columns += wide.test(character) ? 2 : 1;
  return columns;
}

const plain = /^[ -~]*$/;

/** East Asian wide and full-width characters (Unicode Standard Annex 11), as far as people here write them. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

/** Control characters that JSON admits, but no terminal should see, are written as escapes. */
export function json(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/[\u007f-\u009f]/g, (c) => {
    return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
