/** What a safe plan has to be told by the devices: who they are, what their watchdogs are set to. */
import { parseQuantity, toCanonical } from "../base/quantity.js";
import { conditionHolds } from "../device/condition.js";
import { valueWords } from "../device/value-words.js";
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
  const { timeFrom, required, time } = watchdog;
  for (const [name, wanted] of Object.entries(required)) {
    // A time may be another than required, never off.
    if (name === timeFrom) continue;
    const raw = typeof wanted === "string" ? points[name]?.enum?.[wanted] : wanted;
    const reading = await session.read(name, "fast");
    if (!reading.ok || reading.value !== raw) return null;
  }
  const timeMs = timeFrom === undefined ? parsed(time) : await readTime(session, timeFrom);
  return timeMs > 0 ? { timeMs, feeds: feedsOf(watchdog) } : null;
}

function parsed(time: string | undefined): number {
  return time === undefined ? 0 : (parseQuantity(time)?.value ?? 0);
}

/** Milliseconds; 0 where it is off or not told. */
async function readTime(session: DeviceSession, point: string): Promise<number> {
  const reading = await session.read(point, "fast");
  const unit = session.device.type.points[point]?.unit ?? "s";
  return reading.ok ? toCanonical(reading.value, unit) : 0;
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
        const found = valueWords(type.points[point] ?? { unit: "1" }, reading.value);
        const detail = `${point} is ${found}; ${actuator.point} needs ${JSON.stringify(condition)}`;
        faults.push({ code: "device-nonsense", device, detail });
      }
    }
  }
  return faults;
}
