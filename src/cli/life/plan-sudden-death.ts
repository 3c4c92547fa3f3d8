import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import { type SuddenDeath, splits, suddenDeath } from "../../life/sudden-death.js";
import { wholeNumber } from "../option.js";
import { json, table } from "../output.js";
import type { Shell } from "../shell.js";
import { number, plural, share, warningLines } from "./data.js";
import {
  inUnit,
  percent,
  type RequirementOptions,
  requirementLine,
  requirementOf,
  takeRequirement,
} from "./plan-option.js";

type Options = RequirementOptions & {
  units?: string;
  groups?: string;
  groupSize?: string;
  json?: boolean;
};

export function addPlanSuddenDeath(plan: Command, shell: Shell): void {
  const verb = plan
    .command("sudden-death")
    .description("groups of units, each run until its first failure");
  takeRequirement(verb)
    .option("--units <n>", "every way to split them into equal groups")
    .option("--groups <n>", "with --group-size: this plan in full")
    .option("--group-size <m>", "units per group")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  wearout life plan sudden-death --reliability 0.9 --life 5000h --shape 1.5 --units 24
  wearout life plan sudden-death --reliability 0.9 --life 5000h --shape 1.5 --groups 6 --group-size 4`,
    )
    .action(shell.action((options: Options) => run(shell, options)));
}

function run({ out }: Shell, o: Options): number {
  const { need, unit } = requirementOf(o);
  const confidence = share("--confidence", o.confidence);
  const named = unit === undefined ? {} : { unit };
  if (o.units !== undefined && o.groups === undefined && o.groupSize === undefined) {
    const plans = splits(need, confidence, wholeNumber("--units", o.units, 2, 1000));
    if (o.json === true) out.print(json({ design: "sudden-death", plans, ...named }));
    else printSplits(out.print, plans, unit);
    return 0;
  }
  if (o.units !== undefined || o.groups === undefined || o.groupSize === undefined) {
    throw new WearoutError("USAGE", "--units for all splits, or --groups and --group-size for one");
  }
  const groups = wholeNumber("--groups", o.groups, 1, 1000);
  const size = wholeNumber("--group-size", o.groupSize, 1, 1000);
  const result = suddenDeath(need, confidence, groups, size);
  if (o.json === true) {
    out.print(json({ ...result, ...named }));
    return 0;
  }
  printPlan(out.print, result, unit);
  for (const line of warningLines(result.warnings)) out.talk(line);
  return 0;
}

type Print = (text: string) => void;

function printSplits(print: Print, plans: readonly SuddenDeath[], unit: string | undefined): void {
  const { requirement } = plans[0]!;
  print(
    `to show: ${requirementLine(requirement, unit)}, with confidence ${percent(requirement.confidence)}`,
  );
  print("expected lengths are those of a product with twice the required life\n");
  const rows = plans.map((p) => {
    const [, , twice, thrice] = p.operatingCharacteristic;
    return [
      number(p.plan.groups),
      number(p.plan.groupSize),
      inUnit(p.passMean, unit),
      percent(twice!.passes),
      percent(thrice!.passes),
      inUnit(twice!.parallel, unit),
      inUnit(twice!.inTurn, unit),
      inUnit(twice!.unitTime, unit),
      `B${number(Number((100 * p.fractionAtMedian).toPrecision(3)))}`,
    ];
  });
  const head = [
    "groups",
    "of",
    "pass from mean",
    "passes at 2 x",
    "at 3 x",
    "at once",
    "in turn",
    "unit time",
    "looks at",
  ];
  print(table(head, rows));
}

function printPlan(print: Print, p: SuddenDeath, unit: string | undefined): void {
  const { groups, groupSize } = p.plan;
  const { shape, confidence } = p.requirement;
  print(
    `shown by a pass, with confidence ${percent(confidence)}: ${requirementLine(p.requirement, unit)}`,
  );
  print(`${plural(groups, "group")} of ${number(groupSize)}, each until its first failure`);
  print(
    `passes when the mean of the first failures is at least ${inUnit(p.passMean, unit)}: (sum t^b / ${number(groups)})^(1/b), b = ${number(shape)}`,
  );
  print(
    `just at the requirement the first of a group fails at ${inUnit(p.firstFailure.median, unit)} (median), ${inUnit(p.firstFailure.mean, unit)} (mean)`,
  );
  print(`that median is the B${number(100 * p.fractionAtMedian)} life of single units`);
  print(
    `as many failures without groups, all units at once: ${inUnit(p.ungrouped.duration, unit)} long, ${inUnit(p.ungrouped.unitTime, unit)} of units on test`,
  );
  const rows = p.operatingCharacteristic.map((o) => [
    `${number(o.multiple)} x`,
    percent(o.passes),
    inUnit(o.parallel, unit),
    inUnit(o.inTurn, unit),
    inUnit(o.unitTime, unit),
  ]);
  const head = ["true life", "passes", "all groups at once", "one after another", "unit time"];
  print(`\n${table(head, rows)}`);
}
