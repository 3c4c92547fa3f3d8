/** Lines and devices of a rig file: what is wired to what. */
import { own } from "../base/own.js";
import { show, suggest } from "../base/schema.js";
import type { DeviceType } from "../device/device-type.js";
import { parameterValues } from "../device/parameter.js";
import type { RigCheck } from "./check-context.js";
import type { LineFile } from "./rig-file.js";

/** A serial line states its wire; a TCP line may, for the wire behind its gateway. */
export function checkLines({ rig, say }: RigCheck): void {
  for (const [name, line] of Object.entries(rig.lines)) {
    const path = ["lines", name];
    if (line.serial !== undefined && line.tcp !== undefined) {
      say(path, "both serial and tcp", "one of them");
    } else if (line.serial === undefined && line.tcp === undefined) {
      say(path, "neither serial nor tcp", "one of them");
    } else if (line.serial !== undefined) {
      if (line.baud === undefined) say([...path, "baud"], "nothing", "the line's baud, as 19200");
      if (line.format === undefined) say([...path, "format"], "nothing", "the format, as 8E1");
      if (line.framing !== undefined) {
        say(
          [...path, "framing"],
          "rtu on a serial line",
          "no framing: it says how a tcp line is spoken",
        );
      }
    } else if (line.framing === "rtu" && line.baud === undefined) {
      say([...path, "baud"], "nothing", "the baud of the wire behind the serial server");
    }
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

function checkDevice(
  { rig, say }: RigCheck,
  name: string,
  type: DeviceType,
  line: LineFile | undefined,
): void {
  // An RTU device may stand behind a gateway on a TCP line; a TCP device has no RTU port at all.
  const speaksRtu = line?.serial !== undefined || line?.framing === "rtu";
  if (speaksRtu && !type.link.framings.includes("rtu")) {
    const found = `${type.type} (${type.link.framings.join(", ")}) on a line that speaks RTU`;
    say(["devices", name, "line"], found, "a tcp line");
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
