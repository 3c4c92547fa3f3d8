// What `npm start` and `npm test` do first, in plain JavaScript because nothing is built or installed
// yet: install when node_modules is missing or older than the lock file, build when a source is newer
// than the build. A second call finds nothing to do.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
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
  if (!existsSync(folder)) return newest;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestMs(path) : modifiedMs(path));
  }
  return newest;
}

function install() {
  const mark = join(root, "node_modules", ".package-lock.json");
  if (modifiedMs(mark) >= modifiedMs(join(root, "package-lock.json"))) return;
  say("installing the libraries (once)");
  // Every native part comes prebuilt inside its package; install scripts are not needed.
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
}

function build() {
  const mark = join(root, "build", ".built");
  const sources = ["src", "test", "bench", "package-lock.json", "tsconfig.json"];
  const newest = Math.max(...sources.map((s) => newestMs(join(root, s))));
  if (modifiedMs(mark) >= newest) return;
  say("building");
  rmSync(join(root, "build"), { recursive: true, force: true });
  run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", root]);
  writeFileSync(mark, "");
}

export function prepare() {
  checkNode();
  install();
  build();
}
