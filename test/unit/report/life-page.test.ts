import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { contourOf } from "../../../src/life/contour.js";
import type { LifeRow } from "../../../src/life/data.js";
import type { FitOptions } from "../../../src/life/fit.js";
import { plotSeries } from "../../../src/life/plot.js";
import { type LifeReport, lifePage } from "../../../src/report/life-page.js";
import { warningWords } from "../../../src/report/warning-words.js";
import type { Language } from "../../../src/report/words.js";

const options: FitOptions = {
  distribution: "weibull",
  method: "mle",
  ranks: "exact",
  bounds: "likelihood",
  confidence: 0.9,
  unbiased: "none",
  at: [20],
};
const nasty = `<img src=x onerror="alert('1')">&`;
const row = (time: number, more: Partial<LifeRow> = {}): LifeRow => ({
  kind: "exact",
  time,
  count: 1,
  stress: {},
  ...more,
});
const rows = [18, 29, 33, 42].map((t) => row(t, { mode: nasty, lot: nasty, system: nasty }));
rows.push(row(60, { kind: "right" }));

async function pageOf(
  language: Language,
  lives: readonly LifeRow[] = rows,
  more: Partial<LifeReport> = {},
) {
  const whole = await plotSeries("", lives, options, () => Promise.reject(new Error("none")));
  return lifePage({
    language,
    title: "",
    data: { source: nasty, unit: "h", rows: lives, stresses: [] },
    whole,
    contour: contourOf(whole.model, 0.9),
    lots: [{ ...whole, name: nasty }],
    modes: [],
    compared: [
      { distribution: "weibull", fit: whole.fit },
      { distribution: "weibull3", fit: "LIKELIHOOD_UNBOUNDED" },
    ],
    software: "0.1.0",
    made: "2026-01-31 12:00 UTC",
    command: "wearout report life lives.csv",
    ...more,
  });
}

