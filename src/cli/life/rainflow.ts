import type { Command } from "commander";
import { Document, isMap, isScalar, visit } from "yaml";
import { WearoutError } from "../../base/error.js";
import { dimensionOf, formatQuantity } from "../../base/quantity.js";
import { type BlockProgramme, blockProgramme } from "../../life/block-programme.js";
import { RainflowCounter } from "../../life/rainflow.js";
import { RainflowTally } from "../../life/rainflow-tally.js";
import { refuse, type WarningCode } from "../../life/warning.js";
import { wholeNumber } from "../option.js";
import { json, table } from "../output.js";
import { quantityOption } from "../quantity-option.js";
import type { Shell } from "../shell.js";
import { number, positive, warningLines } from "./data.js";
import { type LoadColumn, openLoadHistory } from "./load-history.js";

type Options = {
  column?: string;
  slope: string;
  blocks: string;
  role?: string;
  unit?: string;
  cycle: string;
  json?: boolean;
};

export function addLifeRainflow(life: Command, shell: Shell): void {
  life
    .command("rainflow <file>")
    .description("cycles of a load history (ASTM E1049), Miner damage, block programme")
    .option("--column <name>", "which column holds the load (default: the only one)")
    .option("--slope <m>", "of the S-N curve: damage of a cycle goes with range^m", "3")
    .option("--blocks <n>", "how many bins of ranges, each one block of the programme", "8")
    .option("--role <name>", "role of the steps (default: the column's name)")
    .option("--unit <unit>", "of the loads (default: from the column's name, as torque_Nm)")
    .option("--cycle <time>", "length of one cycle of the steps", "10s")
    .option("--json", "as JSON")
    .addHelpText("after", help)
    .action(shell.action((path: string, options: Options) => run(shell, path, options)));
}

const help = `
FILE is a CSV with a header, or one column of numbers; an export of a run too; - is standard input.
A file is read twice, value by value, so its length does not matter; standard input is kept. Empty cells are passed over. Lines that start with # are comments.

Examples:
  wearout run export demo-d --format csv > run.csv
  wearout life rainflow run.csv --column output-torque --slope 3.33 --blocks 8
  wearout life rainflow torque.csv --slope 5 --unit Nm --role output-torque --json

The steps go under steps: of a profile that has the role; see docs/statistics.md for what is kept.`;

type Result = {
  method: "astm-e1049-rainflow";
  column: string;
  unit?: string;
  values: number;
  missing: number;
  reversals: number;
  minimum: number;
  maximum: number;
  cycles: number;
  largestRange: number;
  ranges?: { range: number; count: number }[];
  histogram: { rangeEdges: number[]; meanEdges: number[]; counts: number[][] };
  damage: ReturnType<RainflowTally["damage"]>;
  programme: BlockProgramme & { steps?: object[] };
  warnings: WarningCode[];
};

/** Segments of a profile are limited; each cycle of the programme has two. */
const mostProgrammeCycles = 100_000;

function run(shell: Shell, path: string, o: Options): number {
  const slope = positive("--slope", o.slope);
  const bins = wholeNumber("--blocks", o.blocks, 1, 200);
  const cycleMs = quantityOption("--cycle", o.cycle, "time");
  if (o.unit !== undefined && dimensionOf(o.unit) === undefined) {
    throw new WearoutError("USAGE", `--unit: found "${o.unit}", expected a unit, as Nm or kN`);
  }
  const history = openLoadHistory(path, o.column);
  const extent = { minimum: Number.POSITIVE_INFINITY, maximum: Number.NEGATIVE_INFINITY };
  const { values, missing } = history.read((v) => {
    if (v < extent.minimum) extent.minimum = v;
    if (v > extent.maximum) extent.maximum = v;
  });
  if (values === 0) history.refuseEmpty(missing);
  if (!(extent.maximum > extent.minimum)) refuse("NO_CYCLE");
  const tally = new RainflowTally(extent, bins, slope);
  const counter = new RainflowCounter((cycle) => tally.add(cycle));
  history.read((v) => counter.add(v));
  counter.end();
  const unit = o.unit ?? history.column.unit;
  const programme = blockProgramme(tally);
  const role = o.role ?? roleOf(history.column);
  const warnings: WarningCode[] = [];
  if (missing > 0) warnings.push("READINGS_MISSING");
  if (programme.cycles > mostProgrammeCycles) warnings.push("PROGRAMME_LONG");
  const ranges = tally.ranges();
  const result: Result = {
    method: "astm-e1049-rainflow",
    column: history.column.title,
    ...(unit === undefined ? {} : { unit }),
    values,
    missing,
    reversals: counter.reversals,
    ...extent,
    cycles: tally.cycles,
    largestRange: tally.largest,
    ...(ranges === undefined ? {} : { ranges }),
    histogram: histogramOf(tally, bins),
    damage: tally.damage(),
    programme: {
      ...programme,
      ...(unit === undefined ? {} : { steps: stepsOf(programme, role, unit, cycleMs) }),
    },
    warnings,
  };
  if (o.json === true) shell.out.print(json(result));
  else print(shell, result);
  return 0;
}

