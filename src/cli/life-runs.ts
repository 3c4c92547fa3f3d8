/** Selections of runs as life data: `--runs lot=B7,profile=bearing-constant-load`. */
import { WearoutError } from "../base/error.js";
import { suggest } from "../base/schema.js";
import { visibleLine } from "../base/visible.js";
import { lifeMeasures, livesOf, measureOf } from "../lab/lives-of.js";
import { type LifeTable, lifeTable } from "../lives/life-table.js";
import { joinRuns, type SpecimenLife } from "../lives/specimen-life.js";
import type { RunHeader } from "../record/document/run.js";
import { runIds } from "../record/folder.js";
import { openRecord } from "../record/reader.js";
import { oneOf } from "./option.js";
import { wallTime } from "./time-range.js";

export type RunsQuestion = {
  /** As written: `lot=B7,profile=x`; `all` for every run. */
  selection: string;
  /** Ids; none: all runs of the folder. */
  runs: readonly string[];
  exposure: string;
  /** Only runs that have ended; else the living of open ones count as suspended. */
  ended: boolean;
  recordsRoot: string;
};

/** A sentence in both languages of a report. */
export type RunsNote = { en: string; zh: string };

/** What was found, and what of it was left aside, in words for a person. */
export type RunsAnswer = { table: LifeTable; runs: readonly string[]; notes: readonly RunsNote[] };

const keys = ["run", "rig", "profile", "lot", "product", "specimen", "since", "until", "simulated"];
type Wanted = Map<string, string[]>;

export const selectionHelp = `
A selection of runs is KEY=VALUE,...: run, rig, profile, lot, product, specimen, since, until (dates),
simulated (yes or no); a key given twice takes either, all takes every run; a value with commas stands in "quotes". A specimen without a lot of its
own (run start --lot) has its product as lot. Real and simulated lives are never mixed.`;

/**
 * The life table of the runs that a selection names. Throws `USAGE` when it names none or mixes
 * real and simulated specimens, and what reading a record throws.
 */
export function askRuns(question: RunsQuestion): RunsAnswer {
  const wanted = wantedOf(question.selection);
  const measure = lifeMeasures[oneOf("--exposure", question.exposure, Object.keys(lifeMeasures))]!;
  const ids = question.runs.length > 0 ? question.runs : runIds(question.recordsRoot);
  const lives: SpecimenLife[] = [];
  const [used, notes]: [string[], RunsNote[]] = [[], []];
  const mixed: Mixed = { conditions: new Set(), products: new Set() };
  for (const id of ids) {
    const reader = openRecord(question.recordsRoot, id);
    try {
      if (!isWantedRun(reader.header, wanted)) continue;
      const { condition } = reader;
      if (condition !== "ended") notes.push(openNote(id, condition, question.ended));
      if (condition !== "ended" && question.ended) continue;
      const found = livesOf(reader, measure);
      const own = found.filter((life) => isWantedLife(life, reader.header, wanted));
      if (own.length > 0) used.push(id);
      noteConditions(mixed, reader.header, own);
      lives.push(...own);
    } finally {
      reader.close();
    }
  }
  if (lives.length === 0) nothing(question, ids.length, notes);
  refuseMixture(lives);
  notes.push(...doubleNames(lives), ...mixedNotes(mixed));
  const table = lifeTable(joinRuns(lives), measureOf(measure));
  return { table, runs: used, notes: [...notes, ...notesOf(table)] };
}

/** What becomes of the lives of a run that has not ended. */
export function openNote(id: string, condition: string, endedOnly = false): RunsNote {
  const en = endedOnly
    ? "left out (--ended)"
    : "who is alive counts as suspended at the last booked exposure";
  const zh = endedOnly ? "未计入" : "仍存活的试样按最后记录的暴露量计为截尾";
  return {
    en: `${id} has not ended (${condition}): ${en}`,
    zh: `试验 ${id} 尚未结束（${conditionWords[condition] ?? condition}）：${zh}`,
  };
}

const conditionWords: Readonly<Record<string, string>> = {
  running: "进行中",
  interrupted: "已中断",
};

function nothing(question: RunsQuestion, looked: number, notes: readonly RunsNote[]): never {
  const said = question.selection === "" ? "" : `--runs ${question.selection}: `;
  const why = notes.map(({ en }) => `; ${en}`).join("");
  const text = `${said}no life among ${looked === 1 ? "1 run" : `${looked} runs`} under ${question.recordsRoot}${why}`;
  throw new WearoutError("USAGE", text);
}

