/** Who commands a device, as far as it can say: the line, or another hand (its panel, another controller). */
import { type Condition, type Conditions, conditionHolds } from "../device/condition.js";
import { valueWords } from "../device/value-words.js";
import type { BoundActuator } from "./actuator.js";
import type { DeviceSession } from "./session.js";

/** A device that the rig drives, and what it is asked while the rig is kept. */
export type DrivenDevice = {
  session: DeviceSession;
  /** Of its actuators. */
  roles: readonly string[];
  /** All hold while it takes commands from the line; none where its type has nothing that says so. */
  obeys: Conditions;
  /** All hold while it is as it was made safe. */
  acted: Conditions;
  /** All hold once it has tripped by itself; none where nothing keeps it alive. */
  tripped: Conditions;
};

/** `no`: one does not hold, and `said` which; `unknown`: the device does not say. */
export type Shown = { verdict: "yes" | "no" | "unknown"; said: string };

export function drivenDevices(actuators: readonly BoundActuator[]): DrivenDevice[] {
  const sessions = [...new Set(actuators.map(({ session }) => session))];
  return sessions.map((session) => {
    const own = actuators.filter((a) => a.session === session);
    const { type } = session.device;
    const says = (type.actuators ?? []).filter((a) => own.some(({ point }) => point === a.point));
    const obeys: Conditions = Object.assign({}, ...says.map((a) => a.obeys ?? {}));
    const acted: Conditions = Object.assign({}, ...says.map((a) => a.acted ?? {}));
    const tripped = type.keepalive === undefined ? {} : (type.watchdog?.shows ?? {});
    return { session, roles: own.map(({ facts }) => facts.role), obeys, acted, tripped };
  });
}

/** Reads what the conditions are of; the first that does not hold tells. */
export async function readConditions(
  session: DeviceSession,
  conditions: Conditions,
): Promise<Shown> {
  const said: string[] = [];
  for (const [point, condition] of Object.entries(conditions)) {
    const reading = await session.read(point, "slow");
    if (!reading.ok) return { verdict: "unknown", said: reading.fault.detail };
    const found = foundText(session, point, reading.value);
    if (!holds(session, point, condition, reading.value)) return { verdict: "no", said: found };
    said.push(found);
  }
  return { verdict: "yes", said: said.join(", ") };
}

function holds(
  { device }: DeviceSession,
  point: string,
  condition: Condition,
  value: number,
): boolean {
  return conditionHolds(device.type, point, condition, value);
}

function foundText({ device }: DeviceSession, point: string, value: number): string {
  return `${point} is ${valueWords(device.type.points[point] ?? { unit: "1" }, value)}`;
}
