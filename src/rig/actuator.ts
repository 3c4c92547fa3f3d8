/** Actuators of a loaded rig, compiled: facts in canonical units, and the way to the point. */
import { assert } from "../base/error.js";
import { type Dimension, parseQuantity } from "../base/quantity.js";
import { columnNamed, splitBinding } from "./column.js";
import { milliseconds } from "./device.js";
import type { LoadedRig } from "./loaded-rig.js";
import { Mapping } from "./mapping.js";
import type { ActuatorFacts } from "./rig.js";
import type { ActuatorFile, RigFile } from "./rig-file.js";
import type { DeviceSession } from "./session.js";

/** For actuators whose file does not say how soon they must be safe. */
const usualSafeWithinMs = 5000;

/** Share of the ceiling. */
const usualTolerance = 0.01;

export type BoundActuator = {
  facts: ActuatorFacts;
  session: DeviceSession;
  point: string;
  mapping: Mapping;
};

/** Facts of a loaded rig's actuators, in file order, which is the order of `Rig.write`. */
export function actuatorFacts({
  rig,
  columns,
}: Pick<LoadedRig, "rig" | "columns">): ActuatorFacts[] {
  return Object.entries(rig.actuators).map(([role, says]) => {
    const column = columnNamed(columns, role);
    assert(column !== undefined, `the role ${role} was checked`);
    return {
      role,
      column: column.column,
      ceiling: canonical(says.ceiling),
      floor: says.floor === undefined ? 0 : canonical(says.floor),
      safe: canonical(safeTexts(says).trip),
      isolate: canonical(safeTexts(says).isolate),
      rampPerS: rampPerSecond(says.ramp, column.dimension) ?? 0,
      safeOrder: says.safeOrder,
      safeWithinMs: milliseconds(says.safeWithin, usualSafeWithinMs),
    };
  });
}

/** The same with the device behind each. */
export function bindActuators(
  loaded: LoadedRig,
  sessions: ReadonlyMap<string, DeviceSession>,
): BoundActuator[] {
  return actuatorFacts(loaded).map((facts) => {
    const column = loaded.columns[facts.column];
    const { device, point } = splitBinding(column?.says.write ?? "");
    const session = sessions.get(device);
    const unit = session?.device.type.points[point]?.unit;
    assert(column !== undefined && session !== undefined && unit !== undefined, "it is bound");
    return { facts, session, point, mapping: new Mapping(column.says, unit) };
  });
}

/** The safe values as written, one for each cause. */
export function safeTexts({ safe }: ActuatorFile): { trip: string; isolate: string } {
  return typeof safe === "string" ? { trip: safe, isolate: safe } : safe;
}

/** So near its safe value an independent reading shows that the actuator has acted, in canonical units. */
export function effectTolerance({ actuators }: RigFile, facts: ActuatorFacts): number {
  const says = actuators[facts.role]?.atRest;
  const usual = usualTolerance * Math.max(Math.abs(facts.ceiling), Math.abs(facts.floor));
  return says === undefined ? usual : canonical(says);
}

/** Canonical value of a quantity that was checked. */
export function canonical(text: string): number {
  const quantity = parseQuantity(text);
  assert(quantity !== undefined, `${text} was checked`);
  return quantity.value;
}

/** The rate of `500 rpm/s` in canonical units per second; undefined when it is none of the role's. */
export function rampPerSecond(text: string, dimension: Dimension): number | undefined {
  const quantity = parseQuantity(text);
  if (quantity === undefined) return undefined;
  // `mm/s` is a velocity and also a length per second; kelvin per second warms a temperature.
  const travel = dimension === "length" && quantity.dimension === "velocity";
  if (travel && !quantity.perSecond) return quantity.value;
  const warms = dimension === "temperature" && quantity.dimension === "temperature difference";
  const fits = quantity.perSecond && (quantity.dimension === dimension || warms);
  return fits ? quantity.value : undefined;
}
