/**
 * What a simulated device shows of itself: the state points by which a type says that an actuator has
 * acted, kept in step with what the device does. Measured values (`atMost`) belong to the plants.
 */
import { type Condition, conditionHolds, valuesOf } from "../device/condition.js";
import type { Actuator, DeviceType } from "../device/device-type.js";
import { pointValue } from "../device/point-value.js";

/** One state point of an actuator: its value at rest and at work. */
type Shown = {
  point: string;
  rest: number;
  work: number;
  /** At rest also while it follows a setpoint of 0: the shaft stands, the drive still holds it. */
  shaft: boolean;
};

/** `followed`: the setpoint the device follows (undefined: none). Written registers stay as written. */
export function statesOf(
  type: DeviceType,
  actuator: Actuator,
): (followed: number | undefined) => (readonly [point: string, value: number])[] {
  const steps = Object.values(type.commands ?? {}).flat();
  const written = new Set(steps.flatMap(({ write = {} }) => Object.keys(write)));
  const shown = Object.entries(actuator.acted ?? {})
    .filter(([point]) => !written.has(point))
    .flatMap(([point, condition]) => shownBy(type, actuator, point, condition));
  return (followed) => {
    return shown.map(({ point, rest, work, shaft }) => {
      const still = followed === undefined || (shaft && followed === 0);
      return [point, still ? rest : work] as const;
    });
  };
}

/** Whole values that hold before anything was written: a unit as it was commissioned. */
export function commissioned(type: DeviceType): (readonly [point: string, value: number])[] {
  const conditions = (type.actuators ?? []).flatMap(({ obeys = {}, requires = {} }) => {
    return [...Object.entries(obeys), ...Object.entries(requires)];
  });
  return conditions.flatMap(([point, condition]) => {
    const [first] = valuesOf(condition);
    return first === undefined ? [] : [[point, pointValue(type, point, first)] as const];
  });
}

function shownBy(
  type: DeviceType,
  actuator: Actuator,
  point: string,
  condition: Condition,
): Shown[] {
  const { as, enum: known = as === "bit" ? { off: 0, on: 1 } : {} } = type.points[point]!;
  const words = Object.values(known);
  const rest = words.find((value) => conditionHolds(type, point, condition, value));
  const work = words.find((value) => !conditionHolds(type, point, condition, value));
  if (rest === undefined || work === undefined) return [];
  return [{ point, rest, work, shaft: isSoftened(type, actuator, point) }];
}

/** What a step that softens expects comes before the device lets go. */
function isSoftened(type: DeviceType, { safe }: Actuator, point: string): boolean {
  const steps = safe === undefined ? [] : (type.commands?.[safe] ?? []);
  return steps.some(({ does, expect = {} }) => does === "soften" && point in expect);
}
