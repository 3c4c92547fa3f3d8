import type { Command } from "commander";
import { RealClock } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import type { PointCodec } from "../device/codec.js";
import { forbiddenWhy } from "../device/command.js";
import { loadDeviceType } from "../device/load.js";
import type { WriteRequest } from "../device/request.js";
import { encodeRequest, mostValues, toTcp } from "../device/rtu-frame.js";
import type { DeviceTiming, Line } from "../line/line.js";
import { type LineSpec, openLine } from "../line/open.js";
import {
  addLineOptions,
  faultOf,
  type LineOptions,
  lineSpec,
  timingOf,
  unitOf,
} from "./line-options.js";
import { oneOf, wholeNumber } from "./option.js";
import { json, table } from "./output.js";
import {
  addValueOptions,
  hexAddress,
  hexBytes,
  hexWords,
  type ValueOptions,
  valueAt,
  valueCodec,
  wordsOf,
} from "./raw-value.js";
import { refuseHeld } from "./rig-lines.js";
import type { Shell } from "./shell.js";

type WriteOptions = LineOptions &
  ValueOptions & { type?: string; function?: string; yes?: boolean };

const writable = ["coil", "holding"] as const;

export function addLineWrite(line: Command, shell: Shell): void {
  const write = line
    .command("write <table> <address> <values...>")
    .description(
      "write coils or holding registers of any device; shows before, written, read back",
    );
  addValueOptions(addLineOptions(write, "of --type"), "values")
    .option("--type <device type>", "refuse what this type forbids")
    .option("--function <n>", "15 or 16 where a device takes one value only so (default: 5 or 6)")
    .option("--yes", "really write; without it the frame is shown and nothing is sent")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  wearout line write --tcp 127.0.0.1:1502 --unit 2 --type omron/e5cc holding 0x2103 350 --yes
  wearout line write --serial /dev/serial/by-id/usb-x --baud 19200 --unit 3 coil 16 on off
  wearout line write --tcp 127.0.0.1:1502 holding 0 --as f32 --order CDAB -- -12.5
  wearout line write --tcp 127.0.0.1:1502 holding 0x2000 1 --function 16 --yes

Negative values stand behind "--".`,
    )
    .action(
      shell.action((name: string, address: string, values: string[], options: WriteOptions) =>
        writeLine(shell, name, address, values, options),
      ),
    );
}

/** Everything that is decided before a line is opened. */
type Job = {
  spec: LineSpec;
  unit: number;
  timing: DeviceTiming;
  request: WriteRequest;
  codec: PointCodec;
  frame: Uint8Array;
};

async function writeLine(
  shell: Shell,
  tableName: string,
  address: string,
  values: readonly string[],
  options: WriteOptions,
): Promise<number> {
  const job = plan(shell, tableName, address, values, options);
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

function plan(
  shell: Shell,
  tableName: string,
  addressText: string,
  texts: readonly string[],
  options: WriteOptions,
): Job {
  const name = oneOf("table", tableName, writable);
  const address = wholeNumber("address", addressText, 0, 65535);
  const type =
    options.type === undefined ? undefined : loadDeviceType(options.type, shell.site().devices);
  const spec = lineSpec(options, type?.link);
  const unit = unitOf(options, spec, type?.link);
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
  return { spec, unit, timing: timingOf(options, type?.link), request, codec, frame };
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
  const reply = await line.exchange(job.unit, job.request, job.timing, "write");
  if (!reply.ok) throw faultOf(reply, job.unit);
  return { before, after: await held(line, job) };
}

/** Registers that can only be written are usual; a device that does not answer is not written to. */
async function held(line: Line, { unit, request, timing }: Job): Promise<Held> {
  const { table: name, address, values } = request;
  const read = { kind: "read", table: name, address, count: values.length } as const;
  const reply = await line.exchange(unit, read, timing, "fast");
  if (reply.ok) return { words: Array.from(reply.words) };
  if (reply.fault === "exception") return { unreadable: reply.detail };
  throw faultOf(reply, unit);
}

function differencesOf({ request }: Job, { after }: Done): string[] {
  if ("unreadable" in after) return [];
  return request.values.flatMap((written, i) => {
    const found = after.words[i];
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
    ...[done.before, { words: values }, done.after].map((h) => cell(codec, h, i)),
  ]);
  shell.out.print(table(["address", "hex", "before", "written", "read back"], rows));
  if ("unreadable" in done.after) {
    shell.out.talk(`confirmed by its reply only, it cannot be read: ${done.after.unreadable}`);
  }
}

function wordsIn(held: Held): readonly number[] | null {
  return "words" in held ? held.words : null;
}

/** `12.5 (4148 0000)` */
function cell(codec: PointCodec, held: Held, at: number): string {
  if ("unreadable" in held) return "-";
  const value = valueAt(codec, held.words, at) ?? "no value";
  if (codec.point.table === "coil") return String(value);
  return `${value} (${hexWords(held.words.slice(at, at + codec.registers))})`;
}
