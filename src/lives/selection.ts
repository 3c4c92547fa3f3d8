/** Which lives are asked for: `lot=B7,profile=bearing-constant-load`. */
import { WearoutError } from "../base/error.js";
import { wallTime } from "../base/moment.js";
import { suggest } from "../base/schema.js";
import { visibleLine } from "../base/visible.js";
import type { RunHeader } from "../record/document/run.js";
import type { SpecimenLife } from "./specimen-life.js";

const keys = ["run", "rig", "profile", "lot", "product", "specimen", "since", "until", "simulated"];
/** Values by key, in their order. */
export type Wanted = Map<string, string[]>;

/**
 * The same lives by the ids of their runs, as a report names them: later runs do not come in. What a selection says
 * of specimens stays in it.
 */
export function selectionOfRuns(selection: string, runs: readonly string[]): string {
  const ofLives = ["lot", "product", "specimen"];
  const kept = [...wantedOf(selection)].flatMap(([key, values]) =>
    ofLives.includes(key) ? values.map((value) => `${key}=${quotedValue(value)}`) : [],
  );
  return [...runs.map((id) => `run=${id}`), ...kept].join(",");
}

function quotedValue(value: string): string {
  return value.includes(",") ? `"${value}"` : value;
}

/** `lot=B7,profile=x`, `all`; throws `USAGE`. */
export function wantedOf(selection: string): Wanted {
  const wanted: Wanted = new Map();
  for (const part of selection === "all" ? [] : partsOf(selection)) {
    const [, key = "", written = ""] = /^([^=]*?)\s*=\s*(.*)$/s.exec(part) ?? ["", part];
    const value = /^"(.*)"$/s.exec(written)?.[1] ?? written;
    if (!keys.includes(key) || value === "") {
      const expected = keys.includes(key) ? `${key}=VALUE` : `KEY=VALUE, KEY ${suggest(key, keys)}`;
      throw new WearoutError("USAGE", `--runs: found "${part}", expected ${expected}`);
    }
    if (key === "simulated" && !["yes", "no"].includes(value)) {
      const expected = `found "${value}", expected one of yes, no`;
      throw new WearoutError("USAGE", `--runs simulated: ${expected}`);
    }
    wanted.set(key, [...(wanted.get(key) ?? []), value]);
  }
  return wanted;
}

export function isWantedRun(header: RunHeader, wanted: Wanted): boolean {
  const { id, rig, profile, simulated, startedWall } = header;
  return (
    isOne(wanted, "run", id) &&
    isOne(wanted, "rig", rig) &&
    isOne(wanted, "profile", profile) &&
    isOne(wanted, "simulated", simulated ? "yes" : "no") &&
    (wanted.get("since") ?? []).every((text) => startedWall >= dateOf("since", text)) &&
    (wanted.get("until") ?? []).every((text) => startedWall < dateOf("until", text))
  );
}

export function isWantedLife(life: SpecimenLife, header: RunHeader, wanted: Wanted): boolean {
  const { product = "" } = header.specimens.find((s) => s.specimen === life.specimen) ?? {};
  return (
    isOne(wanted, "lot", life.lot) &&
    isOne(wanted, "specimen", life.specimen) &&
    isOne(wanted, "product", product)
  );
}

/** Parts between commas; a value in double quotes may hold commas (names in older records). */
function partsOf(selection: string): string[] {
  const parts = selection.match(/(?:"[^"]*"|[^,])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** A name is asked for as it is, or as it is shown. */
function isOne(wanted: Wanted, key: string, value: string): boolean {
  const names = wanted.get(key);
  return names === undefined || names.includes(value) || names.includes(visibleLine(value));
}

function dateOf(key: string, text: string): number {
  const wall = wallTime(text);
  if (wall !== undefined) return wall;
  throw new WearoutError("USAGE", `--runs ${key}: found "${text}", expected a date as 2026-01-31`);
}
