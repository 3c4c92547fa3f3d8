/** Where a device is: the options that all commands on a line share. */
import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import { fromCanonical, parseQuantity } from "../../base/quantity.js";
import type { DeviceType } from "../../device/device-type.js";
import { timingOf as timingSaid, usualTurnaroundMs } from "../../device/timing.js";
import { formats } from "../../device/wire-time.js";
import type { DeviceTiming, LineFault } from "../../line/line.js";
import type { LineSpec, Tolerated } from "../../line/open.js";
import { faultInWords } from "../../line/trace.js";
import { hostPort, oneOf, wholeNumber } from "../option.js";

const tolerated = ["unit", "transaction"] as const satisfies readonly Tolerated[];
export const tolerateHelp = "what answers over Modbus TCP may get wrong: unit, transaction";
export const tables = ["coil", "discrete", "holding", "input"] as const;

type Link = DeviceType["link"];

export type LineOptions = {
  tcp?: string;
  rtuTcp?: string;
  serial?: string;
  baud?: string;
  format?: string;
  ascii?: boolean;
  unit?: string;
  turnaround?: string;
  tolerate?: string;
  json?: boolean;
};

/** `source` names what stands in for an option that is not given. */
export function addLineOptions(command: Command, source = ""): Command {
  const usual = String(usualTurnaroundMs);
  const standard = (value: string) => (source === "" ? value : `${source}, else ${value}`);
  return command
    .option("--tcp <host:port>", "Modbus TCP device or gateway")
    .option("--rtu-tcp <host:port>", "serial server that passes RTU frames through")
    .option("--serial <path>", "serial port, by a stable name")
    .option("--baud <rate>", `of the serial wire (default: ${standard("9600")})`)
    .option("--format <format>", `${formats.join(", ")} (default: ${standard("8N1")})`)
    .option("--ascii", "the serial wire speaks Modbus ASCII, not RTU")
    .option("--unit <n>", `address of the device (default: ${standard("1")})`)
    .option("--turnaround <ms>", `longest time the device thinks (default: ${standard(usual)})`)
    .option("--tolerate <list>", tolerateHelp);
}

/** Exactly one of `--tcp` and `--serial`; what is not given comes from the type's link. */
export function lineSpec(options: LineOptions, link: Partial<Link> = {}): LineSpec {
  oneAddress(options);
  if (options.tcp !== undefined) {
    hostPort(options.tcp);
    if (options.tolerate === undefined) return { tcp: options.tcp };
    const tolerate = options.tolerate.split(",").map((w) => oneOf("--tolerate", w, tolerated));
    return { tcp: options.tcp, tolerate };
  }
  refuseTolerate(options);
  if (options.rtuTcp !== undefined) hostPort(options.rtuTcp);
  const baud = baudRate("--baud", options.baud ?? String(link.baud ?? 9600));
  const format = oneOf("--format", options.format ?? link.format ?? "8N1", formats);
  if (options.ascii !== true && format.startsWith("7")) {
    throw new WearoutError("USAGE", `--format ${format}: RTU needs eight data bits; --ascii?`);
  }
  if (options.rtuTcp !== undefined) return { rtuTcp: options.rtuTcp, baud, format };
  const serial = { serial: options.serial ?? "", baud, format };
  return options.ascii === true ? { ...serial, framing: "ascii" } : serial;
}

/** On a wire there is no header in which anything could be wrong: silently taken, it would seem to help. */
export function refuseTolerate({ tolerate }: { tolerate?: string }): void {
  if (tolerate === undefined) return;
  const text = `--tolerate: found "${tolerate}" for a line that speaks RTU, it belongs to --tcp`;
  throw new WearoutError("USAGE", text);
}

export function oneAddress(options: { tcp?: string; rtuTcp?: string; serial?: string }): void {
  const given = [options.tcp, options.rtuTcp, options.serial].filter((at) => at !== undefined);
  if (given.length === 1) return;
  throw new WearoutError(
    "USAGE",
    "say where the device is: one of --tcp HOST:PORT, --rtu-tcp HOST:PORT and --serial PATH",
  );
}

export function baudRate(name: string, text: string): number {
  return wholeNumber(name, text, 300, 4_000_000);
}

/** On a wire unit 0 is everybody: nobody answers, so nothing is known of what came of it. */
export function unitOf(options: LineOptions, spec: LineSpec, link: Partial<Link> = {}): number {
  const unit = wholeNumber("--unit", options.unit ?? String(link.unit ?? 1), 0, 255);
  if (unit > 0 || "tcp" in spec) return unit;
  const text = "--unit: 0 is everybody on a wire, and nobody answers; expected 1 to 255";
  throw new WearoutError("USAGE", text);
}

export function timingOf(options: LineOptions, link: Partial<Link> = {}): DeviceTiming {
  const timing = timingSaid(link);
  const given = options.turnaround;
  if (given === undefined) return timing;
  return { ...timing, turnaroundMs: wholeNumber("--turnaround", given, 1, 60_000) };
}

/** A type's time (its file was checked) in milliseconds; undefined when it says none. */
export function milliseconds(text: string | undefined): number | undefined {
  const quantity = text === undefined ? undefined : parseQuantity(text);
  return quantity === undefined ? undefined : fromCanonical(quantity.value, "ms");
}

const nonsense: readonly LineFault[] = ["crc", "foreign", "length", "echo", "partial", "exception"];

/** What a fault of the line means to the person who typed the command. */
export function faultOf(reply: { fault: LineFault; detail: string }, unit: number): WearoutError {
  const answered = nonsense.includes(reply.fault) ? "DEVICE_NONSENSE" : "DEVICE_SILENT";
  const code = reply.fault === "closed" ? "LINE_UNREACHABLE" : answered;
  return new WearoutError(code, `unit ${unit}: ${faultInWords(reply)}`);
}
