/**
 * Feeds devices that stop by themselves when the controller dies. Runs in a loop of its own and only
 * repeats words the device was seen to hold: it can keep a state alive, never bring one about.
 */
import { Cancel, type Clock } from "../base/clock.js";
import { writeRequest } from "../device/command.js";
import type { BoundRig } from "../rig/bind.js";
import { milliseconds } from "../rig/device.js";
import { readConditions } from "../rig/hand.js";
import { allActed } from "../rig/safety.js";
import type { DeviceSession } from "../rig/session.js";

/** The running loops; `stop` lets the devices' own watchdogs act. */
export type Keepalive = { stop(): void; readonly ended: Promise<void> };

/**
 * One loop per device whose type has `keepalive`. `mayFeed`: whoever watches the rig has just been round, and the
 * device stands in no fault of its own; what is due meanwhile is written as soon as that is so.
 */
export function startKeepalive(
  rig: BoundRig,
  clock: Clock,
  mayFeed: (device: string) => boolean,
): Keepalive {
  const cancel = new Cancel();
  const loops = [...rig.sessions.values()].map((session) => {
    return feed(rig, session, clock, cancel, mayFeed);
  });
  return { stop: () => cancel.cancel(), ended: Promise.all(loops).then(() => undefined) };
}

async function feed(
  rig: BoundRig,
  session: DeviceSession,
  clock: Clock,
  cancel: Cancel,
  mayFeed: (device: string) => boolean,
): Promise<void> {
  const says = session.device.type.keepalive;
  if (says === undefined) return;
  const everyMs = milliseconds(says.every, 1000);
  while (!cancel.cancelled) {
    const { name } = session.device;
    // What does not heed its safe values, or another hand has, is left to the device's own watchdog.
    const isLeft = rig.unheeded.has(name) || session.anotherHand !== undefined;
    const feeds = !isLeft && mayFeed(name) && (await stands(rig, name));
    for (const point of feeds ? says.write : []) await rig.track(repeat(session, point));
    await clock.sleep(feeds ? everyMs : Math.min(everyMs, rig.cycleMs), cancel);
  }
}

/** What was made safe and is set back must not be set right by its own feeding: that would be a duel nobody sees. */
async function stands(rig: BoundRig, device: string): Promise<boolean> {
  const driven = rig.driven.find(({ session }) => session.device.name === device);
  const isCalledSafe = rig.isSafe && allActed(rig.safety().filter((s) => s.device === device));
  if (driven === undefined || !isCalledSafe) return true;
  const { verdict } = await readConditions(driven.session, driven.acted);
  if (verdict === "no") void rig.verify();
  return verdict !== "no";
}

async function repeat(session: DeviceSession, point: string): Promise<void> {
  const words = session.confirmed(point)?.words;
  const says = session.device.type.points[point];
  if (words === undefined || says === undefined) return;
  const request = writeRequest(says, words);
  const reply = await session.exchange(request, "write");
  if (!reply.ok) session.forget();
}
