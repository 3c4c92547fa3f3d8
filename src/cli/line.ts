import type { Command } from "commander";
import { RealClock } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { compilePoint } from "../device/codec.js";
import type { Point } from "../device/device-type.js";
import type { ReadRequest } from "../device/request.js";
import type { DeviceTiming, Reply } from "../line/line.js";
import { type LineSpec, openLine, type SerialFormat } from "../line/open.js";
import { hostPort, oneOf, wholeNumber } from "./option.js";
import { json, table } from "./output.js";
import type { Shell } from "./shell.js";

const formats = ["8N1", "8N2", "8E1", "8O1", "8E2", "8O2"] as const;
const tables = ["coil", "discrete", "holding", "input"] as const;
const encodings = ["bit", "u16", "s16", "u32", "s32", "f32", "u64", "f64", "bcd16"] as const;
const orders = ["ABCD", "CDAB", "BADC", "DCBA"] as const;

type ReadOptions = {
  tcp?: string;
  serial?: string;
  baud: string;
  format: string;
  unit: string;
  as?: string;
  order: string;
  turnaround: string;
  json?: boolean;
};

export function addLine(program: Command, shell: Shell): void {
  const line = program.command("line").description("lines: one wire or socket each");
  line
    .command("read <table> <address> <count>")
    .description(
      "read any device: table is coil, discrete, holding or input; the address is the wire's, from 0",
    )
    .option("--tcp <host:port>", "Modbus TCP device or gateway")
    .option("--serial <path>", "serial port, by a stable name")
    .option("--baud <rate>", "of the serial port", "9600")
    .option("--format <format>", formats.join(", "), "8N1")
    .option("--unit <n>", "address of the device", "1")
    .option("--as <encoding>", `show as ${encodings.join(", ")}`)
    .option("--order <order>", `byte order on the wire: ${orders.join(", ")}`, "ABCD")
    .option("--turnaround <ms>", "longest time the device thinks", "200")
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

function lineSpec(options: ReadOptions): LineSpec {
  if ((options.tcp === undefined) === (options.serial === undefined)) {
    throw new WearoutError(
      "USAGE",
      "say where the device is: either --tcp HOST:PORT or --serial PATH",
    );
  }
  if (options.tcp !== undefined) {
    hostPort(options.tcp);
    return { tcp: options.tcp };
  }
  const baud = wholeNumber("--baud", options.baud, 300, 4_000_000);
  const format: SerialFormat = oneOf("--format", options.format, formats);
  return { serial: options.serial ?? "", baud, format };
}

async function readLine(shell: Shell, wanted: ReadRequest, options: ReadOptions): Promise<number> {
  const spec = lineSpec(options);
  const unit = wholeNumber("--unit", options.unit, 0, 255);
  const turnaroundMs = wholeNumber("--turnaround", options.turnaround, 1, 60_000);
  const timing: DeviceTiming = { turnaroundMs, silenceMs: 0 };
  const decode = decoder(wanted, options);
  const line = await openLine("line", spec, new RealClock());
  try {
    const reply = await line.exchange(unit, wanted, timing, "fast");
    if (!reply.ok) throw faultOf(reply, unit);
    show(shell, wanted, unit, Array.from(reply.words), decode, options);
    return 0;
  } finally {
    await line.close();
  }
}

function faultOf(reply: Extract<Reply, { ok: false }>, unit: number): WearoutError {
  const nonsense = ["crc", "foreign", "length", "partial", "exception"].includes(reply.fault);
  const code =
    reply.fault === "closed" ? "LINE_UNREACHABLE" : nonsense ? "DEVICE_NONSENSE" : "DEVICE_SILENT";
  return new WearoutError(code, `unit ${unit}: ${reply.fault}: ${reply.detail}`);
}

type Decoder = {
  registers: number;
  decode: (words: readonly number[], at: number) => number | null;
};

function decoder(wanted: ReadRequest, options: ReadOptions): Decoder | undefined {
  if (options.as === undefined) return undefined;
  const as = oneOf("--as", options.as, encodings);
  const order = oneOf("--order", options.order, orders);
  const { table: name, address } = wanted;
  const point: Point = {
    table: name,
    address,
    as,
    order,
    unit: "1",
    access: "read",
    confidence: "manual",
  };
  const codec = compilePoint(point);
  if (wanted.count % codec.registers !== 0) {
    throw new WearoutError(
      "USAGE",
      `${as} takes ${codec.registers} registers each; ${wanted.count} is no multiple`,
    );
  }
  const decode = (words: readonly number[], at: number) => {
    const value = codec.decodeValue(words, at);
    return Number.isNaN(value) ? null : value;
  };
  return { registers: codec.registers, decode };
}

function show(
  shell: Shell,
  wanted: ReadRequest,
  unit: number,
  words: readonly number[],
  decode: Decoder | undefined,
  options: ReadOptions,
): void {
  const width = decode?.registers ?? 1;
  const starts = words.map((_, i) => i).filter((i) => i % width === 0);
  const values = decode === undefined ? undefined : starts.map((i) => decode.decode(words, i));
  if (options.json === true) {
    const { table: name, address, count } = wanted;
    const decoded = values === undefined ? {} : { as: options.as, order: options.order, values };
    shell.out.print(json({ unit, table: name, address, count, words, ...decoded }));
    return;
  }
  const rows = starts.map((i, n) => {
    const raw = words.slice(i, i + width).map((w) => w.toString(16).toUpperCase().padStart(4, "0"));
    const address = wanted.address + i;
    const shown = values === undefined ? String(words[i]) : String(values[n] ?? "no value");
    return [String(address), `0x${address.toString(16).toUpperCase()}`, raw.join(" "), shown];
  });
  shell.out.print(table(["address", "hex", "raw", options.as ?? "u16"], rows));
}
