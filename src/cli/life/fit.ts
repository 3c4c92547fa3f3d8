import type { Command } from "commander";
import { isSimulated, type LifeData } from "../../life/data.js";
import {
  boundKinds,
  type Distribution,
  distributions,
  type FitOptions,
  fitLife,
  type LifeFit,
  methods,
} from "../../life/fit.js";
import { fitByMode, type ModesFit } from "../../life/modes.js";
import { simulateInThreads } from "../../life/pivot-pool.js";
import { type PlotSeries, plotSeries } from "../../life/plot.js";
import { type RatedRatio, ratedRatio } from "../../life/rated-ratio.js";
import type { WarningCode } from "../../life/warning.js";
import type { Language } from "../../report/words.js";
import { collect, oneOf } from "../option.js";
import { json, table } from "../output.js";
import type { Shell } from "../shell.js";
import {
  answering,
  boundedRow,
  confidenceOf,
  countsLine,
  dataHelp,
  number,
  positive,
  readTimedData,
  rowsOfModes,
  timeOption,
  unitIn,
  warningLines,
} from "./data.js";
import {
  type PictureOptions,
  probabilityFigure,
  seriesByMode,
  takePicture,
  writePicture,
} from "./picture.js";
import type { DataArgument } from "./source.js";

type Options = PictureOptions & {
  distribution: string;
  method: string;
  ranks: string;
  bounds?: string;
  confidence: string;
  unbiased: string;
  modes?: string;
  byMode?: boolean;
  at: string[];
  ratedL10?: string;
  quality?: string;
  json?: boolean;
};

export function addLifeFit(life: Command, shell: Shell): void {
  const verb = life
    .command("fit <data>")
    .description("life distribution with bounds: B lives, mean, reliability")
    .option("--distribution <name>", distributions.join(", "), "weibull")
    .option(
      "--method <name>",
      "mle, mrr (rank regression in time), mrr-yx, blie (best linear)",
      "mle",
    )
    .option("--ranks <kind>", "median ranks of mrr: exact or bernard", "exact")
    .option(
      "--bounds <kind>",
      "likelihood, fisher, exact (default: likelihood; mrr fisher, blie exact)",
    )
    .option("--confidence <c>", "of the two-sided bounds", "0.90")
    .option("--unbiased <name>", "correct the shape: none, ross, hirose, rba", "none")
    .option("--modes <a,b>", "failures by these modes only; others count as suspensions")
    .option("--by-mode", "each mode by itself, and all as a series system")
    .option("--at <time>", "reliability at this time, as 5000 or 5000h (repeatable)", collect, [])
    .option("--rated-l10 <time>", "tested over rated L10, as GB/T 24607 judges bearings")
    .option("--quality <z>", "what that ratio must reach; default 1")
    .option("--json", "as JSON");
  takePicture(verb, "probability plot with bounds")
    .addHelpText(
      "after",
      `${dataHelp}

Examples:
  wearout life fit bearings.csv
  wearout life fit bearings.csv --bounds exact --at 20 --at 50
  wearout life fit bearings.csv --by-mode --svg modes.svg
  wearout life fit shock.csv --by-mode --distribution lognormal
  wearout life fit bearings.csv --method mrr --ranks bernard --json
  wearout life fit bearings.csv --method blie --rated-l10 20h --quality 1.2
  wearout life fit --runs lot=B7,profile=bearing-constant-load --exposure turns`,
    )
    .action(
      shell.action((asked: DataArgument, options: Options) =>
        answering(asked, () => run(shell, asked, options)),
      ),
    );
}

async function run(shell: Shell, asked: DataArgument, written: Options): Promise<number> {
  const { data, assumed } = readTimedData(asked, [...written.at, written.ratedL10], {
    used: [],
    talk: shell.out.talk,
  });
  const options = optionsOf(written, data);
  const { out } = shell;
  if (isSimulated(data.rows) && written.json !== true) out.print("SIMULATED: no real specimens");
  const { rows, warnings } = rowsOfModes(data, written.modes);
  const chosen = { ...data, rows };
  if (written.byMode === true) {
    await runByMode(shell, chosen, written, [...warnings, ...assumed]);
    return 0;
  }
  const result = await fitAndDraw(shell, chosen, options, written);
  result.warnings.push(...warnings, ...assumed);
  const rated = ratedOf(written, result, data.unit);
  const ratio = rated === undefined ? {} : { ratedRatio: rated };
  if (written.json === true) out.print(json({ ...result, ...ratio, ...unitIn(data) }));
  else printFit(shell, result, data.unit);
  if (written.json !== true && rated !== undefined) printRated(shell, rated);
  return 0;
}

/** `also`: warnings of the data, which are those of every mode. */
async function runByMode(
  shell: Shell,
  data: LifeData,
  written: Options,
  also: readonly WarningCode[],
): Promise<void> {
  const options = optionsOf(written, data);
  const result = await fitByMode(data.rows, options, simulateInThreads);
  for (const fit of Object.values(result.byMode)) {
    fit.warnings = [...new Set([...fit.warnings, ...also])];
  }
  if (written.svg !== undefined) {
    draw(shell, written.svg, await seriesByMode(data, options), data, written.language);
  }
  if (written.json === true) shell.out.print(json({ ...result, ...unitIn(data) }));
  else printModes(shell, result, data.unit, written.modes !== undefined);
}

