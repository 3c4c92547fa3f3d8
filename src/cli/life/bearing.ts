import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import type { Quantity } from "../../base/quantity.js";
import { formatNumber, parseQuantity } from "../../base/quantity.js";
import { type BearingLife, type BearingQuestion, bearingLife } from "../../life/bearing.js";
import {
  type BearingType,
  bearingTypes,
  cleanlinessClasses,
  deepGrooveFactors,
} from "../../life/iso281.js";
import { ratingsOf } from "../../profile/check-product.js";
import type { Product } from "../../profile/product.js";
import { oneOf } from "../option.js";
import { json, table } from "../output.js";
import { productOf } from "../product.js";
import { optionalQuantity, quantityOption } from "../quantity-option.js";
import type { Shell } from "../shell.js";
import { number, positive, warningLines } from "./data.js";

type Options = {
  product?: string;
  type?: string;
  c?: string;
  c0?: string;
  cu?: string;
  p?: string;
  fr?: string;
  fa?: string;
  x?: string;
  y?: string;
  f0?: string;
  speed?: string;
  dm?: string;
  viscosity?: string;
  kappa?: string;
  eC?: string;
  cleanliness?: string;
  reliability: string;
  json?: boolean;
};

export function addLifeBearing(life: Command, shell: Shell): void {
  life
    .command("bearing")
    .description("basic and modified rating life of a rolling bearing (ISO 281:2007)")
    .option("--product <kind/designation>", "take type, C, C0 and Cu from a product of the site")
    .option("--type <type>", bearingTypes.join(", "))
    .option("--c <force>", "basic dynamic load rating C, as 55.3kN")
    .option("--c0 <force>", "basic static load rating C0")
    .option(
      "--cu <force>",
      "fatigue load limit Cu (Pu in some catalogues); else estimated from --c0",
    )
    .option("--p <force>", "equivalent dynamic load P; or --fr and --fa")
    .option("--fr <force>", "radial load")
    .option("--fa <force>", "axial load")
    .option("--x <factor>", "of the radial load, from the bearing's table")
    .option("--y <factor>", "of the axial load, from the bearing's table")
    .option("--f0 <factor>", "deep groove ball bearings: X and Y by ISO 281 table 3 from f0 and C0")
    .option("--speed <speed>", "as 3000rpm; without it lives are in revolutions only")
    .option("--dm <length>", "pitch diameter; default with --product: mean of bore and outside")
    .option("--viscosity <viscosity>", 'of the oil when warm, as "20 mm2/s"')
    .option("--kappa <ratio>", "viscosity ratio, instead of --viscosity and --dm")
    .option("--e-c <factor>", "contamination factor, 0 to 1")
    .option("--cleanliness <class>", `instead of --e-c: ${cleanlinessClasses.join(", ")}`)
    .option("--reliability <r>", "0.90 to 0.9995", "0.90")
    .option("--json", "as JSON")
    .addHelpText("after", examples)
    .action(shell.action((options: Options) => run(shell, options)));
}

const examples = `
Examples:
  wearout life bearing --type radial-ball --c 55.3kN --p 10kN --speed 3000rpm
  wearout life bearing --type radial-ball --c 55.3kN --cu 1.34kN --p 10kN --speed 3000rpm \\
      --viscosity "20 mm2/s" --dm 72.5mm --e-c 0.8 --reliability 0.95
  wearout life bearing --product ball-bearing/6208 --fr 4kN --fa 1kN --f0 14 --speed 1500rpm
  wearout life bearing --product roller-bearing/n-208 --p 12kN --speed 1500rpm \\
      --viscosity "32 mm2/s" --cleanliness grease-normal --json

Without --kappa or --viscosity the life is a1 L10; with them it is a1 aISO L10.
Cleanliness: extreme to very-severe are the guide values of table 13 (lower end of the range); oil- and
grease- classes are computed by annex A, the codes are of ISO 4406.`;

