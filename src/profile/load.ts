/** Profile files: where they are and reading them. */
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { type Problem, WearoutError } from "../base/error.js";
import { parseFile } from "../base/file.js";
import { judgeParts } from "../base/judge.js";
import { type Parsed, parseText, show, suggest } from "../base/schema.js";
import { Profile } from "./profile.js";

/** A profile's name and the file that holds it. */
export type ProfileFile = { name: string; file: string };

/** All profiles of the folders by name; the first folder wins where two have the same. */
export function listProfiles(folders: readonly string[]): ProfileFile[] {
  const files = new Map<string, string>();
  for (const folder of folders.filter((f) => existsSync(f))) {
    for (const entry of readdirSync(folder)) {
      const name = entry.replace(/\.yaml$/, "");
      if (entry.endsWith(".yaml") && !files.has(name)) files.set(name, join(folder, entry));
    }
  }
  return [...files]
    .map(([name, file]) => ({ name, file }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The profile of that name in the folders, or at that path (anything with a slash or ending in
 * `.yaml`). Problems of form are in `problems`, `compileProfile` finds those of meaning. Throws
 * `FILE_UNREADABLE` for what is not there.
 */
export function loadProfile(nameOrPath: string, folders: readonly string[] = []): Parsed<Profile> {
  const file = profileFile(nameOrPath, folders);
  const parsed = parseFile(Profile, file);
  const name = basename(file).replace(/\.ya?ml$/, "");
  parsed.problems.push(...judgeParts(parsed, (part) => nameProblems(part, name)));
  return parsed;
}

function nameProblems({ value, problem }: Parsed<Profile>, name: string): Problem[] {
  if (value === undefined || value.profile === name) return [];
  return [problem(["profile"], show(value.profile), `"${name}", as the file's name`)];
}

/** A profile of a text that a run has kept; problems of form are in `problems`. */
export function parseProfile(name: string, text: string): Parsed<Profile> {
  return parseText(Profile, text, `${name}.yaml (kept)`);
}

function profileFile(nameOrPath: string, folders: readonly string[]): string {
  if (/[/\\]|\.ya?ml$/.test(nameOrPath)) return nameOrPath;
  const known = listProfiles(folders);
  const file = known.find((profile) => profile.name === nameOrPath)?.file;
  if (file !== undefined) return file;
  const names = known.map((profile) => profile.name);
  const message = `no profile "${nameOrPath}", expected ${suggest(nameOrPath, names)}`;
  throw new WearoutError("FILE_UNREADABLE", message);
}
