import { stripVTControlCharacters } from "node:util";
import { errorTable } from "../base/error.js";

/** Results go to stdout, talk to stderr; both are arguments, so that tests can read them. */
export type Output = {
  /** One result line. */
  print(text: string): void;
  /** One line of talk: progress, hints, warnings. */
  talk(text: string): void;
  /** Progress on one line of stderr, written over by the next; nothing where stderr is no terminal. */
  status(text: string): void;
  /** Raw result text, for streams; resolves when more may be written. */
  write(text: string): Promise<void>;
  /** Terminal control is wanted (a terminal, and NO_COLOR does not matter for it). */
  isTerminal: boolean;
  colour: boolean;
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
  };
}

/** Columns as wide as their widest cell, two spaces apart; nothing after the last cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
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
  for (const word of line.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trimStart();
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Characters on the screen: colours take none. */
export function width(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

export function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
