/** Files people write, from disk to a typed value: `parseText` plus what only bytes can tell. */
import { readFileSync, statSync } from "node:fs";
import { type Problem, unreadable } from "./error.js";
import { type Parsed, parseText, type Static, type TSchema } from "./schema.js";

/** Files people write are small; a larger one is a mistake (a log, a data table, a disk image). */
const largestFileBytes = 1_000_000;

/**
 * Reads a YAML file against a schema. What is wrong with its contents is in `problems`, too large
 * and not UTF-8 included; a file that is missing or may not be read throws `FILE_UNREADABLE`.
 */
export function parseFile<T extends TSchema>(schema: T, file: string): Parsed<Static<T>> {
  const expected = `a ${schema.title ?? "value"} as YAML text (UTF-8)`;
  const bytes = bytesOf(file);
  if (typeof bytes === "number") {
    const found = `a file of ${(bytes / 1e6).toFixed(1)} MB`;
    return refused(file, found, `${expected} of at most ${largestFileBytes / 1e6} MB`);
  }
  const text = decodeUtf8(bytes);
  return text === undefined
    ? refused(file, "binary data", expected)
    : parseText(schema, text, file);
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The bytes, or only their number when there are too many. */
function bytesOf(file: string): Buffer | number {
  try {
    const { size } = statSync(file);
    return size > largestFileBytes ? size : readFileSync(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function refused<T>(file: string, found: string, expected: string): Parsed<T> {
  const at = { file, line: 1, column: 1 };
  const problem = (_path: unknown, f: string, e: string): Problem => {
    return { ...at, field: "", found: f, expected: e };
  };
  return { file, text: "", value: undefined, problems: [problem([], found, expected)], problem };
}
