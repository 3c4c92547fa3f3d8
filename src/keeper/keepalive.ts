/**
 * Feeds devices that stop by themselves when the controller dies. Runs in a loop of its own and only
 * repeats words the device was seen to hold: it can keep a state alive, never bring one about.
 */
import { Cancel, type Clock } from "../base/clock.js";
import { writeRequest } from "../device/command.js";
import type { BoundRig } from "../rig/bind.js";
import { milliseconds } from "../rig/device.js";
import type { DeviceSession } from "../rig/session.js";

/** The running loops; `stop` lets the devices' own watchdogs act. */
export type Keepalive = { stop(): void; readonly ended: Promise<void> };

/** One loop per device whose type has `keepalive`. */
export function startKeepalive(rig: BoundRig, clock: Clock): Keepalive {
  const cancel = new Cancel();
  const loops = [...rig.sessions.values()].map((session) => feed(rig, session, clock, cancel));
  return { stop: () => cancel.cancel(), ended: Promise.all(loops).then(() => undefined) };
}

async function feed(
  rig: BoundRig,
  session: DeviceSession,
  clock: Clock,
  cancel: Cancel,
): Promise<void> {
  const says = session.device.type.keepalive;
  if (says === undefined) return;
  const everyMs = milliseconds(says.every, 1000);
  while (!cancel.cancelled) {
    // What does not heed its safe values is left to the device's own watchdog.
    const feeds = !rig.unheeded.has(session.device.name);
    for (const point of feeds ? says.write : []) await rig.track(repeat(session, point));
    await clock.sleep(everyMs, cancel);
  }
}

async function repeat(session: DeviceSession, point: string): Promise<void> {
  const words = session.confirmed(point)?.words;
  const says = session.device.type.points[point];
  if (words === undefined || says === undefined) return;
  const request = writeRequest(says, words);
  const reply = await session.exchange(request, "write");
  if (!reply.ok) session.forget();
}
