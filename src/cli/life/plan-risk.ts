import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import {
  type ExposurePoint,
  type FixedLengthTest,
  fixedLengthTest,
  type RiskQuestion,
  type SequentialTest,
  sequentialTest,
} from "../../life/exposure-test.js";
import { wholeNumber } from "../option.js";
import { json, table } from "../output.js";
import type { Shell } from "../shell.js";
import { number, plural, positive, share, warningLines } from "./data.js";
import { inUnit, lifeOf, percent, requirementLine } from "./plan-option.js";

type Options = {
  reliability?: string;
  life: string;
  shape: string;
  alpha: string;
  beta: string;
  ratio: string;
  units?: string;
  json?: boolean;
};

function addRiskOptions(verb: Command): Command {
  return verb
    .requiredOption("--life <time>", "that must be shown, as 5000h")
    .option("--reliability <r>", "at --life; without it --life is the scale (shape 1: the MTBF)")
    .requiredOption("--shape <b>", "the Weibull shape, from earlier tests; 1 is the exponential")
    .requiredOption("--ratio <d>", "life of a product that should pass over the required life")
    .option("--alpha <a>", "producer's risk: such a product fails", "0.1")
    .option("--beta <b>", "consumer's risk: a product just at --life passes", "0.1")
    .option("--units <n>", "run at once, not replaced: gives expected length")
    .option("--json", "as JSON");
}

export function addPlanFixed(plan: Command, shell: Shell): void {
  const verb = plan
    .command("fixed")
    .description("fixed length: pass when the exposure is reached with few enough failures");
  addRiskOptions(verb)
    .addHelpText(
      "after",
      `
Examples:
  wearout life plan fixed --life 1000h --shape 1 --ratio 2
  wearout life plan fixed --reliability 0.9 --life 5000h --shape 1.5 --ratio 2 --beta 0.2 --units 12`,
    )
    .action(
      shell.action((o: Options) => {
        const { question, unit } = questionOf(o);
        return show(shell, o, fixedLengthTest(question), unit, printFixed);
      }),
    );
}

export function addPlanSequential(plan: Command, shell: Shell): void {
  const verb = plan
    .command("sequential")
    .description("truncated sequential: accept and reject lines, decided after every failure");
  addRiskOptions(verb)
    .addHelpText(
      "after",
      `
Examples:
  wearout life plan sequential --life 1000h --shape 1 --ratio 2
  wearout life plan sequential --reliability 0.9 --life 5000h --shape 1.5 --ratio 2 --units 12`,
    )
    .action(
      shell.action((o: Options) => {
        const { question, unit } = questionOf(o);
        return show(shell, o, sequentialTest(question), unit, printSequential);
      }),
    );
}

function questionOf(o: Options): { question: RiskQuestion; unit: string | undefined } {
  const life = lifeOf("--life", o.life);
  const ratio = positive("--ratio", o.ratio);
  if (ratio <= 1) throw new WearoutError("USAGE", `--ratio: found "${o.ratio}", expected above 1`);
  const question: RiskQuestion = {
    need: {
      reliability:
        o.reliability === undefined ? Math.exp(-1) : share("--reliability", o.reliability),
      life: life.value,
      shape: positive("--shape", o.shape),
    },
    alpha: share("--alpha", o.alpha),
    beta: share("--beta", o.beta),
    ratio,
  };
  if (question.alpha + question.beta >= 1) {
    throw new WearoutError("USAGE", "--alpha and --beta: expected a sum below 1");
  }
  if (o.units !== undefined) question.units = wholeNumber("--units", o.units, 1, 1000);
  return { question, unit: life.unit };
}

type Print = (text: string) => void;

function show<T extends FixedLengthTest | SequentialTest>(
  { out }: Shell,
  o: Options,
  test: T,
  unit: string | undefined,
  print: (print: Print, test: T, unit: string | undefined) => void,
): number {
  if (o.json === true) {
    out.print(json({ ...test, ...(unit === undefined ? {} : { unit }) }));
    return 0;
  }
  print(out.print, test, unit);
  for (const line of warningLines(test.warnings)) out.talk(line);
  return 0;
}

