import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import type { PointCodec } from "../../device/codec.js";
import type { ReadRequest } from "../../device/request.js";
import { oneOf, wholeNumber } from "../option.js";
import { json, table } from "../output.js";
import { openToRead } from "../rig/rig-lines.js";
import type { Shell } from "../shell.js";
import { addLineList } from "./list.js";
import { addLineMonitor } from "./monitor.js";
import {
  addLineOptions,
  faultOf,
  type LineOptions,
  lineSpec,
  tables,
  timingOf,
  unitOf,
} from "./options.js";
import type { ValueOptions } from "./raw-value.js";
import { addValueOptions, hexAddress, hexWords, valueAt, valueCodec } from "./raw-value.js";
import { addLineScan } from "./scan.js";
import { addLineWrite } from "./write.js";

type ReadOptions = LineOptions & ValueOptions;

export function addLine(program: Command, shell: Shell): void {
  const line = program.command("line").description("lines: one wire or socket each");
  addRead(line, shell);
  addLineList(line, shell);
  addLineWrite(line, shell);
  addLineMonitor(line, shell);
  addLineScan(line, shell);
}

function addRead(line: Command, shell: Shell): void {
  const read = line
    .command("read <table> <address> <count>")
    .description(
      "read any device: table is coil, discrete, holding or input; the address is the wire's, from 0",
    );
  addValueOptions(addLineOptions(read), "show")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  wearout line read --tcp 127.0.0.1:1502 --unit 5 input 0 2 --as f32
  wearout line read --serial /dev/serial/by-id/usb-x --baud 19200 --format 8E1 --unit 11 holding 0x2000 1 --as s16`,
    )
    .action(
      shell.action((tableName: string, address: string, count: string, options: ReadOptions) =>
        readLine(shell, request(tableName, address, count), options),
      ),
    );
}

function request(tableName: string, address: string, count: string): ReadRequest {
  const name = oneOf("table", tableName, tables);
  const most = name === "coil" || name === "discrete" ? 2000 : 125;
  const from = wholeNumber("address", address, 0, 65535);
  const values = wholeNumber("count", count, 1, most);
  return { kind: "read", table: name, address: from, count: values };
}

async function readLine(shell: Shell, wanted: ReadRequest, options: ReadOptions): Promise<number> {
  const spec = lineSpec(options);
  const unit = unitOf(options, spec);
  const codec = decoder(wanted, options);
  const line = await openToRead(spec);
  try {
    const reply = await line.exchange(unit, wanted, timingOf(options), "fast");
    if (!reply.ok) throw faultOf(reply, unit);
    show(shell, wanted, unit, Array.from(reply.words), codec, options);
    return 0;
  } finally {
    await line.close();
  }
}

function decoder(wanted: ReadRequest, options: ReadOptions): PointCodec | undefined {
  if (options.as === undefined) return undefined;
  const codec = valueCodec(wanted.table, options, "u16");
  if (wanted.count % codec.registers === 0) return codec;
  throw new WearoutError(
    "USAGE",
    `${options.as} takes ${codec.registers} registers each; ${wanted.count} is no multiple`,
  );
}

function show(
  shell: Shell,
  wanted: ReadRequest,
  unit: number,
  words: readonly number[],
  codec: PointCodec | undefined,
  options: ReadOptions,
): void {
  const width = codec?.registers ?? 1;
  const starts = words.map((_, i) => i).filter((i) => i % width === 0);
  const values = codec === undefined ? undefined : starts.map((i) => valueAt(codec, words, i));
  if (options.json === true) {
    const { table: name, address, count } = wanted;
    const decoded = values === undefined ? {} : { as: options.as, order: options.order, values };
    shell.out.print(json({ unit, table: name, address, count, words, ...decoded }));
    return;
  }
  const rows = starts.map((i, n) => {
    const raw = hexWords(words.slice(i, i + width));
    const address = wanted.address + i;
    const shown = values === undefined ? String(words[i]) : String(values[n] ?? "no value");
    return [String(address), hexAddress(address), raw, shown];
  });
  shell.out.print(table(["address", "hex", "raw", options.as ?? "u16"], rows));
}
