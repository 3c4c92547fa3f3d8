import type { Command } from "commander";
import { type Weibayes, weibayes } from "../../life/weibayes.js";
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
  readLifeData,
  unitIn,
  warningLines,
} from "./data.js";
import type { DataArgument } from "./source.js";

type Options = { shape: string; confidence: string; json?: boolean };

export function addLifeWeibayes(life: Command, shell: Shell): void {
  life
    .command("weibayes <data>")
    .description("life bounds with a shape known from before; works with no failure at all")
    .requiredOption("--shape <b>", "the Weibull shape, from earlier tests of the same design")
    .option("--confidence <c>", "of the two-sided bounds", "0.90")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `${dataHelp}

Examples:
  wearout life weibayes night-test.csv --shape 1.5
  wearout life weibayes --runs lot=B7 --shape 1.5
  printf 'time,status,count\\n500,S,12\\n' | wearout life weibayes - --shape 1.5 --confidence 0.9`,
    )
    .action(
      shell.action((asked: DataArgument, options: Options) =>
        answering(asked, () => run(shell, asked, options)),
      ),
    );
}

function run(shell: Shell, asked: DataArgument, options: Options): number {
  const data = readLifeData(asked, { used: [], talk: shell.out.talk });
  const shape = positive("--shape", options.shape);
  const result = weibayes(data.rows, shape, confidenceOf(options.confidence));
  if (options.json === true) shell.out.print(json({ ...result, ...unitIn(data) }));
  else print(shell, result, data.unit);
  return 0;
}

function print({ out }: Shell, r: Weibayes, unit: string | undefined): void {
  const level = `${number(r.confidence * 100)} %`;
  const sides = r.failures > 0 ? `two-sided ${level}` : `one-sided ${level}`;
  out.print(`Weibayes, shape ${number(r.shape)} assumed; chi-square bounds, ${sides}`);
  out.print(`${countsLine(r)}\n`);
  const rows = [boundedRow("scale", r.scale)];
  for (const [name, life] of Object.entries(r.life)) rows.push(boundedRow(name, life));
  const head = [unit === undefined ? "" : `in ${unit}`, "estimate", "lower", "upper"];
  out.print(table(head, rows));
  for (const line of warningLines(r.warnings)) out.talk(line);
}
