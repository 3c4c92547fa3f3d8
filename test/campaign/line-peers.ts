/**
 * Peers by another hand on every kind of line: slaves that are late, frozen, echoed, cut or busy, servers and clients of
 * other projects. Each value that passes for good is held against what the server really served, by the API and in whole
 * runs. `npm run campaign:line-peers -- [--rows PATTERN] [--quick] [--list] [--jobs N]`; ends with 1 when anything is wrong.
 */
import { parseArgs } from "node:util";
import { leave } from "./line-peers/leave.js";
import type { Result, Row } from "./line-peers/row.js";
import { allRows } from "./line-peers/rows.js";

const { values } = parseArgs({
  options: {
    rows: { type: "string" },
    quick: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    jobs: { type: "string", default: "8" },
  },
});
const jobs = Number(values.jobs);
if (!(Number.isInteger(jobs) && jobs > 0)) throw new Error("--jobs: a whole number above 0");

const mostTold = 3;
const total = { rows: 0, wrong: 0, failures: 0, missing: 0 };

process.on("exit", leave);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => process.exit(130));
}

function chosen(): Row[] {
  const rows = allRows().filter(({ isQuick }) => isQuick || !values.quick);
  const pattern = values.rows === undefined ? undefined : new RegExp(values.rows);
  return rows.filter(({ name }) => pattern?.test(name) ?? true);
}

function say(text: string): void {
  clearProgress();
  console.log(text);
}

function clearProgress(): void {
  if (process.stderr.isTTY === true) process.stderr.write("\r\x1b[K");
}

const running = new Set<string>();

function showProgress(count: number): void {
  if (process.stderr.isTTY !== true) return;
  const text = `${total.rows} of ${count} rows; now ${[...running].join(" ")}`;
  process.stderr.write(`\r\x1b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
}

/** Of many of one kind the first few tell as much. */
function firstOf(found: readonly string[], mark: string): string[] {
  const told = found.slice(0, mostTold).map((text) => `    ${mark} ${text}`);
  const more = found.length - told.length;
  return more > 0 ? [...told, `    ${mark} and ${more} more`] : told;
}

function report(name: string, { asked, good, wrong, failures }: Result): void {
  total.rows++;
  total.wrong += wrong.length;
  total.failures += failures.length;
  const verdict = wrong.length + failures.length === 0 ? "ok   " : "FAIL ";
  const share = asked === 0 ? "" : ` (${((100 * good) / asked).toFixed(0)} %)`;
  const counts = `${asked} asked, ${good} good${share}, ${wrong.length} wrong, ${failures.length} failures`;
  const lines = [...firstOf(wrong, "WRONG"), ...firstOf(failures, "failure")];
  say([`${verdict}${name}: ${counts}`, ...lines].join("\n"));
}

async function one(row: Row): Promise<void> {
  const missing = await row.missing();
  if (missing !== undefined) {
    total.missing++;
    say(`-    ${row.name}: not run, ${missing}`);
    return;
  }
  try {
    report(row.name, await row.run());
  } catch (error) {
    const failures = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
    report(row.name, { asked: 0, good: 0, wrong: [], failures });
  }
}

async function work(rows: Row[], count: number): Promise<void> {
  for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
    running.add(row.name);
    showProgress(count);
    await one(row);
    running.delete(row.name);
    showProgress(count);
  }
}

const rows = chosen();
if (values.list) {
  for (const { name } of rows) console.log(name);
  process.exit(0);
}
const count = rows.length;
await Promise.all(Array.from({ length: jobs }, () => work(rows, count)));
if (total.missing > 0)
  say(`${total.missing} rows were not run: their peers are not installed here`);
say(`${total.rows} rows, ${total.wrong} wrong values, ${total.failures} failures`);
process.exit(total.wrong + total.failures === 0 && total.rows > 0 ? 0 : 1);
