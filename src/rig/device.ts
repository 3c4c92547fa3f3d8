/** A device of a rig with everything its exchanges need, compiled once. */

import { assert } from "../base/error.js";
import { parseQuantity } from "../base/quantity.js";
import { compilePoints, type Parameters } from "../device/codec.js";
import type { Codecs } from "../device/command.js";
import type { DeviceType } from "../device/device-type.js";
import { parameterValues } from "../device/parameter.js";
import { type DeviceTiming, timingOf } from "../device/timing.js";
import type { RigFile } from "./rig-file.js";

export { type Slow, slowInWords } from "../device/slow.js";

export type LoadedDevice = {
  name: string;
  line: string;
  unit: number;
  type: DeviceType;
  parameters: Parameters;
  codecs: Codecs;
  timing: DeviceTiming;
};

/** The devices of a checked rig, by name. */
export function loadDevices(
  rig: RigFile,
  types: ReadonlyMap<string, DeviceType>,
): ReadonlyMap<string, LoadedDevice> {
  const entries = Object.entries(rig.devices).map(([name, says]): [string, LoadedDevice] => {
    const type = types.get(says.type);
    assert(type !== undefined, `the device type of ${name} was read`);
    const parameters = parameterValues(type, says.parameters).values;
    const codecs = compilePoints(type, parameters);
    const timing = timingOf(type.link, says);
    return [name, { name, line: says.line, unit: says.unit, type, parameters, codecs, timing }];
  });
  return new Map(entries);
}

/** A quantity of time that the schema has checked, or what stands in for it. */
export function milliseconds(text: string | undefined, absent: number): number {
  return text === undefined ? absent : (parseQuantity(text)?.value ?? absent);
}