function ratedOf(o: Options, fit: LifeFit, unit: string | undefined): RatedRatio | undefined {
  if (o.ratedL10 === undefined) return undefined;
  const rated = timeOption("--rated-l10", o.ratedL10, unit);
  return ratedRatio(fit.life.B10, rated, positive("--quality", o.quality ?? "1"));
}

function printRated({ out }: Shell, r: RatedRatio): void {
  const { estimate, lower, upper } = r.ratio;
  const verdict = r.shown
    ? "shown, by the lower bound"
    : r.reached
      ? "reached by the estimate, not shown by the lower bound"
      : "not reached";
  out.print(`\ntested over rated L10: ${number(estimate)} (${number(lower)} to ${number(upper)})`);
  out.print(`at least ${number(r.coefficient)}: ${verdict}`);
}

async function fitAndDraw(
  shell: Shell,
  data: LifeData,
  options: FitOptions,
  { svg, language }: PictureOptions,
): Promise<LifeFit> {
  if (svg === undefined) return fitLife(data.rows, options, simulateInThreads);
  const series = await plotSeries("", data.rows, options, simulateInThreads);
  draw(shell, svg, [series], data, language);
  return series.fit;
}

function draw(
  shell: Shell,
  path: string,
  series: readonly PlotSeries[],
  data: LifeData,
  language: Language,
): void {
  const figure = probabilityFigure(series, [data], language);
  writePicture(shell, path, `probability plot of ${data.source}`, [figure]);
}

export function optionsOf(o: Options, data: LifeData): FitOptions {
  const method = oneOf("--method", o.method, methods);
  return {
    distribution: oneOf("--distribution", o.distribution, distributions),
    method,
    ranks: oneOf("--ranks", o.ranks, ["exact", "bernard"]),
    bounds: oneOf("--bounds", o.bounds ?? boundsOf[method], boundKinds),
    confidence: confidenceOf(o.confidence),
    unbiased: oneOf("--unbiased", o.unbiased, ["none", "ross", "hirose", "rba"]),
    at: o.at.map((text) => timeOption("--at", text, data.unit)),
  };
}

const boundsOf = { mle: "likelihood", mrr: "fisher", "mrr-yx": "fisher", blie: "exact" } as const;

const names: Record<Distribution, string> = {
  weibull: "Weibull, two parameters",
  weibull3: "Weibull, three parameters",
  lognormal: "lognormal",
  exponential: "exponential",
};

const methodNames = {
  mle: "maximum likelihood",
  mrr: "median rank regression, time on rank",
  "mrr-yx": "median rank regression, rank on time",
  blie: "best linear invariant estimation",
};

const boundNames = {
  likelihood: "likelihood ratio",
  fisher: "Fisher information (normal on the logarithm; reliability on its standardised time)",
  exact: "exact (simulated pivots, 100000 samples, seed 1)",
};

/** Those of the exponential need no simulation. */
function boundNameOf({ bounds, distribution }: LifeFit): string {
  return bounds === "exact" && distribution === "exponential"
    ? "exact (chi-square)"
    : boundNames[bounds];
}

function heading(fit: LifeFit): string[] {
  const lines = [
    `${names[fit.distribution]}, by ${methodNames[fit.method]}`,
    `bounds: ${boundNameOf(fit)}, two-sided ${number(fit.confidence * 100)} %`,
    countsLine(fit),
    `log-likelihood ${number(fit.logLikelihood)}, AIC ${number(fit.aic)}${
      fit.rSquared === undefined ? "" : `, r^2 ${number(fit.rSquared)}`
    }`,
  ];
  if (fit.correction !== undefined) {
    const { method, factor } = fit.correction;
    lines.push(`shape corrected by ${method}, factor ${number(factor)}`);
  }
  return lines;
}

export function printFit({ out }: Shell, fit: LifeFit, unit: string | undefined): void {
  for (const line of heading(fit)) out.print(line);
  const rows = Object.entries(fit.parameters).map(([name, p]) => [
    ...boundedRow(name, p),
    number(p.standardError),
  ]);
  out.print(`\n${table(["", "estimate", "lower", "upper", "standard error"], rows)}`);
  const lives = Object.entries(fit.life).map(([name, b]) => boundedRow(name, b));
  const head = ["estimate", "lower", "upper"];
  out.print(`\n${table([unit === undefined ? "life" : `life, ${unit}`, ...head], lives)}`);
  if (fit.at !== undefined) {
    const at = Object.entries(fit.at).map(([t, b]) => boundedRow(t, b));
    out.print(`\n${table(["reliability at", ...head], at)}`);
  }
  for (const line of warningLines(fit.warnings)) out.talk(line);
}

function printModes(
  shell: Shell,
  result: ModesFit,
  unit: string | undefined,
  chosen: boolean,
): void {
  const { out } = shell;
  for (const [mode, fit] of Object.entries(result.byMode)) {
    out.print(`mode ${mode}`);
    printFit(shell, fit, unit);
    out.print("");
  }
  const modes = Object.keys(result.byMode).join(", ");
  const system = chosen
    ? `${modes} as a series system, as if no other mode struck`
    : "all modes as a series system";
  out.print(`${system}; bounds: Fisher information on the logarithm of life`);
  const rows = Object.entries(result.series.life).map(([name, b]) => boundedRow(name, b));
  out.print(
    table([unit === undefined ? "life" : `life, ${unit}`, "estimate", "lower", "upper"], rows),
  );
  for (const [t, r] of Object.entries(result.series.at ?? {})) {
    out.print(`reliability at ${t}: ${number(r.estimate)}`);
  }
}
