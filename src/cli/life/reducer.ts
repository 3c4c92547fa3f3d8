import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import type { Dimension } from "../../base/quantity.js";
import {
  type ReducerKind,
  type ReducerLife,
  type ReducerLimits,
  reducerKinds,
  reducerLife,
  ruleShaft,
} from "../../life/reducer.js";
import { parseSpectrum } from "../../life/spectrum-csv.js";
import { ratingsOf } from "../../profile/check-product.js";
import type { Product } from "../../profile/product.js";
import { oneOf } from "../option.js";
import { json, table } from "../output.js";
import { productOf } from "../product.js";
import { optionalQuantity } from "../quantity-option.js";
import type { Shell } from "../shell.js";
import { number, readText, warningLines } from "./data.js";

type Options = {
  kind?: string;
  product?: string;
  ratedTorque?: string;
  ratedSpeed?: string;
  life?: string;
  torque?: string;
  speed?: string;
  speedAt?: string;
  ratio?: string;
  spectrum?: string;
  averageTorque?: string;
  peakTorque?: string;
  momentaryTorque?: string;
  maxSpeed?: string;
  json?: boolean;
};

export function addLifeReducer(life: Command, shell: Shell): void {
  life
    .command("reducer")
    .description("rated life of a strain wave (harmonic) or RV reducer by its maker's rule")
    .option("--kind <kind>", reducerKinds.join(" or "))
    .option("--product <kind/designation>", "take kind and ratings from a product of the site")
    .option("--rated-torque <torque>", "at the output, as 40Nm")
    .option("--rated-speed <speed>", "harmonic: of the input shaft; rv: of the output shaft")
    .option("--life <time>", "rated life. harmonic: Ln, an L50; rv: K, an L10 (default 6000 h)")
    .option("--torque <torque>", "constant torque at the output")
    .option("--speed <speed>", "constant speed")
    .option("--spectrum <file>", "CSV instead: torque, speed, share of time, name; - for stdin")
    .option("--speed-at <shaft>", "shaft of --speed and of the spectrum: input or output")
    .option("--ratio <ratio>", "of the reducer, when speeds are of the other shaft")
    .option("--average-torque <torque>", "limit for average torque, to be warned")
    .option("--peak-torque <torque>", "limit for repeated peaks (harmonic), starting (rv)")
    .option("--momentary-torque <torque>", "limit for collisions and emergency stops")
    .option("--max-speed <speed>", "limit of the rated shaft")
    .option("--json", "as JSON")
    .addHelpText("after", help)
    .action(shell.action((options: Options) => run(shell, options)));
}

const help = `
Examples:
  wearout life reducer --kind harmonic --rated-torque 40Nm --rated-speed 2000rpm --life 35000h \\
      --torque 60Nm --speed 1500rpm
  wearout life reducer --product rv-reducer/rv-20e-81 --spectrum joint.csv --json
  printf 'name,torque,speed,share\\nstart,400,7,0.3\\nrun,320,14,3\\nstop,200,7,0.4\\nrest,0,0,0.2\\n' |
      wearout life reducer --kind harmonic --rated-torque 294Nm --rated-speed 2000rpm --life 35000h \\
      --spectrum - --speed-at output --ratio 120

Speeds are those of the shaft that the rule counts (harmonic: input, rv: output), unless --speed-at and
--ratio say otherwise. In a spectrum torques are in Nm and speeds in rpm unless column or cell say so;
a rest is a row with speed 0.`;

function run(shell: Shell, o: Options): number {
  const product = o.product === undefined ? undefined : productOf(o.product, shell.site()).product;
  const kind = kindOf(o, product);
  const known = product === undefined ? {} : ratingsOf(product);
  const rating = (name: string, written: string | undefined, dimension: Dimension, from: string) =>
    optionalQuantity(name, written, dimension) ?? known[from]?.value;
  const rated = {
    torqueNm:
      rating("--rated-torque", o.ratedTorque, "torque", "rated-torque") ??
      missing("--rated-torque"),
    speedRpm:
      rating("--rated-speed", o.ratedSpeed, "speed", "rated-speed") ?? missing("--rated-speed"),
    lifeMs: rating("--life", o.life, "time", "rated-life") ?? lifeOf(kind),
  };
  const perRule = speedFactor(o, kind, rating("--ratio", o.ratio, "ratio", "ratio"));
  const spectrum = partsOf(o).map((p) => ({ ...p, speedRpm: p.speedRpm * perRule }));
  const peak = kind === "harmonic" ? "repeated-peak-torque" : "acceleration-torque";
  const most = kind === "harmonic" ? "max-input-speed" : "max-output-speed";
  const limits: ReducerLimits = defined({
    averageTorqueNm: rating("--average-torque", o.averageTorque, "torque", "average-torque"),
    peakTorqueNm: rating("--peak-torque", o.peakTorque, "torque", peak),
    momentaryTorqueNm: rating(
      "--momentary-torque",
      o.momentaryTorque,
      "torque",
      "momentary-peak-torque",
    ),
    maxSpeedRpm: rating("--max-speed", o.maxSpeed, "speed", most),
  });
  const result = reducerLife({ kind, rated, spectrum, limits });
  if (o.json === true) shell.out.print(json({ ...result, limits, product: product?.product }));
  else print(shell, result);
  return 0;
}

