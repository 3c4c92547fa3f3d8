// `npm test`: set up what is missing, then types (the build), lint, and every test but the long campaigns.
// `npm test -- quick`: types, lint and the rooms that only compute. `npm test -- machine`: what another Node could
// let fail, without lint. Other words go to the test runner, as `npm test -- tidy`.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepare, root } from "./prepare.js";
import { reportFile } from "./test-report.js";
import { aloneEnv, machineTests, quickTests } from "./test-rooms.js";
import { afterRetry, isOnlyLate, lastWords, loadText } from "./test-words.js";

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
  return afterRetry(first, runTests(files, aloneEnv));
}

prepare();
if (word !== "machine") {
  say("lint and format");
  const status = run("@biomejs/biome/bin/biome", ["check", "."]);
  if (status !== 0) process.exit(status);
}
say("tests");
const first = runTests(wordsForRunner());
const last = isOnlyLate(first) ? runAgain(first) : first;
const words = lastWords(first, last);
writeFileSync(report, JSON.stringify({ ...last, words }));
for (const text of words) say(text);
process.exit(last.status);
