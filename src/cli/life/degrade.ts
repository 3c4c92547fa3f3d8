import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import { parseDegradation } from "../../life/degradation-data.js";
import { type PathKind, type PseudoLives, pathKinds, pseudoLives } from "../../life/degrade.js";
import { boundKinds, distributions, fitLife } from "../../life/fit.js";
import { simulateInThreads } from "../../life/pivot-pool.js";
import { oneOf } from "../option.js";
import { json, table } from "../output.js";
import type { Shell } from "../shell.js";
import { confidenceOf, number, readText, unitIn, warningLines } from "./data.js";
import { printFit } from "./fit.js";

type Options = {
  threshold: string;
  path: string;
  distribution: string;
  bounds: string;
  confidence: string;
  json?: boolean;
};

export function addLifeDegrade(life: Command, shell: Shell): void {
  life
    .command("degrade <file>")
    .description("lives from measured degradation: a path per specimen to a threshold, then a fit")
    .requiredOption("--threshold <value>", "a specimen has failed where its path meets this value")
    .option("--path <kind>", "linear a + b t, power a t^b, exponential a exp(b t)", "linear")
    .option("--distribution <name>", distributions.join(", "), "weibull")
    .option("--bounds <kind>", boundKinds.join(", "), "likelihood")
    .option("--confidence <c>", "of the two-sided bounds", "0.90")
    .option("--json", "as JSON")
    .addHelpText("after", help)
    .action(shell.action((path: string, options: Options) => run(shell, path, options)));
}

const help = `
FILE is CSV, or - for standard input: a row for each measurement. Columns: specimen, time (time_h), value
(value_mm), or usual words for them in English, German, French and Chinese.

  specimen,time_h,value_um
  a1,100,15
  a1,200,20
  a2,100,10

Examples:
  wearout life degrade backlash.csv --threshold 30
  wearout life degrade cracks.csv --threshold 30 --path exponential --distribution lognormal --json

The paths' own error is left out, so that bounds are too narrow where paths are read beyond their last
measurement. A path that leads away from the threshold counts as a suspension at its last measurement.`;

async function run(shell: Shell, file: string, o: Options): Promise<number> {
  const path = oneOf("--path", o.path, pathKinds);
  const threshold = thresholdOf(o.threshold, path);
  const { text, source, note } = readText(file);
  const data = parseDegradation(text, source);
  for (const line of [...(note === undefined ? [] : [note]), ...data.notes]) {
    shell.out.talk(`${source}: ${line}`);
  }
  const lives = pseudoLives(data, path, threshold);
  const fit = await fitLife(
    lives.rows,
    {
      distribution: oneOf("--distribution", o.distribution, distributions),
      method: "mle",
      ranks: "exact",
      bounds: oneOf("--bounds", o.bounds, boundKinds),
      confidence: confidenceOf(o.confidence),
      unbiased: "none",
      at: [],
    },
    simulateInThreads,
  );
  const { rows: _, ...shown } = lives;
  if (o.json === true) shell.out.print(json({ ...shown, fit, ...unitIn({ unit: data.timeUnit }) }));
  else {
    printPaths(shell, lives, data.timeUnit);
    printFit(shell, fit, data.timeUnit);
  }
  return 0;
}

function thresholdOf(text: string, path: PathKind): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(value) && (path === "linear" || value > 0)) return value;
  const expected = path === "linear" ? "a number" : `a number above 0 for --path ${path}`;
  throw new WearoutError("USAGE", `--threshold: found "${text}", expected ${expected}`);
}

function printPaths({ out }: Shell, lives: PseudoLives, unit: string | undefined): void {
  const life = unit === undefined ? "life" : `life, ${unit}`;
  const rows = lives.specimens.map((s) => [
    s.specimen,
    number(s.measurements),
    number(s.a),
    number(s.b),
    s.rSquared === undefined ? "-" : number(s.rSquared),
    number(s.lastTime),
    s.life === undefined ? "none" : number(s.life),
    s.life === undefined ? "never meets the threshold" : s.extrapolated ? "extrapolated" : "",
  ]);
  const head = ["specimen", "measurements", "a", "b", "r^2", "last time", life, ""];
  out.print(`${lives.path} paths to ${number(lives.threshold)}, least squares`);
  out.print(`${table(head, rows)}\n`);
  for (const line of warningLines(lives.warnings)) out.talk(line);
}
