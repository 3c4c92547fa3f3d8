import type { Command } from "commander";
import { RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import { listDeviceTypes, loadDeviceType } from "../../device/load.js";
import { usualTurnaroundMs } from "../../device/timing.js";
import { formats } from "../../device/wire-time.js";
import { type LineSpec, openLine } from "../../line/open.js";
import { oneOf, wholeNumber } from "../option.js";
import { json, table } from "../output.js";
import { formerly } from "../renamed.js";
import { refuseHeld } from "../rig/rig-lines.js";
import type { Shell } from "../shell.js";
import { onInterrupt } from "../signal.js";
import { baudRate, lineSpec, oneAddress, refuseTolerate, tolerateHelp } from "./options.js";
import { type Found, type ScanJob, type ScanResult, scan, silentMs } from "./units.js";

type ScanOptions = {
  tcp?: string;
  rtuTcp?: string;
  serial?: string;
  baud: string;
  format: string;
  unit?: string;
  turnaround: string;
  tolerate?: string;
  json?: boolean;
};

export function addLineScan(line: Command, shell: Shell): void {
  const verb = line
    .command("scan")
    .description("find who answers: one harmless register read per unit; never writes")
    .option("--tcp <host:port>", "Modbus TCP device or gateway")
    .option("--rtu-tcp <host:port>", "serial server that passes RTU frames through")
    .option("--serial <path>", "serial port, by a stable name")
    .option("--baud <rates>", "of the serial port", "9600,19200,38400,57600,115200")
    .option("--format <formats>", "of the serial port", "8N1,8E1,8N2")
    .option("--unit <list>", "as 1-32 or 1,5,10-20 (default: 0-247,255 over TCP, 1-32 serial)")
    .option("--turnaround <ms>", "longest time a device may think", String(usualTurnaroundMs))
    .option("--tolerate <list>", tolerateHelp)
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Ctrl-C stops it and shows what it has found. Do not scan a line on which a rig runs.

Examples:
  wearout line scan --tcp 192.168.0.7:502 --unit 1-247
  wearout line scan --serial /dev/serial/by-id/usb-x --baud 9600,19200 --format 8N1,8E1 --unit 1-32`,
    )
    .action(shell.action((options: ScanOptions) => scanLine(shell, options)));
  formerly(verb, shell, {
    "--bauds <rates>": "--baud",
    "--formats <formats>": "--format",
    "--units <list>": "--unit",
  });
}

async function scanLine(shell: Shell, options: ScanOptions): Promise<number> {
  const job = scanJob(shell, options);
  for (const spec of job.specs) await refuseHeld(spec);
  const clock = new RealClock();
  const settings = job.specs.length === 1 ? "" : ` at ${job.specs.length} settings`;
  const units = job.units.length === 1 ? "1 unit" : `${job.units.length} units`;
  const estimate = `about ${duration(silentMs(job))} if nobody answers, longer where somebody does`;
  shell.out.talk(`scanning ${units}${settings}: ${estimate}; Ctrl-C stops`);
  let stopped = false;
  const stopListening = onInterrupt(() => {
    stopped = true;
  });
  try {
    const result = await scan(job, {
      open: (spec) => openLine("scan", spec, clock),
      stopped: () => stopped,
      progress: reporter(shell, () => clock.elapsed()),
    });
    show(shell, result, options);
    if (result.ended === undefined || stopped) return 0;
    throw new WearoutError("LINE_UNREACHABLE", `the scan ended early: ${result.ended}`);
  } finally {
    stopListening();
  }
}

function scanJob(shell: Shell, options: ScanOptions): ScanJob {
  oneAddress(options);
  const folders = shell.site().devices;
  const isTcp = options.tcp !== undefined;
  const standard = isTcp ? "0-247,255" : options.serial === undefined ? "1-247" : "1-32";
  return {
    specs: specsOf(options),
    units: unitList(options.unit ?? standard, isTcp),
    types: listDeviceTypes(folders).map(({ name }) => loadDeviceType(name, folders)),
    turnaroundMs: wholeNumber("--turnaround", options.turnaround, 1, 60_000),
  };
}

function specsOf(options: ScanOptions): LineSpec[] {
  const { tcp, tolerate } = options;
  if (tcp !== undefined)
    return [lineSpec({ tcp, ...(tolerate === undefined ? {} : { tolerate }) })];
  refuseTolerate(options);
  if (options.rtuTcp !== undefined) return [lineSpec({ rtuTcp: options.rtuTcp })];
  const serial = options.serial ?? "";
  const wanted = options.format.split(",").map((text) => oneOf("--format", text, formats));
  return options.baud
    .split(",")
    .flatMap((text) =>
      wanted.map((format) => ({ serial, baud: baudRate("--baud", text), format })),
    );
}

/**
 * `1,5,10-20`: addresses a device may have, each once: 1 to 247 on a wire (Modbus over Serial Line V1.02, 2.2), over
 * TCP also 0 and 255, by which many servers mean themselves (Modbus Messaging on TCP/IP V1.0b, 4.4.1.2).
 */
export function unitList(text: string, isTcp: boolean): number[] {
  const [least, most] = isTcp ? [0, 255] : [1, 247];
  const units = text.split(",").flatMap((part) => {
    const [from = "", to = from, ...more] = part.split("-");
    const lowest = wholeNumber("--unit", from, least, most);
    const highest = wholeNumber("--unit", to, lowest, most);
    if (more.length > 0) throw new WearoutError("USAGE", `--unit: found "${part}"`);
    return Array.from({ length: highest - lowest + 1 }, (_, i) => lowest + i);
  });
  return [...new Set(units)];
}

const betweenReportsMs = 2000;

/** Progress on stderr, at most every two seconds. */
function reporter(shell: Shell, elapsed: () => number): (share: number, found: number) => void {
  const begin = elapsed();
  let last = begin;
  return (share, found) => {
    const now = elapsed();
    if (now - last < betweenReportsMs && share < 1) return;
    last = now;
    const left = ((now - begin) / share) * (1 - share);
    const rest = share < 1 ? `, about ${duration(left)} left` : "";
    shell.out.talk(`${Math.floor(100 * share)} %${rest}, ${found} answered`);
  };
}

/** `45 s`, `3 min 20 s` */
export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function show(shell: Shell, result: ScanResult, options: ScanOptions): void {
  const { found, garbled, ended } = result;
  if (ended !== undefined) {
    shell.out.talk(`${ended}: ${result.asked} of ${result.of} were asked`);
  }
  if (options.json === true) {
    const { asked, of } = result;
    shell.out.print(json({ complete: asked === of, asked, of, found, garbled }));
    return;
  }
  if (found.length > 0) {
    shell.out.print(table(["baud", "format", "unit", "answered", "may be"], found.map(row)));
  } else shell.out.talk("nobody answered");
  if (found.some(({ maybe }) => maybe.some(({ sure }) => !sure))) {
    shell.out.talk("?: only plausible, the type has no register that names the model");
  }
  for (const { baud, format, unit, fault } of garbled) {
    const where = baud === null ? "" : ` at ${baud} ${format}`;
    shell.out.talk(`unit ${unit}${where}: damaged bytes (${fault}); other baud or format?`);
  }
}

function row({ baud, format, unit, answer, maybe }: Found): string[] {
  const types = maybe.map(({ type, sure }) => (sure ? type : `${type}?`));
  return [String(baud ?? "-"), format ?? "-", String(unit), answer, types.join(", ") || "-"];
}
