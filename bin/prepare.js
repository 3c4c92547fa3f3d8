// What `npm start` and `npm test` do first, in plain JavaScript because nothing is built or installed
// yet: install when node_modules is missing or older than the lock file, build when a source is newer
// than the build. A second call finds nothing to do; two at once wait for each other.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
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

/** Newest source: files change, and folders change when files go. */
function newestMs(folder) {
  let newest = modifiedMs(folder);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return newest;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestMs(path) : modifiedMs(path));
  }
  return newest;
}

const installMark = join(root, "node_modules", ".package-lock.json");
const lockFileMs = () => modifiedMs(join(root, "package-lock.json"));

function isInstalled() {
  return modifiedMs(installMark) >= lockFileMs();
}

function install() {
  say("installing the libraries (once)");
  const newest = lockFileMs();
  // Every native part comes prebuilt inside its package; install scripts are not needed.
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  mark(installMark, newest);
}

const buildMark = join(root, "build", ".built");
const sources = ["src", "test", "bench", "package-lock.json", "tsconfig.json"];
const sourcesMs = () => Math.max(...sources.map((s) => newestMs(join(root, s))));

function isBuilt() {
  return modifiedMs(buildMark) >= sourcesMs();
}

function build() {
  say("building");
  const newest = sourcesMs();
  rmSync(join(root, "build"), { recursive: true, force: true });
  run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", root]);
  writeFileSync(buildMark, "");
  mark(buildMark, newest);
}

/** As new as what it was made from: a source saved meanwhile, or dated in the future, is seen. */
function mark(path, newestMs) {
  const seconds = Math.ceil(newestMs) / 1000;
  utimesSync(path, seconds, seconds);
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