function usage(message: string): never {
  throw new WearoutError("USAGE", message);
}

function missing(option: string): never {
  return usage(`${option}: found nothing, expected the maker's rating, or --product`);
}

function defined<T extends object>(o: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(o).filter(([, v]) => v !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function kindOf(o: Options, product: Product | undefined): ReducerKind {
  if (product === undefined) {
    if (o.kind === undefined) usage("--kind: found nothing, expected harmonic or rv, or --product");
    return oneOf("--kind", o.kind, reducerKinds);
  }
  const kind = reducerKinds.find((k) => `${k}-reducer` === product.kind);
  if (kind === undefined) usage(`--product: ${product.product} is no harmonic or RV reducer`);
  if (o.kind !== undefined && o.kind !== kind) usage(`--kind: ${product.product} is ${kind}`);
  return kind;
}

/** Nabtesco rates all its RV gears for 6000 h; strain wave gears differ by series. */
function lifeOf(kind: ReducerKind): number {
  if (kind === "rv") return 6000 * 3.6e6;
  return usage(
    "--life: found nothing, expected Ln of the series, as 35000 h (CSF) or 50000 h (CSG)",
  );
}

/** From the shaft of the given speeds to the shaft of the rule. */
function speedFactor(o: Options, kind: ReducerKind, ratio: number | undefined): number {
  const shaft = ruleShaft[kind];
  const at = o.speedAt === undefined ? shaft : oneOf("--speed-at", o.speedAt, ["input", "output"]);
  if (at === shaft) return 1;
  if (ratio === undefined) usage(`--speed-at ${at}: the rule counts the ${shaft} shaft; --ratio`);
  return kind === "harmonic" ? ratio : 1 / ratio;
}

function partsOf(o: Options) {
  if (o.spectrum === undefined) {
    const load = optionalQuantity("--torque", o.torque, "torque");
    const speedRpm = optionalQuantity("--speed", o.speed, "speed");
    if (load === undefined || speedRpm === undefined) {
      usage("found no load, expected --torque and --speed, or --spectrum");
    }
    return [{ load, speedRpm, share: 1, name: "constant" }];
  }
  if (o.torque !== undefined || o.speed !== undefined) {
    usage("--spectrum or --torque and --speed, not both");
  }
  const { text, source } = readText(o.spectrum);
  return parseSpectrum(text, source);
}

const rules = {
  harmonic: "L50 = Ln (Nr/Nav) (Tr/Tav)^3, L10 = L50/5; wave generator bearing",
  rv: "L10 = K (N0/Nm) (T0/Tm)^(10/3)",
};

function print({ out }: Shell, r: ReducerLife): void {
  out.print(`${r.kind} reducer: ${rules[r.kind]}\n`);
  const { rated, average, shaft } = r;
  const rows = [
    [
      "rated",
      number(rated.torqueNm),
      number(rated.speedRpm),
      `${rated.lifeIs} ${number(rated.lifeHours)} h`,
    ],
    ["average", number(average.torqueNm), number(average.speedRpm), ""],
  ];
  out.print(table(["", "torque, Nm", `${shaft} shaft, rpm`, "life"], rows));
  const lives = Object.entries(r.life).map(([name, l]) => [
    name,
    number(l.hours),
    number(l.millionTurns),
  ]);
  out.print(`\n${table(["life", "hours", `million turns of the ${shaft}`], lives)}`);
  if (r.parts.length > 1) {
    const percent = (share: number) => `${number(Number((100 * share).toPrecision(4)))} %`;
    const parts = r.parts.map((p) => [
      p.name,
      number(p.torqueNm),
      number(p.speedRpm),
      percent(p.timeShare),
      percent(p.damageShare),
    ]);
    out.print(`\n${table(["part", "torque, Nm", `${shaft}, rpm`, "time", "damage"], parts)}`);
  }
  for (const line of warningLines(r.warnings)) out.talk(line);
}
