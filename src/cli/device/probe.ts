import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import type { PointCodec } from "../../device/codec.js";
import type { DeviceType, Point } from "../../device/device-type.js";
import { loadDeviceType } from "../../device/load.js";
import { decodeText } from "../../device/text.js";
import { valueWords } from "../../device/value-words.js";
import { addLineOptions } from "../line/options.js";
import { hexAddress, hexWords } from "../line/raw-value.js";
import { collect } from "../option.js";
import { json, wrapped } from "../output.js";
import type { Shell } from "../shell.js";
import { type Decoding, decodingText, plausibleDecodings } from "./decoding.js";
import { identify, mustBeOfType, type Verdict } from "./identify.js";
import {
  codecsOf,
  type DeviceOptions,
  factorFor,
  failIfSilent,
  type PointWords,
  pointWords,
  readablePoints,
  readBlocks,
  withUnit,
} from "./read.js";

export function addDeviceProbe(device: Command, shell: Shell): void {
  const probe = device
    .command("probe <type>")
    .description(
      "read all points of a real unit: raw words, what they may mean, what the type says",
    );
  addLineOptions(probe, "the type's")
    .option("--parameter <name=quantity>", "of the type, as full-scale=100Nm", collect, [])
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Reads only. Ends with 4 when the identity checks of the type do not pass.

Examples:
  wearout device probe eastron/sdm630 --tcp 127.0.0.1:1502 --unit 5
  wearout device probe omron/e5cc --serial /dev/serial/by-id/usb-x --baud 19200 --format 8E1 --unit 2`,
    )
    .action(
      shell.action((name: string, options: DeviceOptions) => probeUnit(shell, name, options)),
    );
}

function probeUnit(shell: Shell, name: string, options: DeviceOptions): Promise<number> {
  const type = loadDeviceType(name, shell.site().devices);
  const { codecs, missing } = codecsOf(type, options);
  return withUnit(options, type, async (read, unit) => {
    const verdict = await identify(type, read);
    const blocks = await readBlocks(type, readablePoints(type), read);
    failIfSilent(blocks, unit);
    const points = pointWords(type, codecs, blocks);
    const probed = points.map((point) => probedPoint(type, point, codecs, points));
    show(shell, type, unit, verdict, probed, options);
    for (const parameter of missing) {
      shell.out.talk(`values that need it are unknown without --parameter ${parameter}=...`);
    }
    mustBeOfType(verdict, unit, name);
    return 0;
  });
}

type Probed = {
  point: string;
  table: Point["table"];
  address: number;
  words?: number[];
  /** By the definition, in its unit; null where it makes none of the words. */
  value?: number | string | null;
  unit: string;
  as: string;
  quality?: string;
  /** With its unit, or the words of its enum and bits. */
  text?: string;
  decodings?: Decoding[];
  fault?: string;
};

function probedPoint(
  type: DeviceType,
  read: PointWords,
  codecs: ReadonlyMap<string, PointCodec>,
  points: readonly PointWords[],
): Probed {
  const codec = codecs.get(read.name);
  const point = type.points[read.name];
  if (codec === undefined || point === undefined) {
    throw new WearoutError("DEFECT", `${read.name} is a point of ${type.type}`);
  }
  const { table: name, address, unit } = point;
  const as = `${point.as} ${point.order ?? ""}`.trim();
  const head = { point: read.name, table: name, address, as, unit };
  if ("fault" in read) return { ...head, fault: read.fault };
  const { words } = read;
  const bits = name === "coil" || name === "discrete";
  const decodings = bits ? [] : plausibleDecodings(words);
  if (point.as === "ascii")
    return { ...head, words, value: decodeText(point, words, 0), decodings };
  const { value, quality } = codec.decode(words, 0, factorFor(codec, codecs, points));
  if (Number.isNaN(value)) return { ...head, words, value: null, quality, decodings };
  const text = valueWords(point, value);
  return { ...head, words, value: codec.word(value) ?? value, quality, text, decodings };
}

function show(
  shell: Shell,
  { type }: DeviceType,
  unit: number,
  { is, detail }: Verdict,
  points: readonly Probed[],
  options: DeviceOptions,
): void {
  if (options.json === true) {
    shell.out.print(json({ type, unit, identity: { verdict: is, detail }, points }));
    return;
  }
  const [first = "", ...more] = wrapped(
    `identity: ${inWords[is]}${detail === "" ? "" : ` (${detail})`}`,
    screen,
    "",
  );
  for (const line of [first, ...more, ""]) shell.out.print(line);
  const names = Math.max(...points.map(({ point }) => point.length));
  for (const point of points) for (const line of lines(point, names)) shell.out.print(line);
}

/** So wide is every terminal. */
const screen = 80;

const inWords: Record<Verdict["is"], string> = {
  right: "right",
  weak: "plausible",
  wrong: "WRONG",
  silent: "no answer",
  unknown: "cannot be checked",
};

/** The point with its value, and below it the words they were made of and what else these may mean. */
function lines(p: Probed, names: number): string[] {
  const head = `${p.point.padEnd(names)}  ${`${p.table} ${hexAddress(p.address)}`.padEnd(15)}`;
  if (p.words === undefined) return wrapped(`${head}  ${p.fault ?? "-"}`, screen, "");
  const value = p.value === null ? `no value (${p.quality})` : (p.text ?? rounded(p.value ?? "-"));
  const others = decodingText(p.decodings ?? []);
  const also = others === "" ? "" : `; may also be ${others}`;
  return [
    ...wrapped(`${head}  ${value}`, screen, ""),
    ...wrapped(`raw ${hexWords(p.words)} as ${p.as}${also}`, screen, "    "),
  ];
}

/** Single floats carry seven digits; the rest is noise of their conversion. */
function rounded(value: number | string): string {
  return typeof value === "string" ? value : String(Number(value.toPrecision(10)));
}
