/** Pictures of the life verbs: `--svg FILE` and `--language`. */
import { type Command, Option } from "commander";
import type { Comparison } from "../../life/compare.js";
import { type LifeData, modesOf, nameOfMode, ofModes } from "../../life/data.js";
import type { FitOptions } from "../../life/fit.js";
import { simulateInThreads } from "../../life/pivot-pool.js";
import { type PlotSeries, plotSeries } from "../../life/plot.js";
import { contourPlot } from "../../report/contour-plot.js";
import { probabilityPlot } from "../../report/probability-plot.js";
import { type Figure, pictureOf } from "../../report/svg.js";
import { type Language, languages, sourceLine, word } from "../../report/words.js";
import { writeResult } from "../output-file.js";
import type { Shell } from "../shell.js";

export type PictureOptions = { svg?: string; language: Language };

/** The same words for every verb that draws. */
export function takePicture(verb: Command, what: string): Command {
  const language = new Option("--language <language>", "of the picture");
  return verb
    .option("--svg <file>", `${what}, as a picture`)
    .addOption(language.choices([...languages]).default("en"));
}

export function writePicture({ out }: Shell, path: string, title: string, figures: Figure[]): void {
  writeResult(path, pictureOf(title, figures));
  out.talk(`${path}: ${title}`);
}

/** One series per mode, the failures of the others being suspensions. */
export async function seriesByMode(
  data: LifeData,
  options: FitOptions,
  modes = modesOf(data.rows),
): Promise<PlotSeries[]> {
  const series: PlotSeries[] = [];
  for (const mode of modes) {
    const rows = ofModes(data.rows, [mode]);
    series.push(await plotSeries(nameOfMode(mode), rows, options, simulateInThreads));
  }
  return series;
}

export function probabilityFigure(
  series: readonly PlotSeries[],
  data: readonly LifeData[],
  language: Language,
  id = "probability",
): Figure {
  const lognormal = series[0]!.fit.distribution === "lognormal";
  return probabilityPlot({
    title: word(language, lognormal ? "lognormalPlot" : "weibullPlot"),
    subtitle: sourceLine(data, language),
    unit: data[0]!.unit,
    series,
    language,
    id,
  });
}

/** Both lots on one paper, and their joint confidence regions in one field. */
export async function comparisonFigures(
  result: Comparison,
  data: readonly [LifeData, LifeData],
  language: Language,
): Promise<Figure[]> {
  const options: FitOptions = {
    distribution: result.distribution,
    method: "mle",
    ranks: "exact",
    bounds: "likelihood",
    confidence: result.confidence,
    unbiased: "none",
    at: [],
  };
  const names = data.map((d, i) => `${"AB"[i]}  ${d.source}`);
  const series: PlotSeries[] = [];
  for (const [i, d] of data.entries()) {
    series.push(await plotSeries(names[i]!, d.rows, options, simulateInThreads));
  }
  const contour = contourPlot({
    title: word(language, "contour"),
    sets: names.map((name, i) => ({ name, contour: result.contours[i]! })),
    confidence: result.confidence,
    unit: data[0].unit,
    language,
    id: "contour",
  });
  return [probabilityFigure(series, data, language), contour];
}