function run(shell: Shell, o: Options): number {
  const product = o.product === undefined ? undefined : productOf(o.product, shell.site()).product;
  const { question, load } = questionOf(o, product);
  const result = bearingLife(question);
  // The pitch diameter counts in nu1 and in the eC of a cleanliness class.
  const pitchUsed = result.nu1Mm2s !== undefined || o.cleanliness !== undefined;
  if (pitchUsed && o.dm === undefined && pitchOf(product)?.isMean === true) {
    result.warnings.push("PITCH_FROM_BOUNDARY");
  }
  const inputs = { ...question, ...(load ?? {}), product: product?.product };
  if (o.json === true) shell.out.print(json({ ...result, inputs }));
  else print(shell, result, question, load);
  return 0;
}

type Combined = { frN: number; faN: number; x: number; y: number };

function questionOf(o: Options, product: Product | undefined) {
  const known = product === undefined ? {} : ratingsOf(product);
  const type = o.type === undefined ? typeOf(product) : oneOf("--type", o.type, bearingTypes);
  const c0N = optionalQuantity("--c0", o.c0, "force") ?? known["C0"]?.value;
  const load = combinedLoad(o, type, c0N);
  const cN = optionalQuantity("--c", o.c, "force") ?? known["C"]?.value;
  if (cN === undefined) usage("--c: found nothing, expected the load rating C or --product");
  const question: BearingQuestion = {
    type,
    cN,
    pN: load === undefined ? loadOf(o) : Math.max(load.frN * load.x + load.faN * load.y, 0),
    ...defined({
      c0N,
      cuN: optionalQuantity("--cu", o.cu, "force") ?? known["Pu"]?.value,
      speedRpm: optionalQuantity("--speed", o.speed, "speed"),
      pitchMm: optionalQuantity("--dm", o.dm, "length") ?? pitchOf(product)?.mm,
      viscosityMm2s: optionalQuantity("--viscosity", o.viscosity, "viscosity"),
      kappa: optionalQuantity("--kappa", o.kappa, "ratio"),
      contamination: contaminationOption(o),
    }),
    reliability: positive("--reliability", o.reliability, 1),
  };
  return { question, load };
}

function usage(message: string): never {
  throw new WearoutError("USAGE", message);
}