describe("the life report", () => {
  it("has data, method, estimates, figures, assumptions, warnings and its origin", async () => {
    const text = await pageOf("en");
    for (const part of [
      "Data",
      "Method",
      "Estimates",
      "Figures",
      "Assumptions",
      "Warnings",
      "Lives",
    ])
      expect(text).toContain(`<h2>${part}</h2>`);
    expect(text).toMatch(/B10 life \(10 % failed\): [\d.]+ \[[\d.]+, [\d.]+\] h/);
    expect(text).toContain("ASYMPTOTIC_BOUNDS: bounds rest on many failures");
    expect(text).toContain("Wearout 0.1.0 · 2026-01-31 12:00 UTC");
    expect(text.match(/<svg /g)).toHaveLength(3);
    expect(text).toMatch(/<td>Weibull, three parameters<\/td>\s*<td class="n">refused<\/td>/);
  });

  it("has warnings before the data, run ids, and no more digits than the bounds bear", async () => {
    const data = { source: "lot B7", unit: "h", rows, stresses: [], runs: ["alpha-1", "beta-2"] };
    const text = await pageOf("en", rows, { data });
    expect(text.indexOf("FEW_FAILURES")).toBeLessThan(text.indexOf("<h2>Data"));
    expect(text).toContain("alpha-1, beta-2");
    const { B10 } = (await plotSeries("", rows, options, () => Promise.reject(new Error("none"))))
      .fit.life;
    const head = text.slice(0, text.indexOf("<h2>Data"));
    expect(head).not.toContain(String(Number(B10.estimate.toPrecision(4))));
    expect(head).toContain(`${Number(B10.estimate.toPrecision(2))} [`);
  });

  it("lets nothing that comes from data become markup", async () => {
    const text = await pageOf("en", rows, { title: nasty, command: nasty });
    expect(text).not.toContain("<img");
    expect(text).not.toContain('onerror="');
    expect(text.match(/&lt;img src=x/g)!.length).toBeGreaterThan(8);
  });

  it("asks for nothing outside itself", async () => {
    const text = await pageOf("zh");
    expect(text).not.toMatch(/<script|<link|<img|@import|url\((?!#)/);
    expect(text.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:/);
  });

  it("says in both languages that lives were simulated, and only then", async () => {
    const simulated = rows.map((r) => ({ ...r, stress: { simulated: 1 } }));
    expect(await pageOf("en", simulated)).toContain("SIMULATED: no real specimen was tested");
    expect(await pageOf("zh", simulated)).toContain("仿真数据：未对任何真实试样进行试验");
    expect(await pageOf("en")).not.toContain("SIMULATED");
  });

  it("is whole in Chinese: no English heading, no English warning", async () => {
    const text = await pageOf("zh");
    expect(text).toContain('<html lang="zh-CN">');
    const headings = [...text.matchAll(/<h[123]>([^<]*)<\/h/g)].map((m) => m[1]!);
    for (const heading of headings) expect(heading).toMatch(/\p{Script=Han}/u);
    expect(text).toContain("ASYMPTOTIC_BOUNDS: 置信限以大量失效为前提");
    expect(text).toContain("<td>三参数威布尔</td>");
  });

  it("names each life by its specimen, and each reliability by its time with the unit", async () => {
    const named = [18, 29, 42].map((t, i) => row(t, { specimen: `s${i}`, system: "rig 4" }));
    const text = await pageOf("en", [...named, row(50, { system: "from-a-run" })]);
    expect(text).toContain("<th>specimen</th>");
    for (const name of ["s0", "s1", "s2", "from-a-run"]) {
      expect(text).toContain(`<td class="n">${name}</td>`);
    }
    expect(text).toContain("<td>20 h</td>");
  });

  it("says from which ages specimens were watched, what was done with them, and that no points stand for them", async () => {
    const late = [18, 29, 33, 42].map((t) => row(t, { entry: 11.5 }));
    const text = await pageOf("en", [...late, row(60, { kind: "right" })]);
    expect(text).toContain("<th>watched from</th>");
    expect(text.match(/<td class="n">11.5<\/td>/g)).toHaveLength(4);
    expect(text).toMatch(/watched from an age on \(entry\)<\/td>\s*<td class="n">4</);
    expect(text).toContain("(entry, left truncation)");
    expect(text).toContain("No points are drawn of specimens that were watched from an age on");
    expect(text).not.toContain("Points of the plot stand at median ranks");
    const weights = await pageOf("en", [...rows, row(50, { count: 2.5 })]);
    expect(weights).toContain("No points are drawn: median ranks need whole counts");
    const usual = await pageOf("en");
    expect(usual).toContain("Points of the plot stand at median ranks");
    expect(usual).not.toMatch(/entry|No points/);
  });

  it("says why a distribution is refused, in the language of the page", async () => {
    expect(await pageOf("en")).toContain(
      "Weibull, three parameters: LIKELIHOOD_UNBOUNDED: the likelihood grows without end",
    );
    expect(await pageOf("zh")).toContain("三参数威布尔: LIKELIHOOD_UNBOUNDED: 位置参数趋近");
  });

  it("lists at most 200 lives and says how many there are", async () => {
    const many = Array.from({ length: 300 }, (_, i) => row(10 + i));
    const text = await pageOf("en", many);
    expect(text).toContain("<p>The first rows of 300</p>");
    expect(text.match(/<td class="n">failure<\/td>/g)).toHaveLength(200);
  });
});

describe("the warnings of a fit", () => {
  it("all have Chinese words", () => {
    const root = fileURLToPath(new URL("../../../../", import.meta.url));
    const sources = ["fit", "weibull3"].map((n) => readFileSync(`${root}src/life/${n}.ts`, "utf8"));
    const codes = sources.flatMap((s) => [
      ...s.matchAll(/(?<!refuse\(\s*)"([A-Z]+_[A-Z_]+|RESCUED)"/g),
    ]);
    const named = [...new Set(codes.map((m) => m[1]!))].filter((c) => !refusal.test(c));
    expect(named.length).toBeGreaterThan(8);
    for (const code of named) {
      expect(warningWords(code as "RESCUED", "zh"), code).toMatch(/\p{Script=Han}/u);
    }
  });
});

const refusal = /^(NO_|ONE_F|ALL_|LONGEST|LIKELIHOOD_|METHOD_|EXACT_RANGE)/;
