import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import type { LifeData, LifeRow } from "../../life/data.js";
import { type GroupedGrowth, groupedGrowth } from "../../life/grouped-growth.js";
import { type Growth, growthOf } from "../../life/growth.js";
import {
  complaintsAbout,
  type GrowthLayout,
  groupsOf,
  historiesOf,
} from "../../life/growth-data.js";
import { type GrowthPicture, growthPlots } from "../../report/growth-plot.js";
import { sourceLine } from "../../report/words.js";
import { json, table } from "../output.js";
import type { Shell } from "../shell.js";
import {
  assumeUnit,
  boundedRow,
  confidenceOf,
  number,
  plural,
  readTimedData,
  timeOption,
  unitIn,
  warningLines,
} from "./data.js";
import { type PictureOptions, takePicture, writePicture } from "./picture.js";

type Options = PictureOptions & {
  end?: string;
  grouped?: boolean;
  systems?: boolean;
  confidence: string;
  json?: boolean;
};

export function addLifeGrowth(life: Command, shell: Shell): void {
  const verb = life
    .command("growth <times>")
    .description("reliability growth and repairable systems: Crow-AMSAA, Duane, trend tests, MCF")
    .option("--end <time>", "the test was stopped at this time (default: at its last failure)")
    .option("--grouped", "rows are intervals: time is the end, count the failures since the last")
    .option("--systems", "several systems, each with its own age: column system")
    .option("--confidence <c>", "of the two-sided bounds and the tests", "0.90")
    .option("--json", "as JSON");
  takePicture(verb, "failures so far and Duane plot")
    .addHelpText("after", help)
    .action(shell.action((path: string, options: Options) => run(shell, path, options)));
}

const help = `
TIMES is a CSV file, or - for standard input. One column suffices: time, the cumulative test time at
each failure, in rising order (several at one time: count). A row with status S ends the test at its time, as
--end does; a test has one end, so both must say the same.
With --systems each system has its own ages and may have columns start and end (ages, the same in all
its rows) or its own row with status S. Lines that start with # are comments.

Examples:
  wearout life growth failures.csv --end 300h --svg growth.svg
  printf 'time,count\\n20,13\\n40,16\\n60,5\\n80,8\\n100,7\\n' | wearout life growth - --grouped
  wearout life growth fleet.csv --systems --json`;

function run(shell: Shell, path: string, options: Options): number {
  const { out } = shell;
  const confidence = confidenceOf(options.confidence);
  const { end, grouped = false, systems = false } = options;
  if (grouped && (systems || end !== undefined)) {
    const message = "--grouped: one system, and its last interval ends the test; leave out";
    throw new WearoutError("USAGE", `${message} ${systems ? "--systems" : "--end"}`);
  }
  const { data, assumed } = readTimedData(path, [end], {
    statusOptional: true,
    used: ["start", "end"],
    talk: out.talk,
    repeats: true,
    zeroCount: grouped,
    check: (rows, its) => complaintsAbout(rows, layoutOf(options, assumeUnit(its, [end]).unit)),
  });
  const { unit } = data;
  const layout = layoutOf(options, unit);
  refuseMixedSystems(data, layout);
  if (layout.grouped) {
    const groups = groupsOf(data.rows);
    const result = groupedGrowth(groups, confidence);
    draw(shell, options, data, { ...result, duane: undefined, points: pointsOf(groups) });
    if (options.json === true) out.print(json({ ...result, ...unitIn(data) }));
    else printGrouped(shell, result, unit);
    return 0;
  }
  const histories = historiesOf(data.rows, layout);
  const result = growthOf(histories, confidence);
  result.warnings.push(...assumed);
  if (layout.end === undefined && result.termination !== "time")
    result.warnings.push("END_ASSUMED");
  draw(shell, options, data, { duane: undefined, ...result, points: result.mcf });
  if (options.json === true) out.print(json({ ...result, ...unitIn(data) }));
  else print(shell, result, unit);
  return 0;
}