/** `s1.torque` of station 1 is the role `torque`. */
function roleOf(column: LoadColumn): string {
  return column.name.slice(column.name.lastIndexOf(".") + 1);
}

function histogramOf(tally: RainflowTally, bins: number): Result["histogram"] {
  const { minimum, maximum } = tally.extent;
  const edges = (from: number) =>
    Array.from({ length: bins + 1 }, (_, i) => from + ((maximum - minimum) * i) / bins);
  return { rangeEdges: edges(0), meanEdges: edges(minimum), counts: tally.counts };
}

function stepsOf(p: BlockProgramme, role: string, unit: string, cycleMs: number): object[] {
  const to = (value: number) => `${Number(value.toPrecision(8))} ${unit}`;
  const over = formatQuantity(cycleMs / 2, "s");
  return p.blocks.map((b, i) => ({
    name: `block ${i + 1} of ${p.blocks.length}`,
    repeat: b.cycles,
    steps: [
      { ramp: { to: { [role]: to(b.maximum) }, over } },
      { ramp: { to: { [role]: to(b.minimum) }, over } },
    ],
  }));
}

function print({ out }: Shell, r: Result): void {
  const unit = r.unit === undefined ? "" : ` ${r.unit}`;
  out.print(`rainflow count of ${r.column} (ASTM E1049-85, 5.4.4)`);
  const spread = `from ${number(r.minimum)} to ${number(r.maximum)}${unit}`;
  out.print(`${r.values} values ${spread}, ${r.reversals} turning points`);
  out.print(`cycles: ${r.cycles}, half ones counted as halves\n`);
  out.print(table(["range", "cycles"], rangeRows(r)));
  const d = r.damage;
  out.print(`\ndamage with slope ${number(d.slope)} (Palmgren-Miner, sum of cycles x range^m)`);
  out.print(
    table(
      ["", "value"],
      [
        ["sum", number(d.sum)],
        ["equivalent constant amplitude", `${number(d.equivalentAmplitude)}${unit}`],
        ["as cycles of the largest range", number(d.cyclesAtLargest)],
      ],
    ),
  );
  printProgramme(out, r, unit);
  for (const line of warningLines(r.warnings)) out.talk(line);
}

/** Each range by itself where they are few, else by bin. */
function rangeRows(r: Result): string[][] {
  if (r.ranges !== undefined && r.ranges.length <= 12) {
    return r.ranges.map(({ range, count }) => [number(range), String(count)]);
  }
  const { rangeEdges, counts } = r.histogram;
  return counts.map((line, i) => [
    `above ${number(rangeEdges[i]!)} to ${number(rangeEdges[i + 1]!)}`,
    String(line.reduce((s, c) => s + c, 0)),
  ]);
}

function printProgramme(out: Shell["out"], r: Result, unit: string): void {
  const { histories, cycles, blocks, steps } = r.programme;
  const passes = histories === 1 ? "one pass" : "two passes";
  out.print(`\nblock programme, cycles: ${cycles}, the damage of ${passes} of the history`);
  const rows = blocks.map((b, i) => [
    String(i + 1),
    String(b.cycles),
    number(b.minimum),
    number(b.maximum),
    number(b.range),
  ]);
  out.print(table(["block", "cycles", `from${unit}`, `to${unit}`, "range"], rows));
  if (steps === undefined) out.talk("steps for a profile need the unit of the load: --unit");
  else out.print(`\n${yamlOf(steps)}`);
}

/** As people write profiles: a ramp on one line. */
function yamlOf(steps: object[]): string {
  const document = new Document({ steps });
  visit(document, {
    Pair(_, { key, value }) {
      if (isScalar(key) && key.value === "ramp" && isMap(value)) value.flow = true;
    },
  });
  return document.toString({ lineWidth: 100 }).trimEnd();
}
