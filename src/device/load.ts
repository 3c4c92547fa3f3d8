/** Device type files: where they are, reading and checking them. The only part with effects. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { failOnProblems, WearoutError } from "../base/error.js";
import { parseFile } from "../base/file.js";
import { judgeParts } from "../base/judge.js";
import { type Parsed, suggest } from "../base/schema.js";
import { checkDeviceType } from "./check.js";
import { DeviceType } from "./device-type.js";

/** A device type's name (`maker/model`) and the file that holds it. */
export type DeviceTypeFile = { name: string; file: string };

/** All device types of the folders by name; the first folder wins where two have the same. */
export function listDeviceTypes(folders: readonly string[]): DeviceTypeFile[] {
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const maker of entries(folder, true)) {
      for (const entry of entries(join(folder, maker), false)) {
        const name = `${maker}/${entry.replace(/\.yaml$/, "")}`;
        if (entry.endsWith(".yaml") && !files.has(name))
          files.set(name, join(folder, maker, entry));
      }
    }
  }
  return [...files]
    .map(([name, file]) => ({ name, file }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function entries(folder: string, folders: boolean): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() === folders)
    .map((entry) => entry.name);
}

/** The file of a device type, or `DEVICE_TYPE_UNKNOWN` with the nearest name. */
export function findDeviceType(name: string, folders: readonly string[]): string {
  const known = listDeviceTypes(folders);
  const found = known.find((type) => type.name === name);
  if (found !== undefined) return found.file;
  const names = known.map((type) => type.name);
  const message = `no device type "${name}", expected ${suggest(name, names)}`;
  throw new WearoutError("DEVICE_TYPE_UNKNOWN", message);
}

/**
 * Reads and checks one file. What it says wrong is in `problems` (all of it, `value` is then
 * undefined); a file that cannot be read is `FILE_UNREADABLE`.
 */
export function readDeviceType(file: string): Parsed<DeviceType> {
  const parsed = parseFile(DeviceType, file);
  parsed.problems.push(...judgeParts(parsed, checkDeviceType));
  if (parsed.problems.length > 0) parsed.value = undefined;
  return parsed;
}

/** The named device type, checked. Throws `DEVICE_TYPE_UNKNOWN` or `FILE_INVALID`. */
export function loadDeviceType(name: string, folders: readonly string[]): DeviceType {
  const parsed = readDeviceType(findDeviceType(name, folders));
  failOnProblems(parsed.problems);
  return parsed.value!;
}
