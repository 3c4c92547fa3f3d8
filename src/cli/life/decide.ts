import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import type { LifeData, LifeRow } from "../../life/data.js";
import {
  type DecideQuestion,
  type Decision,
  decide,
  type NextEvent,
  type Outlook,
  type PlanRule,
} from "../../life/decide.js";
import type { EarlierTest, ShapePrior } from "../../life/posterior.js";
import { wholeNumber } from "../option.js";
import { json, table } from "../output.js";
import type { Shell } from "../shell.js";
import {
  answering,
  dataHelp,
  number,
  plural,
  positive,
  readTimedData,
  share,
  warningLines,
} from "./data.js";
import { inUnit, lifeIn, percent } from "./plan-option.js";
import type { DataArgument } from "./source.js";

type Options = {
  reliability: string;
  life: string;
  confidence: string;
  shape: string;
  time?: string;
  planExposure?: string;
  failures: string;
  units?: string;
  more?: string;
  priorFailures?: string;
  priorLife?: string;
  json?: boolean;
};

export function addLifeDecide(life: Command, shell: Shell): void {
  life
    .command("decide <data>")
    .description("while a test runs: what it shows, whether its plan will pass, what comes next")
    .requiredOption("--reliability <r>", "that must be shown at --life: 0.9 for a B10 life")
    .requiredOption("--life <time>", "as 5000h")
    .option("--confidence <c>", "one-sided, of the lower bound", "0.9")
    .option("--shape <b>", "known shape, or LOW..HIGH: 90 % of a prior for it", "0.75..3")
    .option("--time <time>", "the plan: every unit runs so long (life plan demonstrate)")
    .option("--plan-exposure <e>", "the plan: this exposure is reached (life plan fixed)")
    .option("--failures <k>", "that the plan allows", "0")
    .option("--units <n>", "of the plan, where some are not in DATA because they have not begun")
    .option("--more <time>", "what may come next: all survive so long; default a tenth of --life")
    .option("--prior-failures <r>", "of an earlier test of the same design, with --prior-life")
    .option("--prior-life <time>", "that test's estimate of the life at --reliability")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `${dataHelp}
Here a suspension is a unit that still runs, with its time so far.

Examples:
  wearout life decide now.csv --reliability 0.9 --life 5000h --shape 1.5 --time 9771h
  wearout life decide now.csv --reliability 0.9 --life 5000h --shape 1.1..2.5 --time 9771h --failures 1
  wearout life decide --runs lot=B7 --reliability 0.9 --life 5000h --time 9771h
  printf 'time_h,status,count\\n4000,S,7\\n3100,F,1\\n' | wearout life decide - --reliability 0.9 --life 2000h`,
    )
    .action(
      shell.action((asked: DataArgument, options: Options) =>
        answering(asked, () => run(shell, asked, options)),
      ),
    );
}

function run({ out }: Shell, asked: DataArgument, o: Options): number {
  const times = [o.life, o.time, o.more, o.priorLife];
  const { data, assumed } = readTimedData(asked, times, { used: [], talk: out.talk });
  const { question, rows } = questionOf(o, data);
  const decision = decide(rows, question);
  decision.warnings.push(...assumed);
  const unit = data.unit === undefined ? {} : { unit: data.unit };
  if (o.json === true) {
    out.print(json({ ...decision, ...priorOf(question), ...unit }));
    return 0;
  }
  print(out.print, decision, question, data.unit);
  for (const line of warningLines(decision.warnings)) out.talk(line);
  return 0;
}

function priorOf({ shape, earlier }: DecideQuestion) {
  return { prior: { shape, ...(earlier === undefined ? {} : { earlier }) } };
}

function questionOf(o: Options, data: LifeData): { question: DecideQuestion; rows: LifeRow[] } {
  const time = (name: string, text: string) => lifeIn(name, text, data.unit, "the data");
  const life = time("--life", o.life);
  const rule = ruleOf(o, time);
  const earlier = earlierOf(o, time);
  const question: DecideQuestion = {
    target: { reliability: share("--reliability", o.reliability), life },
    confidence: share("--confidence", o.confidence),
    shape: shapeOf(o.shape),
    more: o.more === undefined ? life / 10 : time("--more", o.more),
    ...(rule === undefined ? {} : { rule }),
    ...(earlier === undefined ? {} : { earlier }),
  };
  return { question, rows: [...data.rows, ...notBegun(o.units, data.rows)] };
}

function notBegun(text: string | undefined, rows: readonly LifeRow[]): LifeRow[] {
  if (text === undefined) return [];
  const seen = rows.reduce((sum, r) => sum + r.count, 0);
  const units = wholeNumber("--units", text, 1, 100_000);
  if (units < seen) {
    throw new WearoutError(
      "USAGE",
      `--units: found "${text}", but DATA has ${plural(seen, "unit")}`,
    );
  }
  if (units === seen) return [];
  return [{ kind: "right", time: 0, count: units - seen, stress: {} }];
}