function refuseMixture(lives: readonly SpecimenLife[]): void {
  const simulated = lives.find((l) => l.simulated);
  const real = lives.find((l) => !l.simulated);
  if (simulated === undefined || real === undefined) return;
  const text = `${simulated.run} is simulated and ${real.run} is real; choose with --runs simulated=no`;
  throw new WearoutError("USAGE", text);
}

/** A simulated specimen is new in every run: of one name there may be several lives. */
/** What the lives were lived under, and of what. */
type Mixed = { conditions: Set<string>; products: Set<string> };

function noteConditions(
  { conditions, products }: Mixed,
  { profile, parameters, specimens }: RunHeader,
  lives: readonly SpecimenLife[],
): void {
  if (lives.length === 0) return;
  const given = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  conditions.add(given.length === 0 ? profile : `${profile} (${given.join(", ")})`);
  const names = new Set(lives.map(({ specimen }) => specimen));
  for (const { specimen, product } of specimens) if (names.has(specimen)) products.add(product);
}

/** Nothing is wrong with that, but somebody must know: one distribution is fitted to all of them. */
function mixedNotes({ conditions, products }: Mixed): RunsNote[] {
  const note = (all: ReadonlySet<string>, en: string, zh: string): RunsNote[] => {
    if (all.size < 2) return [];
    const list = [...all].map(visibleLine).join(", ");
    return [{ en: `lives ${en} are taken together: ${list}`, zh: `${zh}的寿命合并计算：${list}` }];
  };
  return [
    ...note(conditions, "under different conditions", "不同试验条件下"),
    ...note(products, "of different products", "不同产品"),
  ];
}

function doubleNames(lives: readonly SpecimenLife[]): RunsNote[] {
  const runsOf = new Map<string, string[]>();
  for (const { simulated, specimen, run } of lives) {
    if (simulated) runsOf.set(specimen, [...(runsOf.get(specimen) ?? []), run]);
  }
  const twice = [...runsOf].filter(([, runs]) => runs.length > 1);
  if (twice.length === 0) return [];
  const [[name, runs]] = twice as [[string, string[]]];
  const rest = twice.length - 1;
  const more = rest === 0 ? "" : `, and ${rest} more ${rest === 1 ? "name" : "names"} likewise`;
  const [count, list] = [runs.length, runs.join(", ")];
  const en = `specimen ${name} is simulated in ${count} runs (${list}) and counts as ${count} lives`;
  const zh = `仿真试样 ${name} 出现在 ${count} 次试验中（${list}），按 ${count} 个寿命计`;
  const others = rest === 0 ? "" : `；另有 ${rest} 个试样名亦如此`;
  return [{ en: `${en}${more}`, zh: `${zh}${others}` }];
}

function notesOf({ unused, partial }: LifeTable): RunsNote[] {
  const note = (en: string, zh: string, names: readonly string[]): RunsNote[] => {
    const list = names.join(", ");
    return names.length === 0 ? [] : [{ en: `${en}: ${list}`, zh: `${zh}：${list}` }];
  };
  return [
    ...note("suspended before any exposure, left out", "尚无暴露量即截尾，未计入", unused),
    ...note(
      "columns that not every specimen has, left out",
      "并非所有试样都有的列，未计入",
      partial,
    ),
  ];
}

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

function wantedOf(selection: string): Wanted {
  const wanted: Wanted = new Map();
  for (const part of selection === "all" ? [] : partsOf(selection)) {
    const [, key = "", written = ""] = /^([^=]*?)\s*=\s*(.*)$/s.exec(part) ?? ["", part];
    const value = /^"(.*)"$/s.exec(written)?.[1] ?? written;
    if (!keys.includes(key) || value === "") {
      const expected = keys.includes(key) ? `${key}=VALUE` : `KEY=VALUE, KEY ${suggest(key, keys)}`;
      throw new WearoutError("USAGE", `--runs: found "${part}", expected ${expected}`);
    }
    if (key === "simulated") oneOf("--runs simulated", value, ["yes", "no"]);
    wanted.set(key, [...(wanted.get(key) ?? []), value]);
  }
  return wanted;
}

function isWantedRun(header: RunHeader, wanted: Wanted): boolean {
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

function isWantedLife(life: SpecimenLife, header: RunHeader, wanted: Wanted): boolean {
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
