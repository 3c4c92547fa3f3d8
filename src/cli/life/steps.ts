import type { Command } from "commander";
import type { LifeRow } from "../../life/data.js";
import { historiesOf, stepComplaints } from "../../life/step-data.js";
import { fitSteps } from "../../life/steps.js";
import { relations } from "../../life/stress.js";
import { oneOf } from "../option.js";
import { json } from "../output.js";
import type { Shell } from "../shell.js";
import { printStressFit } from "./alt.js";
import { readLifeData, rowsOfModes, unitIn } from "./data.js";
import {
  fitOptions,
  type StressOptions,
  stressComplaints,
  stressHelp,
  stressOption,
  takeStressOptions,
} from "./stress-option.js";

type Options = StressOptions & { stress?: string };

export function addLifeSteps(life: Command, shell: Shell): void {
  const verb = life
    .command("steps <file>")
    .description("step-stress test: life at use by the cumulative exposure model")
    .option("--stress <column,...>", "column of stress; without it the only one there is");
  takeStressOptions(verb)
    .addHelpText("after", `${help}\n${stressHelp}\n${examples}`)
    .action(shell.action((path: string, options: Options) => run(shell, path, options)));
}

const help = `
FILE is CSV, or - for standard input: a row for each step of each specimen, in order. Columns: specimen;
time, on the specimen's clock, at the end of the step; status, S where it lived on, F, I (with
time_high) or S in its last row; the stress during the step; optional count, mode.

  specimen,time_h,status,load_kN
  a1,100,S,4
  a1,163,F,6
  a2,100,S,4
  a2,200,S,6`;

const examples = `
Examples:
  wearout life steps ramp.csv --relation power --use 3
  wearout life steps heat.csv --relation arrhenius --stress temp_degC --use 60degC --json`;

function run(shell: Shell, path: string, o: Options): number {
  const relation = oneOf("--relation", o.relation, relations);
  const asked = (rows: readonly LifeRow[]) =>
    stressOption(relation, o.stress ?? Object.keys(rows[0]!.stress).join(","), o.use);
  const data = readLifeData(path, {
    talk: shell.out.talk,
    repeats: true,
    check: (rows) => [...stressComplaints(rows, asked(rows).law), ...stepComplaints(rows)],
  });
  const { law, use } = asked(data.rows);
  const { rows, warnings } = rowsOfModes(data, o.modes);
  const fit = fitSteps(historiesOf(rows), {
    law,
    use,
    ...fitOptions(o),
  });
  fit.warnings.push(...warnings);
  if (o.json === true) shell.out.print(json({ ...fit, ...unitIn(data) }));
  else printStressFit(shell, fit, data.unit);
  return 0;
}
