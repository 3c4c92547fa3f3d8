/** The life report: data, method, estimates, figures, assumptions, warnings, where it came from. */
import type { Contour } from "../life/contour.js";
import {
  countLife,
  hasEntries,
  isSimulated,
  type LifeData,
  type LifeRow,
  modesOf,
} from "../life/data.js";
import type { Bounded } from "../life/estimate.js";
import type { Distribution } from "../life/fit.js";
import type { PlotSeries } from "../life/plot.js";
import type { RefusalCode } from "../life/warning.js";
import { extremes } from "./axis.js";
import { contourPlot } from "./contour-plot.js";
import { drawing, type Html, html, listOf, page, tableOf } from "./html.js";
import { type LifeWord, type Sentence, say, sentence } from "./life-words.js";
import { boundedTexts, number } from "./number.js";
import { probabilityPlot } from "./probability-plot.js";
import { type Figure, pictureOf } from "./svg.js";
import { refusalWords, warningWords } from "./warning-words.js";
import { type Language, lifeTitle, sourceLine, type Word, word } from "./words.js";

export type LifeReport = {
  language: Language;
  /** As a person named it; empty for the usual one. */
  title: string;
  data: LifeData;
  whole: PlotSeries;
  /** Two-parameter distributions only. */
  contour: Contour | undefined;
  lots: readonly PlotSeries[];
  modes: readonly PlotSeries[];
  /** Of each distribution tried; or why the data refuses it. */
  compared: readonly {
    distribution: Distribution;
    fit: { logLikelihood: number; aic: number } | RefusalCode;
  }[];
  software: string;
  /** `2026-01-31 12:00 UTC` */
  made: string;
  command: string;
};

/** A whole HTML document. Everything that comes from data is escaped. */
export function lifePage(report: LifeReport): string {
  const { language } = report;
  const title = report.title === "" ? say(language, "title") : report.title;
  return page(language, title, [
    html`<h1>${title}</h1><p class="source">${report.data.source} · ${report.made}</p>`,
    ...(isSimulated(report.data.rows)
      ? [html`<p class="simulated">${say(language, "simulated")}</p>`]
      : []),
    answer(report),
    warnings(report),
    dataPart(report),
    methodPart(report),
    results(report),
    figures(report),
    assumptions(report),
    livesPart(report),
    origin(report),
  ]);
}

function interval(b: Bounded): string {
  const [estimate, lower, upper] = boundedTexts(b);
  return `${estimate} [${lower}, ${upper}]`;
}

function answer({ language, whole, data }: LifeReport): Html {
  const { fit } = whole;
  const unit = data.unit === undefined ? "" : ` ${data.unit}`;
  const level = `${number(fit.confidence * 100)} %`;
  const shape = fit.parameters["shape"] ?? fit.parameters["sigma"];
  const name: Word = fit.parameters["shape"] === undefined ? "sigma" : "shape";
  return html`<section class="answer"><p><strong>${say(language, "b10")}: ${interval(fit.life.B10)}${unit}</strong></p>
${shape === undefined ? [] : [html`<p>${word(language, name)}: ${interval(shape)}</p>`]}
<p>[ ]: ${word(language, fit.bounds)}, ${level}</p></section>`;
}

function dataPart({ language, data }: LifeReport): Html {
  const { rows } = data;
  const counts = countLife(rows);
  const [first, last] = extremes(rows.flatMap((r) => [r.time, r.timeHigh ?? r.time]));
  const line = (name: LifeWord, value: string) => [say(language, name), value];
  const lots = lotsOf(rows);
  const modes = modesOf(rows).filter((m) => m !== "");
  const lines = [
    line("source", data.source),
    ...runLines(data).map(([name, value]) => line(name, value)),
    line("counted", data.unit ?? say(language, "unitless")),
    line("specimens", number(counts.n)),
    line("failures", number(counts.failures)),
    ...(counts.intervals > 0 ? [line("intervals", number(counts.intervals))] : []),
    line("suspensions", number(counts.suspensions)),
    ...(counts.entries > 0 ? [line("entries", number(counts.entries))] : []),
    line("range", `${number(first)} – ${number(last)}`),
    ...(modes.length > 0 ? [line("modes", modes.join(", "))] : []),
    ...(lots.length > 0 ? [line("lots", lots.join(", "))] : []),
  ];
  return html`<section><h2>${say(language, "data")}</h2>${tableOf([], lines)}</section>`;
}

/** Which runs, and what was left aside of them or counts twice. */
function runLines({ runs, notes = [] }: LifeData): [LifeWord, string][] {
  if (runs === undefined) return [];
  return [["runs", runs.join(", ")], ...notes.map((note): [LifeWord, string] => ["note", note])];
}

export function lotsOf(rows: readonly LifeRow[]): string[] {
  return [...new Set(rows.flatMap((r) => (r.lot === undefined ? [] : [r.lot])))];
}

function methodPart({ language, whole, data }: LifeReport): Html {
  const { distribution, bounds } = whole.fit;
  const exact = distribution === "exponential" ? "chiSquareBounds" : "exactBounds";
  const late = hasEntries(data.rows);
  const names: Sentence[] = [
    distribution,
    "mle",
    ...(late ? (["truncated"] as const) : []),
    bounds === "exact" ? exact : bounds,
    whole.points.length > 0 ? "points" : late ? "noRanksFromAnAge" : "noRanksOfWeights",
  ];
  const items = [...names.map((n) => sentence(language, n)), say(language, "methods")];
  return html`<section><h2>${say(language, "method")}</h2>${listOf(items)}</section>`;
}