/** Without the keys that are undefined. */
function defined<T extends object>(o: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(o).filter(([, v]) => v !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function typeOf(product: Product | undefined): BearingType {
  if (product?.kind === "ball-bearing") return "radial-ball";
  if (product?.kind === "roller-bearing") return "radial-roller";
  if (product !== undefined) usage(`--product: ${product.product} is no bearing`);
  return usage(`--type: found nothing, expected one of ${bearingTypes.join(", ")}, or --product`);
}

function loadOf(o: Options): number {
  if (o.p === undefined)
    usage("--p: found nothing, expected the equivalent load, or --fr and --fa");
  return quantityOption("--p", o.p, "force");
}

/** P = X Fr + Y Fa (ISO 281:2007), with the factors given or those of table 3. */
function combinedLoad(
  o: Options,
  type: BearingType,
  c0N: number | undefined,
): Combined | undefined {
  if (o.fr === undefined && o.fa === undefined) return undefined;
  if (o.p !== undefined) usage("--p or --fr and --fa, not both");
  const frN = optionalQuantity("--fr", o.fr, "force") ?? 0;
  const faN = optionalQuantity("--fa", o.fa, "force") ?? 0;
  if (faN === 0 && o.x === undefined) return { frN, faN, x: 1, y: 0 };
  if (o.x !== undefined && o.y !== undefined) {
    return { frN, faN, x: factor("--x", o.x), y: factor("--y", o.y) };
  }
  if (o.f0 === undefined) usage("--fa needs --x and --y, or --f0 for a deep groove ball bearing");
  if (type !== "radial-ball")
    usage("--f0: table 3 is of deep groove ball bearings; give --x and --y");
  if (c0N === undefined) usage("--f0 needs the static load rating, --c0");
  const relative = (positive("--f0", o.f0) * faN) / c0N;
  return { frN, faN, ...deepGrooveFactors(relative, frN === 0 ? Infinity : faN / frN) };
}

function factor(name: string, text: string): number {
  return text.trim() === "0" ? 0 : positive(name, text);
}

/** Pitch diameter of a product: its own, or the mean of bore and outside diameter. */
function pitchOf(product: Product | undefined): { mm: number; isMean: boolean } | undefined {
  const mm = (name: string) => length(parseQuantity(product?.geometry?.[name]?.value ?? ""));
  const [pitch, bore, outside] = [mm("pitch-diameter"), mm("bore"), mm("outside-diameter")];
  if (pitch !== undefined) return { mm: pitch, isMean: false };
  if (bore === undefined || outside === undefined) return undefined;
  return { mm: (bore + outside) / 2, isMean: true };
}

function length(q: Quantity | undefined): number | undefined {
  return q?.dimension === "length" ? q.value : undefined;
}

function contaminationOption(o: Options): BearingQuestion["contamination"] {
  if (o.eC !== undefined && o.cleanliness !== undefined) usage("--e-c or --cleanliness, not both");
  if (o.cleanliness !== undefined) {
    return { cleanliness: oneOf("--cleanliness", o.cleanliness, cleanlinessClasses) };
  }
  if (o.eC === undefined) return undefined;
  const eC = factor("--e-c", o.eC);
  return eC <= 1 ? { eC } : usage(`--e-c: found "${o.eC}", expected a number from 0 to 1`);
}

/** Where the standard gives the basic rating life of each type. */
const lifeClause: Record<BearingType, string> = {
  "radial-ball": "5.3",
  "thrust-ball": "6.3",
  "radial-roller": "7.3",
  "thrust-roller": "8.3",
};

function print(
  { out }: Shell,
  r: BearingLife,
  q: BearingQuestion,
  load: Combined | undefined,
): void {
  const rows: string[][] = [];
  const row = (...cells: string[]) => rows.push(cells);
  if (load !== undefined) {
    row("P = X Fr + Y Fa", `${number(q.pN / 1000)} kN`, `X ${load.x}, Y ${number(load.y)}`);
  }
  row("C / P", number(r.loadRatio), "");
  row("p", formatNumber(r.exponent), `ISO 281:2007, ${lifeClause[r.type]}`);
  row("a1", number(r.a1), `${number(r.reliability * 100)} % reliability; ${r.a1Source}`);
  if (r.nu1Mm2s !== undefined) row("nu1", `${number(r.nu1Mm2s)} mm2/s`, "ISO 281:2007, 9.3.3");
  if (r.aISO !== undefined) {
    row("kappa", number(r.kappa!), r.nu1Mm2s === undefined ? "given" : "nu / nu1");
    row("Cu", `${number(r.cuN! / 1000)} kN`, r.cuSource!);
    const range = r.eCRange === undefined ? "" : ` (${r.eCRange.join(" to ")})`;
    row("eC", number(r.eC!), `${r.eCSource}${range}`);
    row("aISO", number(r.aISO), `ISO 281:2007, equation ${r.aISOEquation}`);
  }
  out.print(`${r.type} bearing, rating life by ISO 281:2007\n`);
  out.print(table(["", "value", "from"], rows));
  const n = number(100 - r.reliability * 100);
  const lives = [lifeRow("L10", r.l10, "basic rating life")];
  const how = r.aISO === undefined ? "a1 L10; no lubrication given" : "a1 aISO L10";
  if (r.aISO !== undefined || r.a1 !== 1) {
    lives.push(lifeRow(`L${n}${r.aISO === undefined ? "" : "m"}`, r.lnm, how));
  }
  out.print(`\n${table(["life", "million turns", "hours", ""], lives)}`);
  for (const line of warningLines(r.warnings)) out.talk(line);
}

function lifeRow(name: string, l: BearingLife["l10"], how: string): string[] {
  return [name, number(l.millionRevolutions), l.hours === undefined ? "-" : number(l.hours), how];
}
