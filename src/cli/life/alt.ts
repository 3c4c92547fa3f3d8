import type { Command } from "commander";
import { type AltFit, solveAlt } from "../../life/alt.js";
import { isSimulated } from "../../life/data.js";
import { relations, type Stress } from "../../life/stress.js";
import type { StressTests } from "../../life/stress-levels.js";
import { oneOf } from "../option.js";
import { json, table } from "../output.js";
import type { Shell } from "../shell.js";
import {
  answering,
  boundedRow,
  countsLine,
  dataHelp,
  number,
  readLifeData,
  rowsOfModes,
  unitIn,
  warningLines,
} from "./data.js";
import { type PictureOptions, takePicture, writePicture } from "./picture.js";
import type { DataArgument } from "./source.js";
import {
  fitOptions,
  type StressOptions,
  stressComplaints,
  stressHelp,
  stressOption,
  takeStressOptions,
} from "./stress-option.js";
import { stressFigures } from "./stress-picture.js";

type Options = PictureOptions & StressOptions & { stress: string };

export function addLifeAlt(life: Command, shell: Shell): void {
  const verb = life
    .command("alt <data>")
    .description("accelerated test at constant stresses: life at use from a life-stress relation")
    .requiredOption("--stress <column,...>", "column of stress; two for power-arrhenius");
  takeStressOptions(verb);
  takePicture(verb, "life against stress, and residuals")
    .addHelpText(
      "after",
      `${dataHelp}
${stressHelp}

Examples:
  wearout life alt grease.csv --relation arrhenius --stress temp_degC --use 60
  wearout life alt bearings.csv --relation power --stress load_kN --use 4kN --svg bearings.svg
  wearout life alt motors.csv --relation power-arrhenius --stress temp_degC,load_kN --use 60,4

power: life = C S^-n; arrhenius: life = A exp(Ea/kT); eyring: life = (A/T) exp(Ea/kT).`,
    )
    .action(
      shell.action((asked: DataArgument, options: Options) =>
        answering(asked, () => run(shell, asked, options)),
      ),
    );
}

function run(shell: Shell, asked: DataArgument, o: Options): number {
  const relation = oneOf("--relation", o.relation, relations);
  const { law, use } = stressOption(relation, o.stress, o.use);
  const read = readLifeData(asked, {
    used: law.columns,
    talk: shell.out.talk,
    check: (rows) => stressComplaints(rows, law),
  });
  const { rows, warnings } = rowsOfModes(read, o.modes);
  const data = { ...read, rows };
  const solution = solveAlt(data.rows, {
    law,
    use,
    ...fitOptions(o),
  });
  const { fit } = solution;
  fit.warnings.push(...warnings);
  if (o.svg !== undefined) {
    const figures = stressFigures(solution, law, use, data, o.language);
    writePicture(shell, o.svg, `life against stress of ${data.source}`, figures);
  }
  if (o.json === true) shell.out.print(json({ ...fit, ...unitIn(data) }));
  else {
    if (isSimulated(data.rows)) shell.out.print("SIMULATED: no real specimens");
    printStressFit(shell, fit, data.unit);
  }
  return 0;
}

const equations = {
  power: "life = C S^-n",
  arrhenius: "life = A exp(Ea/kT)",
  eyring: "life = (A/T) exp(Ea/kT)",
  "power-arrhenius": "life = C S^-n exp(Ea/kT)",
};

const labels: Record<string, string> = {
  exponent: "exponent n",
  activationEnergy: "activation energy Ea, eV",
  lnConstant: "ln of A or C",
};

/** `40 temp_degC, 3 load_kN` */
function stressText(stress: Stress): string {
  return Object.entries(stress)
    .map(([column, value]) => `${column} ${number(value)}`)
    .join(", ");
}

/** A fit of life and stress as text, with its tests where it has them. */
export function printStressFit(
  { out }: Shell,
  fit: Omit<AltFit, "tests"> & Partial<Pick<AltFit, "tests">>,
  unit: string | undefined,
): void {
  const bounds = fit.bounds === "fisher" ? "Fisher information" : "likelihood ratio";
  out.print(`${fit.distribution}, ${equations[fit.relation]}, by maximum likelihood`);
  out.print(`bounds: ${bounds}, two-sided ${number(fit.confidence * 100)} %`);
  out.print(countsLine(fit));
  out.print(`log-likelihood ${number(fit.logLikelihood)}, AIC ${number(fit.aic)}\n`);
  const head = ["estimate", "lower", "upper"];
  const rows = Object.entries(fit.parameters).map(([name, p]) => [
    ...boundedRow(labels[name] ?? name, p),
    number(p.standardError),
  ]);
  out.print(table(["", ...head, "standard error"], rows));
  const lives = Object.entries(fit.atUse).map(([name, b]) => boundedRow(name, b));
  const at = `life${unit === undefined ? "" : `, ${unit}`}, at ${stressText(fit.use)}`;
  out.print(`\n${table([at, ...head], lives)}`);
  const levels = fit.levels.map((l) => [
    ...boundedRow(stressText(l.stress), l.accelerationFactor),
    number(l.failures),
    number(l.n),
  ]);
  out.print(`\n${table(["acceleration factor at", ...head, "failures", "of"], levels)}`);
  printTests(out.print, fit.tests ?? {}, fit.confidence);
  for (const line of warningLines(fit.warnings)) out.talk(line);
}

const testNames: Record<keyof StressTests, string> = {
  commonShape: "one shape at all levels",
  relation: "the relation holds",
  curvature: "it is not bent (square of its term)",
  separate: "both, against separate fits",
};

function printTests(print: (text: string) => void, tests: StressTests, confidence: number): void {
  const rows = (["commonShape", "relation", "curvature", "separate"] as const).flatMap((name) => {
    const t = tests[name];
    if (t === undefined) return [];
    const reading = t.p < 1 - confidence ? "contradicted" : "not contradicted";
    return [[testNames[name], number(t.statistic), String(t.df), number(t.p), reading]];
  });
  if (rows.length === 0) return;
  print(`\n${table(["likelihood-ratio test", "statistic", "df", "p", "reading"], rows)}`);
}
