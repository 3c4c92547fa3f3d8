import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import {
  type Demonstration,
  type DemonstrationTable,
  demonstrate,
  demonstrationTable,
  timeFor,
  unitsFor,
} from "../../life/demonstration.js";
import type { Requirement } from "../../life/requirement.js";
import { wholeNumber } from "../option.js";
import { json, table } from "../output.js";
import type { Shell } from "../shell.js";
import { number, plural, share, warningLines } from "./data.js";
import {
  inUnit,
  lifeIn,
  operatingRow,
  percent,
  type RequirementOptions,
  requirementLine,
  requirementOf,
  takeRequirement,
} from "./plan-option.js";

type Options = RequirementOptions & {
  units?: string;
  time?: string;
  failures: string;
  stations?: string;
  json?: boolean;
};

const mostUnits = 100_000;

export function addPlanDemonstrate(plan: Command, shell: Shell): void {
  const verb = plan
    .command("demonstrate", { isDefault: true })
    .description(
      "pass with at most so many failures: units for a time, time for units, or a table",
    );
  takeRequirement(verb)
    .option("--units <n>", "the time they need")
    .option("--time <time>", "the units it needs")
    .option("--failures <k>", "allowed", "0")
    .option("--stations <n>", "how many units run at once; default all")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  wearout life plan --reliability 0.9 --confidence 0.9 --life 5000h --shape 1.5
  wearout life plan --reliability 0.9 --life 5000h --shape 1.5 --units 8 --failures 1 --stations 4
  wearout life plan --reliability 0.9 --life 5000h --shape 1.5 --time 6000h --json`,
    )
    .action(shell.action((options: Options) => run(shell, options)));
}

function run({ out }: Shell, o: Options): number {
  const { need, unit } = requirementOf(o);
  const confidence = share("--confidence", o.confidence);
  const failures = wholeNumber("--failures", o.failures, 0, 1000);
  const chosen = planOf(o, need, confidence, failures, unit);
  const result =
    chosen === undefined
      ? demonstrationTable(need, confidence, failures)
      : demonstrate(need, confidence, chosen);
  if (o.json === true) out.print(json({ ...result, ...(unit === undefined ? {} : { unit }) }));
  else if ("plan" in result) printPlan(out.print, result, unit);
  else printTable(out.print, result, unit);
  if (o.json !== true) for (const line of warningLines(result.warnings)) out.talk(line);
  return 0;
}

function planOf(
  o: Options,
  need: Requirement,
  confidence: number,
  failures: number,
  unit: string | undefined,
) {
  if (o.units !== undefined && o.time !== undefined) {
    throw new WearoutError("USAGE", "--units or --time, not both: one gives the other");
  }
  if (o.units === undefined && o.time === undefined) return undefined;
  const units =
    o.units === undefined
      ? unitsFor(need, confidence, lifeIn("--time", o.time!, unit), failures)
      : wholeNumber("--units", o.units, 1, mostUnits);
  const time =
    o.time === undefined
      ? timeFor(need, confidence, units, failures)
      : lifeIn("--time", o.time, unit);
  const stations =
    o.stations === undefined ? units : wholeNumber("--stations", o.stations, 1, mostUnits);
  return { units, time, failures, stations: Math.min(stations, units) };
}

type Print = (text: string) => void;

function printPlan(print: Print, d: Demonstration, unit: string | undefined): void {
  const { units, time, failures, stations } = d.plan;
  const { confidence } = d.requirement;
  print(`shown by a pass: ${requirementLine(d.requirement, unit)}`);
  print(
    `${plural(units, "unit")}, ${inUnit(time, unit)} each, pass with at most ${plural(failures, "failure")}`,
  );
  print(`confidence ${percent(d.confidence)} (asked for ${percent(confidence)}), exact binomial`);
  const { p90, p95 } = d.multipleToPass;
  print(
    `passes with 90 % chance at ${number(p90)} times the required life, with 95 % at ${number(p95)}`,
  );
  const batches = stations < units ? `, ${plural(stations, "station")} at once` : "";
  print(
    `with no failure: ${inUnit(d.most.duration, unit)} long, ${inUnit(d.most.unitTime, unit)} of units on test${batches}`,
  );
  const rows = d.operatingCharacteristic.map((p) => operatingRow(p, unit));
  print(`\n${table(["true life", "", "passes", "expected length", "expected unit time"], rows)}`);
  const shapes = d.shapes.map((s) => [
    number(s.shape),
    percent(s.confidence),
    inUnit(s.time, unit),
    number(s.units),
  ]);
  const head = [
    "true shape",
    "a pass then shows",
    "these units would need",
    "this time would need units",
  ];
  print(`\n${table(head, shapes)}`);
}

function printTable(print: Print, t: DemonstrationTable, unit: string | undefined): void {
  const { confidence } = t.requirement;
  print(`to show: ${requirementLine(t.requirement, unit)}, with confidence ${percent(confidence)}`);
  const allowed = Object.keys(t.timeForUnits[0]!.time);
  const head = allowed.map((k) => plural(Number(k), "failure"));
  const times = t.timeForUnits.map(({ units, time }) => [
    number(units),
    ...allowed.map((k) => inUnit(time[k]!, unit)),
  ]);
  print(`\ntime per unit\n${table(["units", ...head], times)}`);
  const units = t.unitsForTime.map((row) => [
    inUnit(row.time, unit),
    ...allowed.map((k) => number(row.units[k]!)),
  ]);
  print(`\nunits\n${table(["time each", ...head], units)}`);
}