function layoutOf(options: Options, unit: string | undefined): GrowthLayout {
  const { end, grouped = false, systems = false } = options;
  return { end: end === undefined ? end : timeOption("--end", end, unit), grouped, systems };
}

type Drawn = Pick<Growth, "end"> & {
  parameters: Pick<Growth["parameters"], "beta" | "lambda">;
  duane: { alpha: number; b: number } | undefined;
  points: GrowthPicture["points"];
};

function draw(shell: Shell, { svg, language }: Options, data: LifeData, drawn: Drawn): void {
  if (svg === undefined) return;
  const { parameters, end, duane, points } = drawn;
  const { beta, lambda } = parameters;
  const subtitle = sourceLine([data], language);
  const picture = { subtitle, points, beta, lambda, end, duane, unit: data.unit, language };
  const figures = growthPlots({ ...picture, id: "growth" });
  writePicture(shell, svg, `growth of ${data.source}`, figures);
}

function pointsOf(groups: readonly { end: number; failures: number }[]): GrowthPicture["points"] {
  let so = 0;
  const points = groups.map(({ end, failures }) => {
    so += failures;
    return { time: end, estimate: so };
  });
  return points.filter((p) => p.estimate > 0);
}

/** Ages of several systems in one row of times would be taken for one test. */
function refuseMixedSystems(data: LifeData, layout: GrowthLayout): void {
  const names = new Set(data.rows.map((r: LifeRow) => r.system));
  if (layout.systems || names.size < 2) return;
  throw new WearoutError(
    "USAGE",
    `${data.source} holds ${names.size} systems: --systems is missing`,
  );
}

const stopped = { time: "stopped at a time", failure: "stopped at a failure", mixed: "mixed ends" };

function print({ out }: Shell, g: Growth, unit: string | undefined): void {
  const inUnit = unit === undefined ? "" : ` ${unit}`;
  const level = `${number(g.confidence * 100)} %`;
  const { mtbf, parameters: p, trend } = g;
  out.print(`Crow-AMSAA (power law), by maximum likelihood; two-sided ${level}`);
  const systems = g.systems === 1 ? "" : ` of ${g.systems} systems`;
  const end = `${stopped[g.termination]}, ${number(g.end)}${inUnit}`;
  out.print(`${plural(g.n, "failure")}${systems} in ${number(g.totalTime)}${inUnit}, ${end}`);
  out.print(`log-likelihood ${number(g.logLikelihood)}\n`);
  const rows = [
    ["beta", number(p.beta), number(p.betaLower), number(p.betaUpper), betaNote(g)],
    ["lambda", number(p.lambda)],
  ];
  if (p.betaUnbiased !== null) {
    rows.push(["beta, unbiased", number(p.betaUnbiased), "", "", unbiasedFormula(g)]);
    rows.push(["lambda with it", number(p.lambdaUnbiased!)]);
  }
  out.print(table(["", "estimate", "lower", "upper", "from"], rows));
  const how = mtbf.bounds === "crow" ? "Crow's exact factors" : "Fisher, on the logarithm";
  const lives = [
    [...boundedRow(`instantaneous at ${number(g.end)}`, mtbf.instantaneous), how],
    ["cumulative", number(mtbf.cumulative), "", "", "total time per failure"],
    [...boundedRow("should there be no trend", mtbf.constant), "chi-square"],
  ];
  if (mtbf.instantaneousUnbiased !== null) {
    const value = number(mtbf.instantaneousUnbiased);
    lives.splice(1, 0, ["the same, unbiased beta", value, "", "", ""]);
  }
  const title = unit === undefined ? "MTBF" : `MTBF, ${unit}`;
  out.print(`\n${table([title, "estimate", "lower", "upper", "from"], lives)}`);
  const tests = [
    trendRow("Laplace", trend.laplace, trend.laplaceP, g.confidence, trend.laplace < 0),
    trendRow(
      "MIL-HDBK-189 chi-square",
      trend.milHdbk189,
      trend.milHdbk189P,
      g.confidence,
      trend.milHdbk189 > trend.milHdbk189Df,
    ),
    fitRow(g.goodnessOfFit),
  ];
  out.print(`\n${table(["test", "statistic", "p", "reading"], tests)}`);
  printDuane(out, g);
  if (g.systems > 1) printMcf(out, g);
  for (const line of warningLines(g.warnings)) out.talk(line);
}

