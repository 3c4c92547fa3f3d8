// What `npm start` and `npm test` do first, in plain JavaScript because nothing is built or installed
// yet: install when node_modules is missing or older than the lock file, build when the sources
// are not those of the build. A second call finds nothing to do; two at once wait for each other.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const oldestNode = [20, 19];

function say(text) {
  process.stderr.write(`wearout: ${text}\n`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const tooOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
  if (!tooOld) return;
  say(`Node ${process.versions.node} is too old; ${oldestNode.join(".")} or newer is needed.`);
  process.exit(2);
}

/** Runs a program with its talk on stderr, so that stdout stays the command's own. */
function run(command, args) {
  const result = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (result.status === 0) return;
  say(
    `"${[command, ...args].join(" ")}" failed${result.error ? `: ${result.error.message}` : ""}.`,
  );
  process.exit(1);
}

function modifiedMs(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

const installMark = join(root, "node_modules", ".package-lock.json");

function isInstalled() {
  return modifiedMs(installMark) >= modifiedMs(join(root, "package-lock.json"));
}

function install() {
  say("installing the libraries (once)");
  // Every native part comes prebuilt inside its package; install scripts are not needed.
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
}

const buildMark = join(root, "build", ".built");
const sources = ["src", "test", "bench", "bin/bundle.js", "package-lock.json", "tsconfig.json"];

/** Which files there are and when each was saved: also sees what is gone and clocks that go wrong. */
function stateOf(path) {
  if (!existsSync(path)) return "";
  const stat = statSync(path);
  if (!stat.isDirectory()) return `${path} ${stat.mtimeMs}\n`;
  const names = readdirSync(path).sort();
  return names.map((name) => stateOf(join(path, name))).join("");
}

function sourceState() {
  const text = sources.map((name) => stateOf(join(root, name))).join("");
  return createHash("sha256").update(text).digest("hex");
}

function isBuilt() {
  return existsSync(buildMark) && readFileSync(buildMark, "utf8") === sourceState();
}

function build() {
  say("building");
  const state = sourceState();
  rmSync(join(root, "build"), { recursive: true, force: true });
  run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", root]);
  run(process.execPath, [join(root, "bin", "bundle.js")]);
  writeFileSync(buildMark, state);
}

const turn = join(root, ".setup.pid");

/** One set-up at a time. Who died while it was his turn has lost it. */
function takeTurn() {
  for (let told = false; ; told = true) {
    try {
      writeFileSync(turn, String(process.pid), { flag: "wx" });
      process.on("exit", () => rmSync(turn, { force: true }));
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (!told) say("another set-up is under way here; waiting for it");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    if (isLost()) rmSync(turn, { force: true });
  }
}

/** The holder is gone, or it has had longer than any set-up takes. */
function isLost() {
  const ageMs = Date.now() - modifiedMs(turn);
  const pid = existsSync(turn) ? Number(readFileSync(turn, "utf8")) : 0;
  // A file just made may still be empty.
  return ageMs > 600_000 || (pid === 0 ? ageMs > 5_000 : !isAlive(pid));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

export function prepare() {
  checkNode();
  if (isInstalled() && isBuilt()) return;
  takeTurn();
  if (!isInstalled()) install();
  if (!isBuilt()) build();
  rmSync(turn, { force: true });
}