function results({ language, whole, data, compared }: LifeReport): Html {
  const { fit } = whole;
  const bounded = (name: string, b: Bounded) => [name, ...boundedTexts(b)];
  const head = (first: string) => [
    first,
    ...(["estimate", "lower", "upper"] as const).map((n) => say(language, n)),
  ];
  const parameters = Object.entries(fit.parameters).map(([name, p]) => [
    ...bounded(word(language, name as Word), p),
    number(p.standardError, 2),
  ]);
  const lives = Object.entries(fit.life).map(([name, b]) =>
    bounded(name === "mean" ? word(language, "mean") : name, b),
  );
  const unit = data.unit === undefined ? "" : ` ${data.unit}`;
  const at = Object.entries(fit.at ?? {}).map(([t, b]) => bounded(`${t}${unit}`, b));
  const tried = compared.map(({ distribution, fit: own }) => [
    say(language, distribution),
    typeof own === "string" ? say(language, "refused") : number(own.logLikelihood),
    typeof own === "string" ? "" : number(own.aic),
  ]);
  const reasons = compared.flatMap(({ distribution, fit: own }) =>
    typeof own === "string"
      ? [`${say(language, distribution)}: ${own}: ${refusalWords(own, language)}`]
      : [],
  );
  return html`<section><h2>${say(language, "results")}</h2>
${tableOf([...head(say(language, "parameter")), say(language, "error")], parameters)}
${tableOf(head(lifeTitle(language, data.unit)), lives)}
${at.length === 0 ? [] : [tableOf(head(say(language, "reliability")), at)]}
<h3>${say(language, "distributions")}</h3>
${tableOf([say(language, "distribution"), say(language, "logLikelihood"), "AIC"], tried)}
${reasons.length === 0 ? [] : [listOf(reasons)]}
<p>${say(language, "distributionsSay")}</p></section>`;
}

function figures(report: LifeReport): Html {
  const { language, whole, lots, modes, contour, data } = report;
  const subtitle = sourceLine([data], language);
  const plot = (series: readonly PlotSeries[], title: string, id: string) =>
    probabilityPlot({ title, subtitle, unit: data.unit, series, language, id });
  const name = word(
    language,
    whole.fit.distribution === "lognormal" ? "lognormalPlot" : "weibullPlot",
  );
  const drawn: Figure[] = [plot([whole], name, "whole")];
  if (contour !== undefined) {
    const sets = [{ name: "", contour }];
    const { confidence } = whole.fit;
    const title = word(language, "contour");
    drawn.push(contourPlot({ title, sets, confidence, unit: data.unit, language, id: "contour" }));
  }
  if (lots.length > 0) drawn.push(plot(lots, say(language, "byLot"), "lots"));
  if (modes.length > 0) drawn.push(plot(modes, say(language, "byMode"), "modes"));
  const pictures = drawn.map((figure) => drawing(pictureOf(report.title || name, [figure])));
  return html`<section><h2>${say(language, "figures")}</h2>${pictures}</section>`;
}

function assumptions({ language, modes, data }: LifeReport): Html {
  const names: Sentence[] = ["independent", "censoring", "interval", "shape"];
  if (hasEntries(data.rows)) names.push("entryTellsNothing");
  if (modes.length > 0) names.push("competing");
  const items = names.map((n) => sentence(language, n));
  return html`<section><h2>${say(language, "assumptions")}</h2>${listOf(items)}</section>`;
}

function warnings({ language, whole }: LifeReport): Html {
  const items = whole.fit.warnings.map((code) => `${code}: ${warningWords(code, language)}`);
  const body = items.length === 0 ? html`<p>${say(language, "noWarnings")}</p>` : listOf(items);
  return html`<section><h2>${say(language, "warnings")}</h2>${body}</section>`;
}

const mostRows = 200;

function livesPart({ language, data }: LifeReport): Html {
  const { rows } = data;
  const shown = [...rows].sort((a, b) => a.time - b.time).slice(0, mostRows);
  const has = (of: (r: LifeRow) => unknown) => shown.some((r) => of(r) !== undefined);
  const columns: { name: LifeWord; of: (r: LifeRow) => string; there: boolean }[] = [
    { name: "life", of: lifeText, there: true },
    { name: "entry", of: (r) => number(r.entry ?? 0), there: has((r) => r.entry) },
    { name: "status", of: (r) => say(language, r.kind), there: true },
    { name: "count", of: (r) => number(r.count), there: shown.some((r) => r.count !== 1) },
    { name: "mode", of: (r) => r.mode ?? "", there: has((r) => r.mode) },
    { name: "lot", of: (r) => r.lot ?? "", there: has((r) => r.lot) },
    { name: "specimen", of: (r) => nameOf(r) ?? "", there: has(nameOf) },
  ];
  const kept = columns.filter((c) => c.there);
  const head = kept.map((c) => say(language, c.name));
  const body = tableOf(
    head,
    shown.map((r) => kept.map((c) => c.of(r))),
  );
  const cut =
    rows.length > mostRows ? [html`<p>${say(language, "livesCut")} ${rows.length}</p>`] : [];
  return html`<section class="lives"><h2>${say(language, "lives")}</h2>${cut}${body}</section>`;
}

/** A life table of runs has its specimens as systems. */
function nameOf({ specimen, system }: LifeRow): string | undefined {
  return specimen ?? system;
}

function lifeText(r: LifeRow): string {
  return r.timeHigh === undefined ? number(r.time) : `${number(r.time)} – ${number(r.timeHigh)}`;
}

function origin({ language, software, made, command }: LifeReport): Html {
  return html`<footer><p>${say(language, "made")} ${software} · ${made} · ${say(language, "again")} <code>${command}</code></p></footer>`;
}
