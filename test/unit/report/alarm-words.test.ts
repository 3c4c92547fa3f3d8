import { describe, expect, it } from "vitest";
import { acknowledge, giveBack, raise, unwatch } from "../../../src/limit/alarm/ask.js";
import type { AlarmFacts } from "../../../src/limit/alarm/change.js";
import { shelve } from "../../../src/limit/alarm/shelf.js";
import { alarmStates, refusalCodes } from "../../../src/limit/alarm/state.js";
import { priorities } from "../../../src/limit/limit.js";
import {
  alarmRefusalWords,
  alarmSentence,
  guidanceWords,
  priorityWord,
  stateWords,
} from "../../../src/report/alarm-words.js";
import { type Language, languages } from "../../../src/report/words.js";
import { facts, Notebook, second, trip } from "../limit/alarm/alarms.js";

const time = (wall: number) => `t${(wall - 1e6) / 1000}`;
const sentences = (notes: Notebook, alarm: AlarmFacts) =>
  languages.map((language) => alarmSentence(notes.row(alarm), language, time));

describe("alarms in words", () => {
  it("have a word for every state, priority and refusal, another one in each language", () => {
    const all = (language: Language) => [
      ...alarmStates.map((state) => stateWords(state, language)),
      ...priorities.map((priority) => priorityWord(priority, language)),
      ...refusalCodes.map((code) => alarmRefusalWords({ ...facts("a"), code }, language)),
    ];
    const both = [...all("en"), ...all("zh")];
    expect(new Set(both).size).toBe(both.length);
    expect(all("zh").every((text) => /[\u4e00-\u9fff]/.test(text))).toBe(true);
    expect(all("en").some((text) => /[\u4e00-\u9fff]/.test(text))).toBe(false);
  });

  it("say of a trip that it was the first out, how often it came and since when", () => {
    const notes = new Notebook();
    const hot = trip("hot", { station: "s2" });
    for (const s of [1, 2]) notes.write([raise(hot, 131, "s2 hot: 131 degC", second(s))]);
    expect(sentences(notes, hot)).toEqual([
      "high, not acknowledged, first out: s2 hot: 131 degC; 2 times since t1",
      "高，未确认，首出：s2 hot: 131 degC；自 t1 起共 2 次",
    ]);
  });

  it("say who acknowledged it and when it returned", () => {
    const notes = new Notebook();
    const warm = trip("warm");
    notes.write([raise(warm, 1, "warm", second(1)), raise(trip("b"), 1, "b", second(1))]);
    notes.write(acknowledge(notes.book, { seen: 9, by: "wang" }, second(2)).changes);
    notes.write([giveBack(notes.book, warm, 0, second(3))]);
    expect(sentences(notes, warm)).toEqual([
      "high, normal, first out: warm; since t1; returned t3; acknowledged by wang t2",
      "高，正常，首出：warm；自 t1；t3 恢复；wang 于 t2 确认",
    ]);
  });

  it("say of what is shelved by whom, until when, why, and whether it stands", () => {
    const notes = new Notebook();
    const shelf = { by: "wang", reason: "chatters", lengthMs: 60_000 };
    notes.write(shelve(notes.book, facts("warm"), shelf, second(1)).changes);
    expect(sentences(notes, facts("warm"))).toEqual([
      "low, shelved: warm; shelved by wang until t61: chatters; it does not stand now",
      "低，已搁置：warm；wang 搁置至 t61：chatters；目前不存在",
    ]);
  });

  it("say that nobody looks at a limit any more, and why", () => {
    const notes = new Notebook();
    notes.write([raise(facts("warm"), 1, "warm", second(1))]);
    notes.write(unwatch(notes.book, () => false, "not in the rig file", second(2)));
    const [en, zh] = sentences(notes, facts("warm"));
    expect(en).toMatch(/: warm; since t1; no longer looked at: not in the rig file$/);
    expect(zh).toMatch(/；不再监视：not in the rig file$/);
  });

  it("give the guidance in the language that was asked for, else in the one there is", () => {
    expect(guidanceWords({ en: "oil it", zh: "加油" }, "zh")).toBe("加油");
    expect(guidanceWords({ en: "oil it" }, "zh")).toBe("oil it");
    expect(guidanceWords({ zh: "加油" }, "en")).toBe("加油");
  });
});
