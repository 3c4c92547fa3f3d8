// `npm test`: set up what is missing, then types (the build), lint, and every test but the long campaigns.
// `npm test -- quick`: types, lint and the rooms that only compute. `npm test -- machine`: what another Node could
// let fail, without lint. Other words go to the test runner, as `npm test -- tidy`.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepare, root } from "./prepare.js";
import { reportFile } from "./test-report.js";
import { aloneEnv, machineTests, quickTests } from "./test-rooms.js";

const [word, ...more] = process.argv.slice(2);
const report = join(root, reportFile);

function say(text) {
  process.stderr.write(`wearout: ${text}\n`);
}

function run(script, args, env = {}) {
  const options = { cwd: root, stdio: "inherit", env: { ...process.env, ...env } };
  const { status } = spawnSync(
    process.execPath,
    [join(root, "node_modules", script), ...args],
    options,
  );
  return status ?? 1;
}

function wordsForRunner() {
  if (word === "quick") return [...quickTests, ...more];
  if (word === "machine") return [...machineTests, ...more];
  return process.argv.slice(2);
}

/** Exit status of the runner and what its report says; no report where it did not come to an end. */
function runTests(args, env) {
  rmSync(report, { force: true });
  const status = run("vitest/vitest.mjs", ["run", ...args], env);
  try {
    return { status, ...JSON.parse(readFileSync(report, "utf8")) };
  } catch {
    return { status, passed: 0, failed: 0, late: [] };
  }
}

/** Those whose time ran out once more, with the machine to themselves. */
function runAgain(first) {
  const files = [...new Set(first.late.map(({ file }) => file.replace(/\.ts$/, ".js")))];
  say(`time ran out, ${loadText(first)}; these once more, one after the other:`);
  const { status, failed, late } = runTests(files, aloneEnv);
  const passed = first.passed + first.late.length - failed;
  return { ...first, status, passed, failed, late };
}

/** More than our own workers can make of it. */
function loadText({ load, cores }) {
  const isBusy = load > 2 * cores + 1;
  return `the machine was ${isBusy ? "too" : "not"} busy (load ${load.toFixed(1)} on ${cores} cores)`;
}

function list(tests) {
  return tests.map(({ file, name }) => `\n  ${file}: ${name}`).join("");
}

/** Where time ran out: whether the machine was too busy, and for which tests. */
function lastWords(first, last) {
  if (first.late.length === 0) return [];
  if (last.status === 0) {
    return [`time had run out, ${loadText(first)}; by themselves these passed:${list(first.late)}`];
  }
  const others = last.failed - last.late.length;
  return [
    ...(last.late.length > 0 ? [`time ran out, ${loadText(first)}:${list(last.late)}`] : []),
    ...(others > 0 ? [`${others} failed for other reasons, see above`] : []),
  ];
}

prepare();
if (word !== "machine") {
  say("lint and format");
  const status = run("@biomejs/biome/bin/biome", ["check", "."]);
  if (status !== 0) process.exit(status);
}
say("tests");
const first = runTests(wordsForRunner());
const onlyLate = first.late.length > 0 && first.late.length === first.failed;
const last = onlyLate ? runAgain(first) : first;
const words = lastWords(first, last);
writeFileSync(report, JSON.stringify({ ...last, words }));
for (const text of words) say(text);
process.exit(last.status);
