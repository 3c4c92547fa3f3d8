import {
  accessSync,
  constants,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from "node:fs";
import { join, relative } from "node:path";
import type { EpochMs } from "../base/clock.js";

/**
 * How this machine's files are looked at: every path begins at the machine's root, whatever folder
 * stands for that, and what is missing or forbidden is undefined. Nothing is ever opened for writing.
 */
export type Machine = {
  /** Names in a folder. */
  list(folder: string): string[] | undefined;
  /** What a text file says, without the white space around it. */
  text(file: string): string | undefined;
  /** What a link says, followed or not. */
  link(path: string): string | undefined;
  /** The path with every link followed. */
  real(path: string): string | undefined;
  stat(path: string): { gid: number; mode: number; modified: EpochMs } | undefined;
  /** May this user read and write it? Asks the system, so that access lists count. */
  mayUse(path: string): boolean;
  user: { uid: number; gids: readonly number[] };
};

/** The machine itself, or a folder that stands for one. */
export function openMachine(root = "/"): Machine {
  const at = (path: string) => join(root, path);
  return {
    list: (folder) => seen(() => readdirSync(at(folder))),
    text: (file) => seen(() => readFileSync(at(file), "utf8").trim()),
    link: (path) => seen(() => readlinkSync(at(path))),
    real: (path) => seen(() => `/${relative(realpathSync(root), realpathSync(at(path)))}`),
    stat: (path) =>
      seen(() => {
        const { gid, mode, mtimeMs } = statSync(at(path));
        return { gid, mode, modified: mtimeMs };
      }),
    mayUse: (path) =>
      seen(() => {
        accessSync(at(path), constants.R_OK | constants.W_OK);
        return true;
      }) === true,
    user: { uid: process.getuid?.() ?? 0, gids: groups() },
  };
}

function groups(): number[] {
  return [...new Set([process.getgid?.() ?? 0, ...(process.getgroups?.() ?? [])])];
}

function seen<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
