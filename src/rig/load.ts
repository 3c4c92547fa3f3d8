/** Rig files: where they are, reading and checking them. The only part of loading with effects. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { assert, failOnProblems, type Problem, WearoutError } from "../base/error.js";
import { parseFile } from "../base/file.js";
import { judgeParts } from "../base/judge.js";
import { type Parsed, parseText, type Static, suggest, type TSchema } from "../base/schema.js";
import { DeviceType } from "../device/device-type.js";
import { listDeviceTypes, readDeviceType } from "../device/load.js";
import { checkRig } from "./check/check.js";
import { roleColumns } from "./column.js";
import { withWords } from "./column-words.js";
import { constantsOf } from "./constant.js";
import { loadDevices } from "./device.js";
import { compileRigLimits } from "./limits.js";
import type { LoadedRig } from "./loaded-rig.js";
import { RigFile } from "./rig-file.js";

export type { LoadedRig } from "./loaded-rig.js";

/** Where a site keeps its rigs and device types; the first folder wins. */
export type RigFolders = { rigs: readonly string[]; devices: readonly string[] };

/**
 * The rig of that name, or in that file. Throws `FILE_UNREADABLE`, or `FILE_INVALID` with every
 * problem of the rig and of the device types it names.
 */
export function loadRig(pathOrName: string, folders: RigFolders): LoadedRig {
  const read = readRig(findRig(pathOrName, folders.rigs), folders.devices);
  const warnings = read.problems.filter((p) => p.severity === "warning");
  failOnProblems(read.problems.filter((p) => p.severity !== "warning"));
  const { file, text, value: rig } = read.parsed;
  assert(rig !== undefined, "a rig without problems has a value");
  const { types, typeTexts } = read;
  return compileRig({ file, text, rig, types, typeTexts, warnings, given: {} });
}

/** A rig file and its device types as a run keeps them; `types` by the type's name. */
export type RigTexts = {
  name: string;
  text: string;
  types: ReadonlyMap<string, string>;
  /** The values that were given for the run. */
  given?: Readonly<Record<string, string>>;
};

/**
 * The rig of texts that a run has kept. They were checked when the run began, so no rule of meaning is
 * asked again: a rule that came later must not keep anybody from going on or making safe. Throws
 * `FILE_INVALID` only where a text cannot be read any more or a device type is missing.
 */
export function loadRigText({ name, text, types: typeTexts, given = {} }: RigTexts): LoadedRig {
  const rig = readKept(RigFile, text, `${name}.yaml (kept)`);
  const named = new Set(Object.values(rig.devices).map((device) => device.type));
  const missing = [...named].filter((type) => !typeTexts.has(type));
  if (missing.length > 0) {
    const text = `rig ${name} was kept without its device types ${missing.join(", ")}`;
    throw new WearoutError("FILE_INVALID", text);
  }
  const types = new Map(
    [...typeTexts].map(([type, kept]) => [type, readKept(DeviceType, kept, `${type}.yaml (kept)`)]),
  );
  return compileRig({ file: `${name}.yaml`, text, rig, types, typeTexts, warnings: [], given });
}

function readKept<T extends TSchema>(schema: T, text: string, file: string): Static<T> {
  const { value, problems } = parseText(schema, text, file);
  failOnProblems(problems);
  return value as Static<T>;
}

type RigParts = Pick<LoadedRig, "file" | "text" | "rig" | "typeTexts" | "warnings" | "given"> & {
  types: ReadonlyMap<string, DeviceType>;
};

function compileRig({ types, ...read }: RigParts): LoadedRig {
  const columns = withWords(roleColumns(read.rig), { rig: read.rig, types });
  const devices = loadDevices(read.rig, types);
  const limits = compileRigLimits(read.rig, columns);
  return { ...read, columns, devices, limits, constants: constantsOf(columns, read.given) };
}

/** The rig files of the folders by name; the first folder wins where two have the same. */
export function listRigs(folders: readonly string[]): { name: string; file: string }[] {
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of existsSync(folder) ? readdirSync(folder) : []) {
      const name = entry.replace(/\.yaml$/, "");
      if (entry.endsWith(".yaml") && !files.has(name)) files.set(name, join(folder, entry));
    }
  }
  return [...files].map(([name, file]) => ({ name, file }));
}

/** The file of that rig; throws `FILE_UNREADABLE` with the nearest name. */
export function findRig(pathOrName: string, folders: readonly string[]): string {
  if (/[/\\]|\.yaml$/.test(pathOrName)) return pathOrName;
  const known = listRigs(folders);
  const found = known.find((rig) => rig.name === pathOrName);
  if (found !== undefined) return found.file;
  const names = known.map((rig) => rig.name);
  const message = `no rig "${pathOrName}", expected ${suggest(pathOrName, names)}`;
  throw new WearoutError("FILE_UNREADABLE", message);
}

/** A rig file and its device types with all their problems, for `wearout check` and for loading. */
export function readRig(
  file: string,
  deviceFolders: readonly string[],
): {
  parsed: Parsed<RigFile>;
  types: ReadonlyMap<string, DeviceType>;
  typeTexts: ReadonlyMap<string, string>;
  problems: readonly Problem[];
} {
  const parsed = parseFile(RigFile, file);
  const known = listDeviceTypes(deviceFolders);
  const readable = parsed.value ?? (parsed.part?.value as RigFile | undefined);
  const named = new Set(Object.values(readable?.devices ?? {}).map((d) => d.type));
  const types = new Map<string, DeviceType>();
  const typeTexts = new Map<string, string>();
  const typeProblems: Problem[] = [];
  for (const { name, file: typeFile } of known.filter((k) => named.has(k.name))) {
    const type = readDeviceType(typeFile);
    if (type.value !== undefined) types.set(name, type.value);
    typeTexts.set(name, type.text);
    typeProblems.push(...type.problems);
  }
  const typeNames = known.map((k) => k.name);
  const meaning = judgeParts(parsed, (part) => checkRig(part, types, typeNames));
  const problems = [...parsed.problems, ...meaning, ...typeProblems];
  return { parsed, types, typeTexts, problems };
}
