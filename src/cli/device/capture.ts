import type { Command } from "commander";
import { RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import { suggest } from "../../base/schema.js";
import type { PointCodec } from "../../device/codec.js";
import type { DeviceType } from "../../device/device-type.js";
import { loadDeviceType } from "../../device/load.js";
import { functionCode } from "../../device/request.js";
import { encodeException, encodeReply, encodeRequest } from "../../device/rtu-frame.js";
import { addLineOptions } from "../line/options.js";
import { hexBytes, hexWords } from "../line/raw-value.js";
import { collect } from "../option.js";
import type { Shell } from "../shell.js";
import { identify, mustBeOfType } from "./identify.js";
import {
  type BlockRead,
  codecsOf,
  type DeviceOptions,
  factorFor,
  failIfSilent,
  pointWords,
  readablePoints,
  readBlocks,
  withUnit,
} from "./read.js";

type CaptureOptions = DeviceOptions & { points: string };

export function addDeviceCapture(device: Command, shell: Shell): void {
  const capture = device
    .command("capture <type>")
    .description("a real unit's answers as examples to paste into its device type file")
    .requiredOption("--points <a,b>", "points to read");
  addLineOptions(capture, "the type's")
    .option("--parameter <name=quantity>", "of the type, as full-scale=100Nm", collect, [])
    .addHelpText(
      "after",
      `
Reads only. Frames of Modbus TCP are given as the RTU frames of the same content.

Examples:
  wearout device capture eastron/sdm630 --tcp 127.0.0.1:1502 --unit 5 --points voltage-l1,frequency
  wearout device capture omron/e5cc --serial /dev/serial/by-id/usb-x --unit 2 --points pv,status`,
    )
    .action(shell.action((name: string, options: CaptureOptions) => run(shell, name, options)));
}

function run(shell: Shell, name: string, options: CaptureOptions): Promise<number> {
  const type = loadDeviceType(name, shell.site().devices);
  const { codecs, given, missing } = codecsOf(type, options);
  const names = wantedPoints(type, codecs, options.points);
  const lacks = names.map((n) => type.points[n]?.times).find((t) => t && missing.includes(t));
  if (lacks) throw new WearoutError("USAGE", `say what it is: --parameter ${lacks}=QUANTITY`);
  return withUnit(options, type, async (read, unit) => {
    const verdict = await identify(type, read);
    mustBeOfType(verdict, unit, name);
    const blocks = await readBlocks(type, names, read);
    failIfSilent(blocks, unit);
    const date = new Date(new RealClock().wall()).toISOString().slice(0, 10);
    const from = `captured ${date} from unit ${unit} over ${wire(options)}`;
    const entries = blocks.map((block) =>
      entry({ type, codecs, blocks, from, unit, given }, block),
    );
    shell.out.print(["examples:", ...entries.flat()].join("\n"));
    return 0;
  });
}

function wire({ tcp }: DeviceOptions): string {
  return tcp === undefined ? "Modbus RTU" : "Modbus TCP (as RTU frames)";
}

/** The points asked for, and those whose registers scale them: a value needs both. */
function wantedPoints(
  type: DeviceType,
  codecs: ReadonlyMap<string, PointCodec>,
  list: string,
): string[] {
  const known = readablePoints(type);
  const names = list.split(",").map((name) => name.trim());
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new WearoutError("USAGE", `--points: found "${name}", expected ${suggest(name, known)}`);
  }
  const sources = names.flatMap((name) => codecs.get(name)?.scaleFrom ?? []);
  return [...new Set([...names, ...sources])];
}

type Capture = {
  type: DeviceType;
  codecs: ReadonlyMap<string, PointCodec>;
  blocks: readonly BlockRead[];
  from: string;
  unit: number;
  given: Readonly<Record<string, string>>;
};

/** Lines of one example; what the frames cannot prove stands in a comment. */
function entry(capture: Capture, { request, names, reply }: BlockRead): string[] {
  const { from, unit, given } = capture;
  const head = [
    `  - from: ${JSON.stringify(from)}`,
    `    request: ${hexBytes(encodeRequest(unit, request))}`,
  ];
  const reads = `    reads: [${names.join(", ")}]`;
  if (!reply.ok) {
    if (reply.exception === undefined) return [...head, reads, `    # no reply: ${reply.fault}`];
    const frame = encodeException(unit, functionCode(request), reply.exception);
    return [...head, `    reply: ${hexBytes(frame)}`, reads, `    exception: ${reply.exception}`];
  }
  const frame = hexBytes(encodeReply(unit, request, reply.words));
  const { means, silent } = meaning(capture, names);
  // A reply without a meaning proves nothing and is refused by the check of the file.
  if (means.length === 0) return [...head, reads, `    # reply: ${frame}`, ...silent];
  const parameters = Object.entries(given).map(([k, v]) => `${k}: ${JSON.stringify(v)}`);
  return [
    ...[...head, `    reply: ${frame}`, reads, `    means: { ${means.join(", ")} }`],
    ...(parameters.length === 0 ? [] : [`    parameters: { ${parameters.join(", ")} }`]),
    ...silent,
  ];
}

function meaning({ type, codecs, blocks }: Capture, names: readonly string[]) {
  const points = pointWords(type, codecs, blocks);
  const means: string[] = [];
  const silent: string[] = [];
  const sources = new Set<string>();
  const add = (name: string) => {
    const codec = codecs.get(name);
    const read = points.find((p) => p.name === name);
    if (codec === undefined || read === undefined || !("words" in read)) return;
    const { value, quality } = codec.decode(read.words, 0, factorFor(codec, codecs, points));
    if (quality === "good") means.push(`${name}: ${scalar(codec, value)}`);
    else silent.push(`    # ${name}: ${hexWords(read.words)}, no value (${quality})`);
    if (codec.scaleFrom !== undefined) sources.add(codec.scaleFrom);
  };
  for (const name of names) add(name);
  // The factor's register may stand in another block; its value is then this example's assumption.
  if (means.length > 0) for (const name of sources) if (!names.includes(name)) add(name);
  return { means, silent };
}

/** A word of the enum, or a number that the check of examples finds again. */
function scalar(codec: PointCodec, value: number): string {
  const word = codec.word(value);
  if (word !== undefined) return JSON.stringify(word);
  return String(codec.point.as === "f32" ? Number(value.toPrecision(9)) : value);
}
