import type { Command } from "commander";
import { WearoutError } from "../base/error.js";
import { contourOf } from "../life/contour.js";
import { countLife, isFailure, type LifeData, type LifeRow, modesOf } from "../life/data.js";
import { boundKinds, distributions, type FitOptions, fitLife } from "../life/fit.js";
import { simulateInThreads } from "../life/pivot-pool.js";
import { type PlotSeries, plotSeries } from "../life/plot.js";
import { selectionOfRuns } from "../lives/selection.js";
import { type LifeReport, lifePage, lotsOf } from "../report/life-page.js";
import { type Language, languages } from "../report/words.js";
import { quoted } from "./called.js";
import { dataHelp, readTimedData } from "./life-data.js";
import { optionsOf } from "./life-fit.js";
import { seriesByMode } from "./life-picture.js";
import { type DataArgument, runsNamed, takeRuns } from "./life-source.js";
import { collect, oneOf } from "./option.js";
import { writeResult } from "./output-file.js";
import { formerly } from "./renamed.js";
import { isoMinute } from "./run-list.js";
import type { Shell } from "./shell.js";
import { softwareVersion } from "./site.js";

type Options = {
  output: string;
  language: string;
  title?: string;
  distribution: string;
  bounds: string;
  confidence: string;
  at: string[];
  exposure: string;
  ended?: boolean;
  records?: string;
};

type Asked = Options & { asked: DataArgument; language: Language };

/** `wearout report`: pages for people. */
export function addReport(program: Command, shell: Shell): void {
  const report = program.command("report").description("pages to read, send and print");
  const verb = report
    .command("life <data>")
    .description("life data on one page: data, method, estimates, figures, assumptions, warnings")
    .requiredOption("--output <file>", "the HTML file; it needs nothing else to be read")
    .option("--language <language>", languages.join(" or "), "en")
    .option("--title <text>", "heading of the page")
    .option("--distribution <name>", distributions.join(", "), "weibull")
    .option("--bounds <kind>", boundKinds.join(", "), "likelihood")
    .option("--confidence <c>", "of the two-sided bounds", "0.90")
    .option("--at <time>", "reliability at this time (repeatable)", collect, [])
    .addHelpText(
      "after",
      `${dataHelp}

Examples:
  wearout report life bearings.csv --output bearings.html
  wearout report life --runs lot=B7 --output b7.html --language zh --title "6206, lot B7"`,
    )
    .action(shell.action((asked: DataArgument, options: Options) => run(shell, asked, options)));
  takeRuns(verb, shell);
  formerly(verb, shell, { "--out <file>": "--output" });
}

async function run(shell: Shell, asked: DataArgument, written: Options): Promise<number> {
  const language = oneOf("--language", written.language, languages);
  const { data, assumed } = readTimedData(asked, written.at, { used: [], talk: shell.out.talk });
  const plain = { method: "mle", ranks: "exact", unbiased: "none", language } as const;
  const options = optionsOf({ ...written, ...plain }, data);
  const report = await reportOf(shell, data, options, { ...written, language, asked });
  report.whole.fit.warnings.push(...assumed);
  writeResult(written.output, lifePage(report));
  shell.out.talk(
    `${written.output}: ${report.title || "life data report"}, ${data.rows.length} rows`,
  );
  return 0;
}

async function reportOf(
  shell: Shell,
  data: LifeData,
  options: FitOptions,
  written: Asked,
): Promise<LifeReport> {
  const { language } = written;
  const whole = await plotSeries("", data.rows, options, simulateInThreads);
  const twoParameters = ["weibull", "lognormal"].includes(options.distribution);
  const asymptotic: FitOptions = { ...options, bounds: "likelihood" };
  return {
    language,
    title: written.title ?? "",
    data: inLanguage(data, written),
    whole,
    contour: twoParameters ? contourOf(whole.model, options.confidence) : undefined,
    lots: await lotSeries(data, asymptotic),
    modes: await modeSeries(data, asymptotic),
    compared: await compareDistributions(data.rows, options),
    software: softwareVersion,
    made: `${isoMinute(shell.host.wall())} UTC`,
    command: commandOf(written),
  };
}

/** By the names of its runs, and what is told of them in the language of the page. */
function inLanguage(data: LifeData, { asked, language }: Asked): LifeData {
  if (typeof asked === "string") return data;
  const notes = asked.notes.map((note) => note[language]);
  return { ...data, source: runsNamed(asked.runs), notes };
}

/** Lots that can be fitted by themselves; one alone says no more than the whole. */
async function lotSeries(data: LifeData, options: FitOptions): Promise<PlotSeries[]> {
  const lots = lotsOf(data.rows);
  if (lots.length < 2 || lots.length > mostSeries) return [];
  const parts = lots.map((lot) => ({ lot, rows: data.rows.filter((r) => r.lot === lot) }));
  const series: PlotSeries[] = [];
  for (const { lot, rows } of parts) {
    const fitted = await unlessRefused(() => plotSeries(lot, rows, options, simulateInThreads));
    if (fitted !== undefined) series.push(fitted);
  }
  return series.length > 1 ? series : [];
}

const mostSeries = 6;

async function modeSeries(data: LifeData, options: FitOptions): Promise<PlotSeries[]> {
  const modes = modesOf(data.rows);
  if (modes.length < 2 || modes.length > mostSeries) return [];
  const enough = modes.filter((m) => failuresOf(data.rows, m) > 1);
  const all = await unlessRefused(() => seriesByMode(data, options, enough));
  return all !== undefined && all.length > 1 ? all : [];
}

function failuresOf(rows: readonly LifeRow[], mode: string): number {
  return countLife(rows.filter((r) => isFailure(r) && (r.mode ?? "") === mode)).n;
}

async function compareDistributions(rows: readonly LifeRow[], options: FitOptions) {
  const compared: LifeReport["compared"][number][] = [];
  for (const distribution of distributions) {
    const asked: FitOptions = { ...options, distribution, bounds: "fisher", at: [] };
    const fit = await unlessRefused(() => fitLife(rows, asked, simulateInThreads));
    compared.push({ distribution, fit });
  }
  return compared;
}

/** Undefined where the data cannot answer; a part of the report then stays away. */
async function unlessRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WearoutError && error.code === "LIFE_REFUSED") return undefined;
    throw error;
  }
}

function commandOf(o: Asked): string {
  const { asked } = o;
  const records = o.records === undefined ? [] : ["--records", quoted(o.records)];
  const ended = o.ended === true ? ["--ended"] : [];
  const source =
    typeof asked === "string"
      ? [quoted(asked)]
      : [
          "--runs",
          quoted(selectionOfRuns(asked.selection, asked.runs)),
          "--exposure",
          o.exposure,
          ...ended,
          ...records,
        ];
  const said = [
    ["--distribution", o.distribution],
    ["--bounds", o.bounds],
    ["--confidence", o.confidence],
    ...o.at.map((t) => ["--at", t]),
    ...(o.title === undefined ? [] : [["--title", o.title]]),
    ["--language", o.language],
    ["--output", o.output],
  ].flatMap(([name, value]) => [name!, quoted(value!)]);
  return ["wearout report life", ...source, ...said].join(" ");
}
