/**
 * Every error a user can meet has a code here, and every code has one exit status (design, section 11).
 * The world's failures (a timeout, a bad CRC) are values in a reading; files that are wrong are
 * `FILE_INVALID` with all their problems; our own mistakes are `DEFECT`.
 */
export const errorTable = {
  DEFECT: { exit: 1, meaning: "Wearout itself is wrong; please report it" },
  USAGE: { exit: 2, meaning: "the command was called the wrong way" },
  FILE_UNREADABLE: { exit: 3, meaning: "a file is missing or cannot be read" },
  FILE_INVALID: { exit: 3, meaning: "a file does not say what its kind must say" },
  DEVICE_TYPE_UNKNOWN: { exit: 3, meaning: "no device type of that name in the site's folders" },
  PRODUCT_UNKNOWN: { exit: 3, meaning: "no product of that designation in the site's folders" },
  LINE_UNREACHABLE: { exit: 4, meaning: "a line cannot be opened" },
  LINE_IN_USE: { exit: 4, meaning: "a port or socket address is held by somebody else" },
  DEVICE_SILENT: { exit: 4, meaning: "a device does not answer" },
  DEVICE_NONSENSE: { exit: 4, meaning: "a device answers, but not with what its type says" },
  DEVICE_IDENTITY: { exit: 4, meaning: "the device at this address is not of the declared type" },
  WRITE_REFUSED: { exit: 5, meaning: "the device type forbids this write" },
  STATE_REFUSED: { exit: 5, meaning: "the run's state does not allow this command" },
  STATE_FAILED: { exit: 5, meaning: "the state folder cannot be written (disk full, read-only)" },
  KEEPER_SILENT: { exit: 4, meaning: "the process that keeps a rig does not answer" },
  KEEPER_CLOSED: { exit: 5, meaning: "this user may not speak to the process that keeps a rig" },
  PROTOCOL_OTHER: { exit: 5, meaning: "the process that keeps a rig speaks another protocol" },
  RECORD_LOCKED: { exit: 5, meaning: "another controller writes in this record folder" },
  RECORD_UNKNOWN: { exit: 2, meaning: "no run of that id under the records folder" },
  RECORD_FAILED: { exit: 5, meaning: "the record cannot be written (disk full, read-only)" },
  RECORD_DAMAGED: { exit: 3, meaning: "a record does not agree with its own hashes" },
  LIFE_REFUSED: { exit: 5, meaning: "the life data cannot answer what was asked" },
} as const;

export type ErrorCode = keyof typeof errorTable;

/** An error for a user: a code, one sentence, and for files the list of problems. */
export class WearoutError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.name = "WearoutError";
    this.code = code;
    this.problems = problems;
  }

  get exitCode(): number {
    return errorTable[this.code].exit;
  }
}

/** One thing wrong in one file: where, what was found, what would be right. */
export type Problem = {
  file: string;
  /** 1-based; 1 where the file as a whole is meant. */
  line: number;
  column: number;
  /** Path inside the file, as `steps[2].ramp.speed`; empty for the whole file. */
  field: string;
  found: string;
  expected: string;
  /** Left out: an error. A warning is told and changes neither exit status nor what may be used. */
  severity?: "warning";
};

/** `rigs/a.yaml:12:5  roles.speed.unit: found "rmp", expected "rpm"` */
export function formatProblem(p: Problem): string {
  const field = p.field === "" ? "" : `${p.field}: `;
  const warning = p.severity === undefined ? "" : `${p.severity}: `;
  return `${p.file}:${p.line}:${p.column}  ${warning}${field}found ${p.found}, expected ${p.expected}`;
}

/** Throws `FILE_INVALID` naming every problem once when there is one: a step may be read for each of its repeats. */
export function failOnProblems(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const all = [...new Map(problems.map((p) => [formatProblem(p), p])).entries()];
  const count = all.length === 1 ? "1 problem" : `${all.length} problems`;
  const lines = all.map(([line]) => line).join("\n");
  const once = all.map(([, problem]) => problem);
  throw new WearoutError("FILE_INVALID", `${count} in files:\n${lines}`, once);
}

const fileTroubles: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "this user may not read it",
  EISDIR: "is a folder",
};

/** `FILE_UNREADABLE` with the reason in words; `file` as it was given. */
export function unreadable(file: string, error: unknown): WearoutError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new WearoutError("FILE_UNREADABLE", `${file}: ${fileTroubles[code ?? ""] ?? message}`);
}

/** For what cannot happen unless we made a mistake. */
export function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new WearoutError("DEFECT", `assertion failed: ${what}`);
}