function printHead(print: Print, t: FixedLengthTest | SequentialTest, unit: string | undefined) {
  const { alpha, beta, ratio, exposureRatio } = t.goal;
  const required =
    t.requirement.reliability === Math.exp(-1)
      ? `scale at least ${inUnit(t.scale, unit)}, Weibull shape ${number(t.requirement.shape)} assumed`
      : requirementLine(t.requirement, unit);
  print(`shown by a pass: ${required}`);
  print(
    `a product just there passes with ${percent(beta)} chance at most, one with ${number(ratio)} times the life fails with ${percent(alpha)}`,
  );
  const scale = inUnit(t.scale, unit);
  print(
    t.requirement.shape === 1
      ? `exposure: sum of all times on test over ${scale}`
      : `exposure: sum of (t / ${scale})^${number(t.requirement.shape)} over all units, failed or not; ratio of exposures ${number(exposureRatio)}`,
  );
}

function printTail(print: Print, t: FixedLengthTest | SequentialTest, unit: string | undefined) {
  if (t.passesWithoutFailureAt !== undefined) {
    print(
      `\n${plural(t.units!, "unit")} at once pass without a failure at ${inUnit(t.passesWithoutFailureAt, unit)} each; lengths below are means of 10000 simulated tests, seed 1`,
    );
  } else print("");
  const rows = t.operatingCharacteristic.map((p) => operatingRow(p, unit));
  const head = ["true life", "passes", "expected exposure", "failures"];
  if (t.units !== undefined) head.push("length", "unit time", "undecided");
  print(table(head, rows));
}

function operatingRow(p: ExposurePoint, unit: string | undefined): string[] {
  const { course } = p;
  return [
    `${number(p.multiple)} x`,
    percent(p.passes),
    number(Number(p.exposure.toPrecision(4))),
    number(Number(p.failures.toPrecision(4))),
    ...(course === undefined
      ? []
      : [inUnit(course.duration, unit), inUnit(course.unitTime, unit), percent(course.undecided)]),
  ];
}

function printFixed(print: Print, t: FixedLengthTest, unit: string | undefined): void {
  printHead(print, t, unit);
  const { rejectAt, exposure, alpha, beta } = t.plan;
  print(
    `passes at exposure ${number(exposure)} with at most ${plural(rejectAt - 1, "failure")}; true risks ${percent(alpha)} and ${percent(beta)}`,
  );
  const rows = t.near.map((p) => [
    number(p.rejectAt - 1),
    number(p.exposure),
    percent(p.alpha),
    percent(p.beta),
  ]);
  print("\nother numbers of failures, both risks off by the same factor");
  print(table(["allowed", "exposure", "producer's risk", "consumer's risk"], rows));
  printTail(print, t, unit);
}

function printSequential(print: Print, t: SequentialTest, unit: string | undefined): void {
  printHead(print, t, unit);
  const { plan, lines } = t;
  print(
    `lines: passes at ${number(plan.acceptIntercept)} + ${number(plan.slope)} j, fails at ${number(plan.slope)} j - ${number(plan.rejectIntercept)} after j failures`,
  );
  print(
    `true risks ${percent(plan.alpha)} and ${percent(plan.beta)}; Wald's lines with this truncation: ${percent(plan.wald.alpha)} and ${percent(plan.wald.beta)}\n`,
  );
  const four = (x: number) => number(Number(x.toPrecision(5)));
  const rows = lines.reject.map((reject, j) => [
    number(j),
    reject < 0 || j === 0 ? "-" : four(reject),
    j < lines.accept.length ? four(lines.accept[j]!) : "-",
  ]);
  print(table(["failures", "fails up to exposure", "passes from exposure"], rows));
  printTail(print, t, unit);
}