function ruleOf(o: Options, time: (name: string, text: string) => number): PlanRule | undefined {
  const failures = wholeNumber("--failures", o.failures, 0, 1000);
  if (o.time !== undefined && o.planExposure !== undefined) {
    throw new WearoutError("USAGE", "--time or --plan-exposure, not both: a plan has one of them");
  }
  if (o.time !== undefined) return { kind: "time", time: time("--time", o.time), failures };
  if (o.planExposure === undefined) return undefined;
  return { kind: "exposure", exposure: positive("--plan-exposure", o.planExposure), failures };
}

function earlierOf(
  o: Options,
  time: (name: string, text: string) => number,
): EarlierTest | undefined {
  if (o.priorFailures === undefined && o.priorLife === undefined) return undefined;
  if (o.priorFailures === undefined || o.priorLife === undefined) {
    throw new WearoutError("USAGE", "--prior-failures and --prior-life belong together");
  }
  return {
    failures: wholeNumber("--prior-failures", o.priorFailures, 1, 1000),
    life: time("--prior-life", o.priorLife),
  };
}

function shapeOf(text: string): ShapePrior {
  const range = /^(.+?)\.\.(.+)$/.exec(text);
  if (range === null) return { known: positive("--shape", text) };
  const [lower, upper] = [positive("--shape", range[1]!), positive("--shape", range[2]!)];
  if (lower < upper) return { lower, upper };
  throw new WearoutError(
    "USAGE",
    `--shape: found "${text}", expected LOW..HIGH with LOW below HIGH`,
  );
}

const events: Record<NextEvent, (more: string) => string> = {
  survive: (more) => `all survive ${more} more`,
  failure: () => "the longest running fails now",
  failureLater: (more) => `it fails after ${more} more`,
  takenOff: () => "the longest running is taken off now",
};

function print(
  print: (text: string) => void,
  d: Decision,
  q: DecideQuestion,
  unit: string | undefined,
): void {
  const { reliability, life, confidence } = d.requirement;
  print(`required: at least ${percent(reliability)} alive at ${inUnit(life, unit)}`);
  const late = d.entries > 0 ? `, ${number(d.entries)} watched from an age on (entry)` : "";
  print(
    `${plural(d.n, "unit")}: ${number(d.failures)} failed, ${number(d.running)} running${late}`,
  );
  for (const line of assumptions(d, q, unit)) print(line);
  const name = `B${number(Number((100 * (1 - reliability)).toPrecision(6)))}`;
  const head = [
    "",
    `${name} median`,
    `lower ${percent(confidence)}`,
    "requirement met",
    "still needed",
  ];
  if (d.rule !== undefined) head.push("plan passes");
  const row = (label: string, o: Outlook) => [
    label,
    inUnit(o.estimate, unit),
    inUnit(o.lower, unit),
    percent(o.chance),
    o.timeNeeded === undefined ? "none helps" : inUnit(o.timeNeeded, unit),
    ...(o.planPasses === undefined ? [] : [percent(o.planPasses)]),
  ];
  const rows = [row("now", d.now)];
  for (const [event, label] of Object.entries(events)) {
    const outlook = d.next[event as NextEvent];
    if (outlook !== undefined) rows.push(row(label(inUnit(d.more, unit)), outlook));
  }
  print(`\n${table(head, rows)}`);
  print(
    `\nstill needed: time per running unit, with no further failure, until the lower bound is ${inUnit(life, unit)}`,
  );
}

function assumptions(d: Decision, q: DecideQuestion, unit: string | undefined): string[] {
  const { lower, estimate, upper } = d.shape;
  const three = (x: number) => number(Number(x.toPrecision(3)));
  const lines = [
    "known" in q.shape
      ? `assumed: Weibull of shape ${number(q.shape.known)}; hazard at the required life with a flat prior`
      : `assumed: Weibull, prior of the shape 90 % within ${number(q.shape.lower)} to ${number(q.shape.upper)}, now ${three(estimate)} (${three(lower)} to ${three(upper)}); hazard at the required life with a flat prior`,
  ];
  if (q.earlier !== undefined) {
    lines.push(
      `assumed: an earlier test of the same design with ${plural(q.earlier.failures, "failure")} and ${inUnit(q.earlier.life, unit)}`,
    );
  }
  const { rule } = q;
  if (rule !== undefined) {
    const end =
      rule.kind === "time"
        ? `${inUnit(rule.time, unit)} each`
        : `exposure ${number(rule.exposure)}`;
    lines.push(`plan: ${end}, pass with at most ${plural(rule.failures, "failure")}`);
  }
  return lines;
}
