import type { Command } from "commander";
import { RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import type { DeviceType } from "../../device/device-type.js";
import { listDeviceTypes, loadDeviceType } from "../../device/load.js";
import { parameterValues } from "../../device/parameter.js";
import { formats } from "../../device/wire-time.js";
import type { SerialSpec } from "../../line/line.js";
import { serveSerial } from "../../sim/serial-server.js";
import { SimDevice } from "../../sim/sim-device.js";
import { startWatchdog } from "../../sim/sim-watchdog.js";
import { serveTcp } from "../../sim/tcp-server.js";
import { faultList, faultsOf, injectedText } from "../fault.js";
import { assignments, collect, hostPort, wholeNumber } from "../option.js";
import { json, table } from "../output.js";
import type { Shell } from "../shell.js";
import { untilInterrupted } from "../signal.js";
import { addDeviceCapture } from "./capture.js";
import { addDeviceCheck } from "./check.js";
import { addDeviceProbe } from "./probe.js";
import { addDeviceShow } from "./show.js";
import { addDeviceSilence } from "./silence.js";
import { deviceTable, evidence } from "./table.js";

export function addDevice(program: Command, shell: Shell): void {
  const device = program.command("device").description("device types and simulated devices");
  device
    .command("list")
    .description("the device types of this site")
    .option("--json", "as JSON")
    .option("--markdown", "as a table with all evidence, for a page")
    .addHelpText("after", "\nExamples:\n  wearout device list\n  wearout device list --markdown")
    .action(shell.action((options: ListOptions) => list(shell, options)));
  addDeviceShow(device, shell);
  addDeviceProbe(device, shell);
  addDeviceCapture(device, shell);
  addDeviceCheck(device, shell);
  addDeviceSilence(device, shell);
  addServe(device, shell);
}

function addServe(device: Command, shell: Shell): void {
  device
    .command("serve <type>")
    .description("serve a SIMULATED device of any type to other people's tools, until Ctrl-C")
    .option("--tcp <host:port>", "as a Modbus TCP server (port 0: any free one)")
    .option("--serial <path>", "as a Modbus RTU slave on a serial port")
    .option("--baud <rate>", "of the serial port (default: the type's)")
    .option("--format <format>", "of the serial port (default: the type's)")
    .option("--ascii", "the serial port speaks Modbus ASCII, not RTU")
    .option("--unit <n>", "address of the device (default: the type's, else 1)")
    .option(
      "--set <point=value>",
      "value of a point in its unit, or a word of its enum",
      collect,
      [],
    )
    .option(
      "--parameter <name=quantity>",
      "parameter of the type, as full-scale=100Nm",
      collect,
      [],
    )
    .option("--fault <name=value>", "what goes wrong, see below; may be repeated", collect, [])
    .addHelpText(
      "after",
      `
Examples:
  wearout device serve eastron/sdm630 --tcp 127.0.0.1:1502 --unit 5 --set voltage-l1=231.5
  wearout device serve omron/e5cc --serial /dev/ttyUSB1 --baud 57600 --format 8E1 --unit 2 --set pv=62
  wearout device serve omron/e5cc --serial /dev/ttyUSB1 --fault crc=2% --fault late=0.01 --fault late-ms=400
  wearout device serve eastron/sdm630 --tcp 127.0.0.1:1502 --fault dropout=0.001 --fault dropout-ms=8000
${faultList}`,
    )
    .action(shell.action((type: string, options: ServeOptions) => serve(shell, type, options)));
}

/** Stands for what the maker's own tool has set, where a type says no register for it. */
const watchdogMs = 2000;

type ServeOptions = {
  tcp?: string;
  serial?: string;
  baud?: string;
  format?: string;
  ascii?: boolean;
  unit?: string;
  set: string[];
  parameter: string[];
  fault: string[];
};

type ListOptions = { json?: boolean; markdown?: boolean };

function list(shell: Shell, options: ListOptions): number {
  const folders = shell.site().devices;
  const types = listDeviceTypes(folders).map(({ name }) => loadDeviceType(name, folders));
  if (options.json === true) {
    shell.out.print(
      json(types.map(({ type, maker, model, title }) => ({ type, maker, model, title }))),
    );
    return 0;
  }
  if (options.markdown === true) {
    shell.out.print(deviceTable(types));
    return 0;
  }
  const rows = types.map((t) => [
    t.type,
    t.title,
    String(Object.keys(t.points).length),
    evidence(t),
  ]);
  shell.out.print(table(["type", "title", "points", "evidence"], rows));
  return 0;
}

async function serve(shell: Shell, name: string, options: ServeOptions): Promise<number> {
  if ((options.tcp === undefined) === (options.serial === undefined)) {
    throw new WearoutError("USAGE", "say where to serve: either --tcp HOST:PORT or --serial PATH");
  }
  const type = loadDeviceType(name, shell.site().devices);
  const device = simulated(type, options);
  const faults = faultsOf(options.fault, options.tcp === undefined ? "serial" : "tcp");
  const units = new Map([[device.unit, device]]);
  const clock = new RealClock();
  const watchdog = startWatchdog(device, clock, watchdogMs, () => {
    shell.out.talk(`${type.type}: heard nothing for its time; its watchdog has acted`);
  });
  const talk = (where: string) => {
    shell.out.talk(`SIMULATED ${type.type} as unit ${device.unit} on ${where}; Ctrl-C ends`);
    if (options.fault.length > 0) shell.out.talk(injectedText(faults));
  };
  if (options.tcp !== undefined) {
    const server = await serveTcp(units, hostPort(options.tcp), clock, faults);
    talk(options.tcp.replace(/\d+$/, String(server.port)));
    await untilInterrupted();
    watchdog?.stop();
    await server.close();
    return 0;
  }
  const spec = serialSpec(type, options);
  const { dialSerial } = await import("../../line/serial-stream.js");
  const stream = await dialSerial("serve", spec);
  const server = serveSerial(units, stream, spec, clock, faults);
  const ascii = spec.framing === undefined ? "" : ", Modbus ASCII";
  talk(`${spec.serial}, ${spec.baud} ${spec.format}${ascii}`);
  const gone = new Promise<"gone">((resolve) => stream.onClose(() => resolve("gone")));
  const ended = await Promise.race([untilInterrupted(), gone]);
  watchdog?.stop();
  server.close();
  await stream.close();
  if (ended !== "gone") return 0;
  throw new WearoutError("LINE_UNREACHABLE", `${spec.serial} is gone: was its adapter unplugged?`);
}

function simulated(type: DeviceType, options: ServeOptions): SimDevice {
  const given = Object.fromEntries(assignments("--parameter", options.parameter));
  const wanted = { ...standIns(type), ...given };
  const { values, problems } = parameterValues(type, wanted);
  const [problem] = problems;
  if (problem !== undefined) {
    throw new WearoutError(
      "USAGE",
      `--parameter ${problem.name}: found ${problem.found}, expected ${problem.expected}`,
    );
  }
  const unit = wholeNumber("--unit", options.unit ?? String(type.link.unit ?? 1), 0, 255);
  const device = new SimDevice(type, values, unit);
  for (const [point, text] of assignments("--set", options.set)) {
    device.set(point, Number.isNaN(Number(text)) ? text : Number(text));
  }
  return device;
}

/** A device served for tools needs some full scale; 100 of the unit where the type states none. */
function standIns(type: DeviceType): Record<string, string> {
  const open = Object.entries(type.parameters ?? {}).filter(([, p]) => p.default === undefined);
  return Object.fromEntries(open.map(([name, p]) => [name, `100 ${p.unit}`]));
}

function serialSpec(type: DeviceType, options: ServeOptions): SerialSpec {
  const text = options.format ?? type.link.format ?? "8N1";
  const format = formats.find((f) => f === text);
  if (format === undefined) {
    throw new WearoutError(
      "USAGE",
      `--format: found "${text}", expected one of ${formats.join(", ")}`,
    );
  }
  const baud = wholeNumber(
    "--baud",
    options.baud ?? String(type.link.baud ?? 9600),
    300,
    4_000_000,
  );
  if (options.ascii !== true && format.startsWith("7")) {
    throw new WearoutError("USAGE", `--format ${format}: RTU needs eight data bits; --ascii?`);
  }
  const serial = { serial: options.serial ?? "", baud, format };
  return options.ascii === true ? { ...serial, framing: "ascii" as const } : serial;
}
