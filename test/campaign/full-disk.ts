/**
 * `npm run campaign:full-disk`, as root on Linux: a really full disk (tmpfs) from the start, under an open record and
 * while a run goes on, and a disk that is mounted read-only.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ofKind } from "../../src/record/document/event.js";
import { openRecord } from "../../src/record/reader.js";
import { verifyRun } from "../../src/record/verify/run.js";

const child = fileURLToPath(new URL("./full-disk-child.js", import.meta.url));
const command = fileURLToPath(new URL("../../../bin/wearout.js", import.meta.url));
const openRecords = fileURLToPath(
  new URL("../../../test/data/records/layout-2-open", import.meta.url),
);
const wrong: string[] = [];

function expect(fine: boolean, what: string): void {
  process.stdout.write(`${fine ? "ok" : "WRONG"}: ${what}\n`);
  if (!fine) wrong.push(what);
}

function onDisk(options: string, work: (mount: string) => void): void {
  const mount = mkdtempSync(join(tmpdir(), "wearout-full-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", mount]);
  try {
    work(mount);
  } finally {
    // SQLite's handles are let go of when their objects are collected.
    execFileSync("umount", ["-l", mount]);
    rmSync(mount, { recursive: true });
  }
}

function start(root: string): { status: number | null; stderr: string } {
  const names = ["--rig", "bearing-four", "--specimen", "a,b,c,d"];
  const args = ["run", "start", "bearing-constant-load", ...names, "--virtual", "--records", root];
  return spawnSync(process.execPath, [command, ...args], { encoding: "utf8" });
}

onDisk("size=64k", (mount) => {
  const { status, stderr } = start(mount);
  expect(
    status === 5 && /cannot be written/.test(stderr),
    `no room from the start: ${stderr.trim()}`,
  );
  const left = readdirSync(mount).filter((name) => name !== "specimens");
  expect(left.length === 0, `nothing of the run is left behind: ${left.join(", ") || "nothing"}`);
});

onDisk("size=8m", (mount) => {
  const root = join(mount, "records");
  cpSync(openRecords, root, { recursive: true });
  spawnSync("dd", ["if=/dev/zero", `of=${join(mount, "filler")}`, "bs=1k"]);
  const args = ["run", "resume", "bearing-four-1", "--virtual", "--yes", "--records", root];
  const { status, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: "utf8" });
  const said = /cannot be read: no space is left on its disk/.test(stderr);
  expect(status === 3 && said, `an open record on a full disk: ${stderr.trim()}`);
});

onDisk("size=8m", (mount) => {
  const root = join(mount, "records");
  mkdirSync(root);
  execFileSync("mount", ["-o", "remount,ro", mount]);
  const { status, stderr } = start(root);
  expect(status === 5 && /EROFS|read-only/.test(stderr), `read-only disk: ${stderr.trim()}`);
});

onDisk("size=96m", (mount) => {
  const root = join(mount, "records");
  mkdirSync(root);
  writeFileSync(join(mount, "filler"), "");
  const { stdout, stderr } = spawnSync(process.execPath, [child, root, join(mount, "filler")], {
    encoding: "utf8",
  });
  const { id, outcome } = JSON.parse(stdout || `{"id": "", "outcome": ${JSON.stringify(stderr)}}`);
  expect(
    outcome === "stopped",
    `a disk that fills up and is emptied again: the run ended ${outcome}`,
  );
  const reader = openRecord(root, id);
  const states = ofKind([...reader.events()], "state").map((e) => e.data.to);
  reader.close();
  const [down, up] = [states.indexOf("Suspended"), states.indexOf("Unsuspending")];
  expect(down >= 0 && up > down, `it was suspended and went on by itself: ${states.join(", ")}`);
  const { ok, samples, gaps, findings } = verifyRun(root, id, () => {});
  expect(ok, `its record is whole: ${samples} samples ${JSON.stringify(findings)}`);
  expect(gaps.length === 0, `no sample is missing: ${JSON.stringify(gaps)}`);
});

process.exitCode = wrong.length === 0 ? 0 : 1;
