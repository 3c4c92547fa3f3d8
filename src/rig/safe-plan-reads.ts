/** What a safe plan has to be told by the devices: who they are, what their watchdogs are set to. */
import { parseQuantity, toCanonical } from "../base/quantity.js";
import { conditionHolds } from "../device/condition.js";
import { feedsOf } from "../device/watchdog.js";
import { ask, type Factors } from "./compile-safe-plan.js";
import type { RigFault } from "./rig.js";
import type { Ask, PlanWatchdog } from "./safe-plan.js";
import type { DeviceSession } from "./session.js";

/** The fingerprint as it reads now; points that do not answer are left out. */
export async function readFingerprint(session: DeviceSession): Promise<Ask[]> {
  const asks: Ask[] = [];
  for (const name of session.device.type.fingerprint ?? []) {
    const reading = await session.read(name, "fast");
    if (reading.ok) asks.push(ask(session.device, name, { words: reading.words }));
  }
  return asks;
}

/** A watchdog whose settings read back as the device type requires; null when it cannot be relied on. */
export async function readWatchdog(session: DeviceSession): Promise<PlanWatchdog | null> {
  const { watchdog, points } = session.device.type;
  if (watchdog === undefined) return null;
  let timeMs =
    watchdog.time === undefined ? Number.NaN : (parseQuantity(watchdog.time)?.value ?? 0);
  for (const [name, wanted] of Object.entries(watchdog.required)) {
    const reading = await session.read(name, "fast");
    const raw = typeof wanted === "string" ? points[name]?.enum?.[wanted] : wanted;
    // A time may be shorter than required, never off.
    const isTime = name === watchdog.timeFrom;
    const fits = reading.ok && (isTime ? reading.value > 0 : reading.value === raw);
    if (!fits) return null;
    if (isTime) timeMs = toCanonical(reading.value, points[name]?.unit ?? "s");
  }
  return Number.isNaN(timeMs) ? null : { timeMs, feeds: feedsOf(watchdog) };
}

/** The raw values of the points that scale others, where an actuator needs one. */
export async function readFactors(sessions: Iterable<DeviceSession>): Promise<Factors> {
  const factors = new Map<string, number>();
  for (const session of sessions) {
    const { name, type, codecs } = session.device;
    const written = (type.actuators ?? []).map(({ point }) => codecs.get(point)?.scaleFrom);
    for (const point of written) {
      if (point === undefined) continue;
      const reading = await session.read(point, "fast");
      if (reading.ok) factors.set(`${name}.${point}`, reading.raw);
    }
  }
  return factors;
}

/** What must hold before anything is written to a device's actuators and does not. */
export async function requirementFaults(
  session: DeviceSession,
  points: readonly string[],
): Promise<RigFault[]> {
  const { name: device, type } = session.device;
  const faults: RigFault[] = [];
  for (const actuator of type.actuators ?? []) {
    if (!points.includes(actuator.point)) continue;
    for (const [point, condition] of Object.entries(actuator.requires ?? {})) {
      const reading = await session.read(point, "fast");
      if (!reading.ok) faults.push(reading.fault);
      else if (!conditionHolds(type, point, condition, reading.value)) {
        const found = session.device.codecs.get(point)?.word(reading.value) ?? reading.value;
        const detail = `${point} is ${found}; ${actuator.point} needs ${JSON.stringify(condition)}`;
        faults.push({ code: "device-nonsense", device, detail });
      }
    }
  }
  return faults;
}