function betaNote(g: Growth): string {
  return g.parameters.betaUnbiased === null ? "Fisher, on the logarithm" : "exact, chi-square";
}

function unbiasedFormula(g: Growth): string {
  if (g.systems > 1) return "(m - 1) / sum ln(T / t)";
  return g.termination === "failure" ? "(n - 2)/n beta" : "(n - 1)/n beta";
}

function trendRow(name: string, value: number, p: number, confidence: number, falls: boolean) {
  const direction = falls ? "failures get rarer" : "failures get more frequent";
  return [name, number(value), number(p), p < 1 - confidence ? direction : "no trend shown"];
}

function fitRow({ cramerVonMises, critical, m }: Growth["goodnessOfFit"]): string[] {
  if (cramerVonMises === null) return ["Cramer-von Mises", "-", "-", "not with a later start"];
  const verdict = cramerVonMises > critical! ? "the power law does not fit" : "the power law fits";
  const reading = `${verdict} (critical ${number(Number(critical!.toFixed(3)))}, m = ${m})`;
  return ["Cramer-von Mises", number(cramerVonMises), "", reading];
}

function printDuane(out: Shell["out"], { duane }: Growth | GroupedGrowth): void {
  if (duane === undefined) return;
  const { alpha, b, cumulativeMtbf, instantaneousMtbf } = duane;
  const current = instantaneousMtbf === null ? "none" : number(instantaneousMtbf);
  out.print(
    `\nDuane's line: growth rate ${number(alpha)}, cumulative MTBF ${number(b)} t^${number(alpha)}; ` +
      `at the last point ${number(cumulativeMtbf)}, instantaneous ${current}`,
  );
}

function printMcf(out: Shell["out"], g: Growth): void {
  const rows = g.mcf.map((p) => [...boundedRow(number(p.time), p), String(p.atRisk)]);
  const head = ["age", "failures per system", "lower", "upper", "systems at risk"];
  out.print(`\nmean cumulative function\n${table(head, rows)}`);
}

function printGrouped({ out }: Shell, g: GroupedGrowth, unit: string | undefined): void {
  const inUnit = unit === undefined ? "" : ` ${unit}`;
  const { mtbf, parameters: p, goodnessOfFit: fit, trend } = g;
  const level = `${number(g.confidence * 100)} %`;
  out.print(`Crow-AMSAA (power law), grouped, by maximum likelihood; two-sided ${level}`);
  out.print(`${plural(g.n, "failure")} in ${number(g.totalTime)}${inUnit}`);
  out.print(`log-likelihood ${number(g.logLikelihood)}\n`);
  const rows = [
    ["beta", number(p.beta), number(p.betaLower), number(p.betaUpper)],
    ["lambda", number(p.lambda)],
    boundedRow(`MTBF at ${number(g.end)}${inUnit}, instantaneous`, mtbf.instantaneous),
    ["MTBF, cumulative", number(mtbf.cumulative)],
    boundedRow("MTBF, should there be no trend", mtbf.constant),
  ];
  out.print(table(["", "estimate", "lower", "upper"], rows));
  const groups = fit.groups.map((c) => [
    number(c.end),
    number(c.failures),
    number(Number(c.expected.toPrecision(4))),
  ]);
  out.print(`\n${table(["until", "failures", "expected"], groups)}`);
  const p1 = fit.p === null ? "none with two intervals" : number(fit.p);
  out.print(`\nfit: chi-square ${number(fit.chiSquare)}, df ${fit.df}, p ${p1}`);
  const { likelihoodRatio: ratio, likelihoodRatioP: p2 } = trend;
  out.print(`trend: likelihood ratio ${number(ratio)}, df 1, p ${number(p2)}`);
  printDuane(out, g);
  for (const line of warningLines(g.warnings)) out.talk(line);
}
