/** What whoever uses the lives of several runs has to know of them, in both languages. */
import { WearoutError } from "../base/error.js";
import { visibleLine } from "../base/visible.js";
import type { RunHeader } from "../record/document/run.js";
import type { LifeTable } from "./life-table.js";
import type { SpecimenLife } from "./specimen-life.js";

/** A sentence in both languages of a report. */
export type RunsNote = { en: string; zh: string };

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

/** Throws `USAGE` where real and simulated lives would be counted together. */
export function refuseMixture(lives: readonly SpecimenLife[]): void {
  const simulated = lives.find((l) => l.simulated);
  const real = lives.find((l) => !l.simulated);
  if (simulated === undefined || real === undefined) return;
  const text = `${simulated.run} is simulated and ${real.run} is real; choose with --runs simulated=no`;
  throw new WearoutError("USAGE", text);
}

/** What the lives were lived under, and of what. */
export type Mixed = { conditions: Set<string>; products: Set<string> };

/** Notes the conditions and products of these lives of a run. */
export function noteConditions(
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
export function mixedNotes({ conditions, products }: Mixed): RunsNote[] {
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

/** A simulated specimen is new in every run: of one name there may be several lives. */
export function doubleNames(lives: readonly SpecimenLife[]): RunsNote[] {
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

/** What the table leaves out. */
export function notesOf({ unused, partial }: LifeTable): RunsNote[] {
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
