import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import {
  type Comparison,
  type ComparisonOptions,
  compareLives,
  type LikelihoodRatioTest,
  secondOfTwo,
} from "../../life/compare.js";
import type { LifeData } from "../../life/data.js";
import { refusalFor } from "../../life/warning.js";
import { oneOf } from "../option.js";
import { json, table } from "../output.js";
import type { Shell } from "../shell.js";
import {
  boundedRow,
  confidenceOf,
  dataHelp,
  number,
  readLifeData,
  unitIn,
  warningLines,
} from "./data.js";
import { comparisonFigures, type PictureOptions, takePicture, writePicture } from "./picture.js";
import { type DataArgument, dataWritten } from "./source.js";

type Options = PictureOptions & { distribution: string; confidence: string; json?: boolean };

export function addLifeCompare(life: Command, shell: Shell): void {
  const verb = life
    .command("compare <a> <b>")
    .description("two lots: one population? one shape? by how much does B10 differ?")
    .option("--distribution <name>", "weibull or lognormal", "weibull")
    .option("--confidence <c>", "of the two-sided bounds and the contours", "0.90")
    .option("--json", "as JSON, with the contours as points");
  takePicture(verb, "both on one probability plot, and their contours")
    .addHelpText(
      "after",
      `${dataHelp}

Examples:
  wearout life compare lot-B6.csv lot-B7.csv
  wearout life compare old-grease.csv new-grease.csv --distribution lognormal --json
  wearout life compare --runs lot=B6 --runs lot=B7 --svg lots.svg`,
    )
    .action(
      shell.action((a: DataArgument, b: DataArgument, options: Options) =>
        run(shell, [a, b], options),
      ),
    );
}

async function run(
  shell: Shell,
  asked: [DataArgument, DataArgument],
  options: Options,
): Promise<number> {
  const reading = { used: [], talk: shell.out.talk };
  const [a, b] = [readLifeData(asked[0], reading), readLifeData(asked[1], reading)];
  if (a.unit !== b.unit) {
    const said = (unit: string | undefined) => (unit === undefined ? "no unit" : `"${unit}"`);
    const message = `times in ${said(a.unit)} and in ${said(b.unit)} cannot be compared`;
    throw new WearoutError("USAGE", message);
  }
  const result = comparisonOf(asked, [a, b], {
    distribution: oneOf("--distribution", options.distribution, ["weibull", "lognormal"]),
    confidence: confidenceOf(options.confidence),
  });
  if (options.svg !== undefined) {
    const figures = await comparisonFigures(result, [a, b], options.language);
    writePicture(shell, options.svg, `${a.source} and ${b.source}`, figures);
  }
  if (options.json === true) shell.out.print(json({ ...result, ...unitIn(a) }));
  else print(shell, result, [a.source, b.source]);
  return 0;
}

/** A refusal names the way out for the one of the two that it is about. */
function comparisonOf(
  asked: readonly [DataArgument, DataArgument],
  [a, b]: readonly [LifeData, LifeData],
  options: ComparisonOptions,
): Comparison {
  try {
    return compareLives(a.rows, b.rows, options);
  } catch (error) {
    const isSecond = error instanceof Error && error.message.includes(secondOfTwo);
    throw refusalFor(error, dataWritten(asked[isSecond ? 1 : 0]));
  }
}

function print({ out }: Shell, r: Comparison, sources: [string, string]): void {
  const level = number(r.confidence * 100);
  out.print(
    `${r.distribution}, by maximum likelihood; likelihood-ratio tests and bounds, ${level} %\n`,
  );
  const late = r.sets.some((s) => s.entries > 0);
  const rows = r.sets.map((s, i) => [
    `${"AB"[i]}  ${sources[i]}`,
    number(s.failures),
    number(s.suspensions),
    ...(late ? [number(s.entries)] : []),
    number(s.B10),
  ]);
  const counts = ["failures", "suspensions", ...(late ? ["watched from an age on"] : [])];
  out.print(table(["", ...counts, "B10"], rows));
  out.print("");
  out.print(
    table(
      ["test", "statistic", "df", "p", "reading"],
      [
        testRow("one population", r.samePopulation, r.confidence),
        testRow("one shape", r.sameShape, r.confidence),
      ],
    ),
  );
  const ratios = [
    boundedRow("B10 of B over A", r.ratioB10),
    boundedRow("the same, one shape", r.ratioB10SameShape),
  ];
  out.print(`\n${table(["ratio", "estimate", "lower", "upper"], ratios)}`);
  for (const line of warningLines(r.warnings)) out.talk(line);
}

function testRow(name: string, t: LikelihoodRatioTest, confidence: number): string[] {
  const differ = t.p < 1 - confidence;
  const reading = differ ? "they differ" : "no difference shown";
  return [name, number(t.statistic), String(t.df), number(t.p), reading];
}
