/** Lines and devices of a rig file: what is wired to what. */
import { own } from "../../base/own.js";
import { formatDuration, parseQuantity } from "../../base/quantity.js";
import { type Path, show, suggest } from "../../base/schema.js";
import type { DeviceType } from "../../device/device-type.js";
import { parameterValues } from "../../device/parameter.js";
import type { LineFile } from "../rig-file.js";
import type { RigCheck } from "./context.js";

/** A serial line states its wire; a TCP line may, for the wire behind its gateway. */
export function checkLines({ rig, say }: RigCheck): void {
  for (const [name, line] of Object.entries(rig.lines)) {
    const path = ["lines", name];
    checkConnection(name, line, say);
    if (line.serial !== undefined && line.tcp !== undefined) {
      say(path, "both serial and tcp", "one of them");
    } else if (line.serial === undefined && line.tcp === undefined) {
      say(path, "neither serial nor tcp", "one of them");
    } else if (line.serial !== undefined) {
      if (line.baud === undefined) say([...path, "baud"], "nothing", "the line's baud, as 19200");
      if (line.format === undefined) say([...path, "format"], "nothing", "the format, as 8E1");
      checkSerialFraming(name, line, say);
    } else if (line.framing === "ascii") {
      say([...path, "framing"], "ascii on a tcp line", "rtu, or none: ascii is for serial lines");
    } else if (line.framing === "rtu" && line.baud === undefined) {
      say([...path, "baud"], "nothing", "the baud of the wire behind the serial server");
    }
  }
}

/** What is said of a connection belongs to a line that has one. */
function checkConnection(name: string, line: LineFile, say: RigCheck["say"]): void {
  if (line.pauseAfterConnect !== undefined && line.tcp === undefined) {
    const found = `${line.pauseAfterConnect} on a line without a connection`;
    say(["lines", name, "pauseAfterConnect"], found, "no such key: it belongs to a tcp line");
  } else checkTime(["lines", name, "pauseAfterConnect"], line.pauseAfterConnect, [0, 60_000], say);
  if (line.localEcho !== undefined && line.tcp !== undefined && line.framing === undefined) {
    const found = `${line.localEcho} on a Modbus TCP line`;
    say(
      ["lines", name, "localEcho"],
      found,
      "no such key: only a line that speaks RTU or ASCII echoes",
    );
  }
  if (line.tolerate !== undefined && (line.tcp === undefined || line.framing !== undefined)) {
    const found = `${line.tolerate.join(", ")} on a line that speaks RTU`;
    say(["lines", name, "tolerate"], found, "no such key: it belongs to a Modbus TCP line");
  }
}

/** What no device, gateway or wire needs is a slip of the pen or of the unit. */
function checkTime(
  path: Path,
  text: string | undefined,
  [least, most]: readonly [number, number],
  say: RigCheck["say"],
): void {
  const ms = text === undefined ? undefined : parseQuantity(text)?.value;
  if (ms === undefined || (ms >= least && ms <= most)) return;
  const range = `${formatDuration(least)} to ${formatDuration(most)}`;
  say(path, show(text), `a time from ${range}`);
}

/** RTU needs all eight bits of a character; ASCII can do with seven. */
function checkSerialFraming(
  name: string,
  { framing, format }: LineFile,
  say: RigCheck["say"],
): void {
  const path = ["lines", name];
  if (framing === "rtu") {
    const expected = "no framing (RTU is usual), or ascii";
    say([...path, "framing"], "rtu on a serial line", expected);
  }
  if (framing === undefined && format?.startsWith("7") === true) {
    say(
      [...path, "format"],
      `${format} on a line that speaks RTU`,
      "eight data bits, or framing: ascii",
    );
  }
}

export function checkDevices(check: RigCheck): void {
  const { rig, types, typeNames, say } = check;
  const seen = new Map<string, string>();
  for (const [name, device] of Object.entries(rig.devices)) {
    const path = ["devices", name];
    const line = own(rig.lines, device.line);
    if (line === undefined) {
      const expected = suggest(device.line, Object.keys(rig.lines));
      say([...path, "line"], `the unknown line "${device.line}"`, expected);
    }
    checkUnit(check, name, line);
    checkTime([...path, "turnaround"], device.turnaround, [1, 60_000], say);
    checkTime([...path, "silence"], device.silence, [0, 10_000], say);
    checkTime([...path, "pause"], device.pause, [0, 60_000], say);
    const address = `${device.line} ${device.unit}`;
    const other = seen.get(address);
    if (other !== undefined) {
      const found = `unit ${device.unit} of line "${device.line}" a second time (${other} has it)`;
      say([...path, "unit"], found, "every unit address once on a line");
    }
    seen.set(address, other ?? name);
    const type = types.get(device.type);
    if (type !== undefined) checkDevice(check, name, type, line);
    else if (!typeNames.includes(device.type)) {
      const expected = suggest(device.type, typeNames);
      say([...path, "type"], `the unknown device type "${device.type}"`, expected);
    }
  }
}

/** On a wire 0 is everybody and 248 to 255 are reserved; over TCP 0 and 255 mean the server itself. */
function checkUnit({ rig, say }: RigCheck, name: string, line: LineFile | undefined): void {
  const unit = rig.devices[name]?.unit ?? 1;
  const isTcp = line === undefined || (line.tcp !== undefined && line.framing === undefined);
  if (isTcp || (unit >= 1 && unit <= 247)) return;
  const found = `${unit} on a line that speaks RTU`;
  say(["devices", name, "unit"], found, "1 to 247; 0 and 255 only over Modbus TCP");
}

function checkDevice(
  { rig, say }: RigCheck,
  name: string,
  type: DeviceType,
  line: LineFile | undefined,
): void {
  // An RTU device may stand behind a gateway on a TCP line; a TCP device has no RTU port at all.
  const { framings } = type.link;
  const isWire = line?.serial !== undefined || line?.framing === "rtu";
  const spoken = line?.framing === "ascii" ? "ascii" : "rtu";
  if (isWire && !framings.includes(spoken)) {
    const found = `${type.type} (${framings.join(", ")}) on a line that speaks ${spoken.toUpperCase()}`;
    say(["devices", name, "line"], found, `a line that speaks ${framings.join(" or ")}`);
  }
  const given = rig.devices[name]?.parameters;
  for (const { name: parameter, found, expected } of parameterValues(type, given).problems) {
    say(["devices", name, "parameters", parameter], found, expected);
  }
}

/** What is wrong with a `device.point` in a rig file; undefined when nothing is. */
export function bindingProblem(
  { rig, types }: Pick<RigCheck, "rig" | "types">,
  device: string,
  point: string,
): { found: string; expected: string } | undefined {
  const says = own(rig.devices, device);
  if (says === undefined) {
    const expected = suggest(device, Object.keys(rig.devices));
    return { found: `the unknown device ${show(device)}`, expected };
  }
  const type = types.get(says.type);
  if (type === undefined || own(type.points, point) !== undefined) return undefined;
  const expected = suggest(point, Object.keys(type.points));
  return { found: `the unknown point ${show(point)} of ${says.type}`, expected };
}
