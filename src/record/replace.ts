/** New files in the place of old ones: whole or not at all, also after a power cut. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** All of the new text or all of the old, also after a power cut. */
export function replaceFile(folder: string, name: string, text: string): void {
  stageFile(folder, name, text);
  putInPlace(folder, name);
}

/** What a file's successor is called until it is put in its place. */
export const stagedName = (name: string) => `${name}.new`;

/** Writes a file's successor beside it, synced. */
export function stageFile(folder: string, name: string, text: string): void {
  const fd = openSync(join(folder, stagedName(name)), "w");
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  syncFolder(folder);
}

export function putInPlace(folder: string, name: string): void {
  moveInPlace(join(folder, stagedName(name)), folder, name);
}

/** `from` must lie on the same disk and be synced. */
export function moveInPlace(from: string, folder: string, name: string): void {
  renameSync(from, join(folder, name));
  syncFolder(folder);
}

/** Syncs a file, or every file of a folder and the folder's names. */
export function syncTree(path: string): void {
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path)) syncTree(join(path, name));
    syncFolder(path);
  } else syncFile(path);
}

function syncFile(path: string): void {
  const fd = openSync(path, "r+");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Makes new names in a folder survive a power cut; Windows cannot open a folder and needs no such call. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
