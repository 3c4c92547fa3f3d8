/** What an alarm is, before anything happens to it: of limits in files, and of what every rig is watched for. */
import type { CompiledLimit } from "../compile.js";
import type { Guidance, Priority, Reaction } from "../limit.js";
import { type AlarmFacts, type AlarmKey, factsOf } from "./change.js";

/** The alarm of a rig's or profile's limit. */
export function limitFacts(rig: string, limit: CompiledLimit): AlarmFacts {
  return { ...limitKey(rig, limit), ...factsOf(limit) };
}

export function limitKey(rig: string, { name, station }: CompiledLimit): AlarmKey {
  return { rig, limit: name, station: station ?? null };
}

/** Is it an alarm of one of these limits? */
export function isOfLimits(
  limits: readonly CompiledLimit[],
  { limit, station }: Pick<AlarmKey, "limit" | "station">,
): boolean {
  return limits.some((l) => l.name === limit && (l.station ?? null) === station);
}

type WatchedFor = { reaction: Reaction; priority: Priority; guidance: Guidance };

/** What no file has to say: the keeper raises these of every rig, each about a line, a role or the rig. */
const watchedFor = {
  "line-lost": {
    reaction: "trip",
    priority: "high",
    guidance: {
      en: "Look at the cable, the adapter or gateway and the power of the devices on this line.",
      zh: "检查该线路的电缆、适配器或网关，以及线路上各设备的电源。",
    },
  },
  "actuator-silent": {
    reaction: "trip",
    priority: "high",
    guidance: {
      en: "The device does not answer: go and see that nothing moves, then look at its power and wiring.",
      zh: "设备无应答：先到现场确认无任何运动，再检查其电源和接线。",
    },
  },
  "unasked-motion": {
    reaction: "warn",
    priority: "urgent",
    guidance: {
      en: "Keep away. If nobody turns it by hand, press the emergency stop and lock the isolator.",
      zh: "请勿靠近。若并非有人手动盘车，请按下急停并锁定隔离开关。",
    },
  },
  "not-safe": {
    reaction: "trip",
    priority: "urgent",
    guidance: {
      en: "An actuator has not acted. Keep away, press the emergency stop, then see that it stands.",
      zh: "执行机构未动作。请勿靠近，按下急停，然后确认其已停止。",
    },
  },
  "another-hand": {
    reaction: "warn",
    priority: "high",
    guidance: {
      en: "The drive is in local or another controller commands it. Find out who before you give it back.",
      zh: "驱动器处于本地控制，或由其他控制器操作。交还之前请先查明是谁。",
    },
  },
  contested: {
    reaction: "warn",
    priority: "urgent",
    guidance: {
      en: "Something sets back what makes this device safe. Press the emergency stop, then find the other master.",
      zh: "有其他主站不断改回该设备的安全值。请按下急停，然后找出该主站。",
    },
  },
  "chain-opened": {
    reaction: "trip",
    priority: "high",
    guidance: {
      en: "Find out who opened the safety chain and why. Close it only when nobody is at the rig.",
      zh: "查明安全链由谁断开及原因。确认台架旁无人后方可闭合。",
    },
  },
  "service-expired": {
    reaction: "warn",
    priority: "medium",
    guidance: {
      en: "The time out of service is over. Return it with a check, or take it out again with a reason.",
      zh: "停用时间已到。请检查后恢复使用，或说明原因后再次停用。",
    },
  },
} as const satisfies Record<string, WatchedFor>;
export type RigAlarm = keyof typeof watchedFor;
export const rigAlarms = Object.keys(watchedFor) as readonly RigAlarm[];

/** `about`: the line, role or device; no limit of a file can have such a name (`line-lost:drive`). */
export function rigFacts(rig: string, alarm: RigAlarm, about: string): AlarmFacts {
  return { rig, limit: `${alarm}:${about}`, station: null, ...watchedFor[alarm] };
}

/** What the keeper raises of every rig, as against a limit of a file. */
export function isRigAlarm({ limit }: Pick<AlarmKey, "limit">): boolean {
  return limit.includes(":");
}
