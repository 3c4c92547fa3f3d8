import type { Command } from "commander";
import { RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import type { PointCodec } from "../../device/codec.js";
import { forbiddenWhy, modified } from "../../device/command.js";
import type { DeviceType } from "../../device/device-type.js";
import { loadDeviceType } from "../../device/load.js";
import { functionCode, type WriteRequest } from "../../device/request.js";
import { encodeRequest, mostValues, toTcp } from "../../device/rtu-frame.js";
import { valueWords } from "../../device/value-words.js";
import type { DeviceTiming, Line } from "../../line/line.js";
import { type LineSpec, openLine } from "../../line/open.js";
import { collect, oneOf, wholeNumber } from "../option.js";
import { json, table } from "../output.js";
import { refuseHeld } from "../rig/rig-lines.js";
import type { Shell } from "../shell.js";
import {
  addLineOptions,
  faultOf,
  type LineOptions,
  lineSpec,
  timingOf,
  unitOf,
} from "./options.js";
import { eepromWords, type PointWrite, pointWrite, writeWords } from "./point-write.js";
import {
  addValueOptions,
  hexAddress,
  hexBytes,
  hexWords,
  type ValueOptions,
  valueCodec,
  wordsOf,
} from "./raw-value.js";

type WriteOptions = LineOptions &
  ValueOptions & { type?: string; parameter: string[]; function?: string; yes?: boolean };

const writable = ["coil", "holding"] as const;

export function addLineWrite(line: Command, shell: Shell): void {
  const write = line
    .command("write <what> <values...>")
    .usage(
      "[options] <table> <address> <values...>\n       wearout line write [options] --type TYPE <point> <value>",
    )
    .description(
      "write a point of a type in its unit, or coils and registers raw; shows before, written, read back",
    );
  addValueOptions(addLineOptions(write, "of --type"), "values")
    .option("--type <device type>", "whose points have names; refuses what it forbids")
    .option("--parameter <name=quantity>", "of the type, as full-scale=100Nm", collect, [])
    .option("--function <n>", "15 or 16 where a device takes one value only so (default: 5 or 6)")
    .option("--yes", "really write; without it the frame is shown and nothing is written")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  wearout line write --tcp 127.0.0.1:1502 --unit 2 --type omron/e5cc sp 35 --yes
  wearout line write --tcp 127.0.0.1:1502 --unit 1 --type abb/acs580 control-word ready
  wearout line write --serial /dev/serial/by-id/usb-x --baud 19200 --unit 3 coil 16 on off
  wearout line write --tcp 127.0.0.1:1502 holding 0 --as f32 --order CDAB -- -12.5
  wearout line write --tcp 127.0.0.1:1502 holding 0x2000 1 --function 16 --yes

A point takes its value in its unit (35, "308 K"), a word of its enum, or names of its bits (ready+remote);
what is kept in EEPROM is said. TABLE ADDRESS takes raw words, or numbers in an encoding (--as).
Negative values stand behind "--".`,
    )
    .action(
      shell.action((what: string, values: string[], options: WriteOptions) =>
        writeLine(shell, what, values, options),
      ),
    );
}

/** Where it goes: everything that is decided before a line is opened. */
type Place = {
  spec: LineSpec;
  unit: number;
  timing: DeviceTiming;
  type: DeviceType | undefined;
};

type Job = Place & {
  request: WriteRequest;
  codec: PointCodec;
  /** Where it is read before and after. */
  readAt: number;
  /** Of the point's scale, where another register says it. */
  factor: number | undefined;
  frame: Uint8Array;
  /** What is about to be done, in words. */
  says: readonly string[];
};

async function writeLine(
  shell: Shell,
  what: string,
  values: readonly string[],
  options: WriteOptions,
): Promise<number> {
  const place = placeOf(shell, options);
  const point = pointAsked(place, what, values, options);
  const job =
    point === undefined
      ? rawJob(place, what, values, options)
      : pointJob(place, point, await factorOf(place, point), options.function);
  for (const line of job.says) shell.out.talk(line);
  return writeJob(shell, job, options);
}

async function writeJob(shell: Shell, job: Job, options: WriteOptions): Promise<number> {
  if (options.yes !== true) {
    const frame = hexBytes(job.frame);
    const { table: name, address: at, values: words } = job.request;
    const would = { unit: job.unit, table: name, address: at, words, frame, sent: false };
    shell.out.print(options.json === true ? json(would) : `would send ${frame}`);
    throw new WearoutError("WRITE_REFUSED", "refused: add --yes");
  }
  await refuseHeld(job.spec);
  const line = await openLine("", job.spec, new RealClock());
  try {
    const done = await carryOut(line, job);
    show(shell, job, done, options);
    const differences = differencesOf(job, done);
    if (differences.length === 0) return 0;
    throw new WearoutError("DEVICE_NONSENSE", `unit ${job.unit}: ${differences.join("; ")}`);
  } finally {
    await line.close();
  }
}

function placeOf(shell: Shell, options: WriteOptions): Place {
  const type =
    options.type === undefined ? undefined : loadDeviceType(options.type, shell.site().devices);
  const spec = lineSpec(options, type?.link);
  const unit = unitOf(options, spec, type?.link);
  return { spec, unit, timing: timingOf(options, type?.link), type };
}

/** A point by its name, where a type has been named and this is no table. */
function pointAsked(
  { type }: Place,
  what: string,
  values: readonly string[],
  options: WriteOptions,
): PointWrite | undefined {
  if (type === undefined || writable.some((name) => name === what)) return undefined;
  const [text = ""] = values;
  const point = pointWrite(type, what, text, options.parameter);
  if (values.length === 1 && options.as === undefined) return point;
  const found = options.as === undefined ? `${values.length} values` : "--as";
  throw new WearoutError("USAGE", `${what}: found ${found}, expected one value in its unit`);
}

/** The register that scales a point is read before anything is said of the raw word. */
async function factorOf(
  { spec, unit, timing, type }: Place,
  { codec, scaleFrom }: PointWrite,
): Promise<number | undefined> {
  const source = scaleFrom === undefined ? undefined : type?.points[scaleFrom.name];
  if (scaleFrom === undefined || source === undefined) return undefined;
  const { table: name, address } = source;
  const count = scaleFrom.codec.registers;
  await refuseHeld(spec);
  const line = await openLine("", spec, new RealClock());
  try {
    const reply = await line.exchange(
      unit,
      { kind: "read", table: name, address, count },
      timing,
      "fast",
    );
    if (!reply.ok) throw faultOf(reply, unit);
    return codec.factorOf(scaleFrom.codec.raw(reply.words, 0));
  } finally {
    await line.close();
  }
}

function pointJob(
  place: Place,
  point: PointWrite,
  factor: number | undefined,
  asked: string | undefined,
): Job {
  const request = point.request(factor);
  const code = String(functionCode(request));
  if (asked !== undefined && asked !== code) {
    const expected = `${code}, by which its type writes it, or no --function`;
    throw new WearoutError(
      "USAGE",
      `${point.name}: --function: found "${asked}", expected ${expected}`,
    );
  }
  const { codec } = point;
  const says = writeWords(point, request, factor);
  const frame = frameOf(place.spec, place.unit, request);
  return { ...place, request, codec, readAt: point.point.address, factor, frame, says };
}

function rawJob(
  place: Place,
  tableName: string,
  [addressText = "", ...texts]: readonly string[],
  options: WriteOptions,
): Job {
  const { spec, unit, type } = place;
  const name = oneOf("table", tableName, writable);
  const address = wholeNumber("address", addressText, 0, 65535);
  if (texts.length === 0) throw new WearoutError("USAGE", "expected TABLE ADDRESS VALUE...");
  const at = type === undefined ? undefined : pointAt(type, name, address);
  if (name === "coil") oneOf("--as of a coil", options.as ?? "bit", ["bit"]);
  const codec = valueCodec(name, options, name === "coil" ? "bit" : "u16");
  const values = wordsOf(codec, texts);
  const most = Math.min(mostValues("write", name), 65536 - address);
  if (values.length > most) {
    const count = name === "coil" ? "coils" : "registers";
    throw new WearoutError("USAGE", `${values.length} ${count} from ${address}, most is ${most}`);
  }
  const request: WriteRequest = {
    ...{ kind: "write", table: name, address, values },
    single: isSingle(name, values.length, options.function),
  };
  const why = type === undefined ? undefined : forbiddenWhy(type, request);
  if (type !== undefined && why !== undefined) {
    const what = `${type.type} ${name} ${hexAddress(address)} = ${texts.join(" ")}`;
    throw new WearoutError("WRITE_REFUSED", `refused: ${what}: forbidden, ${why}`);
  }
  const frame = frameOf(spec, unit, request);
  if (at !== undefined && options.as === undefined) refuseRaw(type!, at);
  const says = at === undefined ? [] : eepromWords(at, type!.points[at]!);
  return { ...place, request, codec, readAt: address, factor: undefined, frame, says };
}

/** The name of the point that is written there. */
function pointAt(type: DeviceType, name: string, address: number): string | undefined {
  const all = Object.entries(type.points);
  return all.find(([, p]) => p.table === name && (p.write?.address ?? p.address) === address)?.[0];
}

/** A raw number where the type knows a unit or words is a mistake more often than not. */
function refuseRaw({ type, points }: DeviceType, name: string): void {
  const {
    scale = 1,
    offset = 0,
    scaleFrom,
    linear,
    times,
    enum: words,
    bits,
    unit,
  } = points[name]!;
  const isPlain =
    scale === 1 && offset === 0 && [scaleFrom, linear, times].every((s) => s === undefined);
  if (isPlain && words === undefined && bits === undefined) return;
  const takes = words !== undefined ? "in words" : bits !== undefined ? "in bits" : `in ${unit}`;
  const text = `this is ${name} of ${type}, ${takes}: write it as "${name} VALUE", or say --as for a raw number`;
  throw new WearoutError("USAGE", text);
}

/** One value goes by the single function, unless the other one is asked for. */
function isSingle(name: "coil" | "holding", count: number, asked: string | undefined): boolean {
  const [single, several] = name === "coil" ? ["5", "15"] : ["6", "16"];
  const code = asked ?? (count === 1 ? single : several);
  if (code === several) return false;
  if (code === single && count === 1) return true;
  const fits = count === 1 ? `${single} or ${several}` : several;
  const what = `${count} ${count === 1 ? "value" : "values"}`;
  throw new WearoutError("USAGE", `--function: found "${code}", expected ${fits} for ${what}`);
}

/** On TCP it is the second request of its connection: what was there is read before. */
function frameOf(spec: LineSpec, unit: number, request: WriteRequest): Uint8Array {
  const frame = encodeRequest(unit, request);
  return "tcp" in spec ? toTcp(2, frame) : frame;
}

/** Words, or why they could not be read although the device answers. */
type Held = { words: readonly number[] } | { unreadable: string };
type Done = { before: Held; after: Held };

async function carryOut(line: Line, job: Job): Promise<Done> {
  const before = await held(line, job);
  const reply = await line.exchange(job.unit, wholeRequest(job, before), job.timing, "write");
  if (!reply.ok) throw faultOf(reply, job.unit);
  return { before, after: await held(line, job) };
}

/** A field of a register, where the type wants the register read first: what was read, with the field changed. */
function wholeRequest({ request, codec }: Job, before: Held): WriteRequest {
  if (request.mask === undefined || codec.point.write?.readFirst !== true) return request;
  if ("words" in before) return modified(request, before.words[0]!);
  throw new WearoutError("DEVICE_NONSENSE", `nothing was written: ${before.unreadable}`);
}

/** Registers that can only be written are usual; a device that does not answer is not written to. */
async function held(line: Line, { unit, request, timing, readAt: address }: Job): Promise<Held> {
  const { table: name, values } = request;
  const read = { kind: "read", table: name, address, count: values.length } as const;
  const reply = await line.exchange(unit, read, timing, "fast");
  if (reply.ok) return { words: Array.from(reply.words) };
  if (reply.fault === "exception") return { unreadable: reply.detail };
  throw faultOf(reply, unit);
}

function differencesOf({ request }: Job, { after }: Done): string[] {
  if ("unreadable" in after) return [];
  const { mask = 0xffff } = request;
  return request.values.flatMap((written, i) => {
    const read = after.words[i];
    const found = read === undefined ? read : read & mask;
    const where = `${request.table} ${hexAddress(request.address + i)}`;
    return found === written ? [] : [`${where} reads back ${found} instead of ${written}`];
  });
}

function show(shell: Shell, job: Job, done: Done, options: WriteOptions): void {
  const { unit, request, codec, frame } = job;
  const { table: name, address, values } = request;
  if (options.json === true) {
    const shown = {
      ...{ unit, table: name, address, frame: hexBytes(frame), sent: true },
      ...{ before: wordsIn(done.before), written: values, readBack: wordsIn(done.after) },
      differences: differencesOf(job, done),
    };
    shell.out.print(json(shown));
    return;
  }
  const starts = values.map((_, i) => i).filter((i) => i % codec.registers === 0);
  const rows = starts.map((i) => [
    ...[String(address + i), hexAddress(address + i)],
    ...[done.before, { words: values }, done.after].map((h) => cell(job, h, i)),
  ]);
  shell.out.print(table(["address", "hex", "before", "written", "read back"], rows));
  if ("unreadable" in done.after) {
    shell.out.talk(`confirmed by its reply only, it cannot be read: ${done.after.unreadable}`);
  }
}

function wordsIn(held: Held): readonly number[] | null {
  return "words" in held ? held.words : null;
}

/** In the unit or the words of a point; a bare number of a register that nobody has described. */
function said({ point }: PointCodec, value: number): string {
  return point.enum === undefined && point.bits === undefined && point.unit === "1"
    ? String(value)
    : valueWords(point, value);
}

/** `12.5 (4148 0000)` */
function cell({ codec, factor }: Job, held: Held, at: number): string {
  if ("unreadable" in held) return "-";
  const decoded = codec.decodeValue(held.words, at, factor);
  const value = Number.isNaN(decoded) ? "no value" : said(codec, decoded);
  if (codec.point.table === "coil") return value;
  return `${value} (${hexWords(held.words.slice(at, at + codec.registers))})`;
}
