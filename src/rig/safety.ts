/** How far each actuator is known to be on its way to its safe state (docs/safety.md). */
import { formatDuration } from "../base/quantity.js";

/**
 * asked: its safe values were sent. held: the device's register holds them. acted: the device's own state says
 * that it has stopped. effect: an independent role shows it. Only the last two are called safe.
 */
export const safeLevels = ["not asked", "asked", "held", "acted", "effect"] as const;
export type SafeLevel = (typeof safeLevels)[number];

/** Why a rig is made safe; values may differ: at `isolate` (fire, smoke, oil leak) auxiliaries go off too. */
export type SafeCause = "trip" | "isolate";

export type ActuatorSafety = {
  role: string;
  device: string;
  level: SafeLevel;
  /** The highest level that its type and rig can show. */
  best: "asked" | "held" | "acted" | "effect";
  /** It is at its best level: nothing is repeated for it. */
  acted: boolean;
  /** From the call of `safe` until it had acted, or until now. */
  tookMs: number;
  /** It was made safe and set back again and again: somebody else commands it. */
  isContested: boolean;
  /** What was found, for people. */
  detail: string;
  /** What a person should do; empty where it has acted. */
  next: string;
};

/** `detail` of an actuator whose device is out of service; it was safe when it was taken out. */
export const outOfServiceDetail = "out of service";

/** What is told of such an actuator: nobody asks it. */
export function outOfServiceRow({
  role,
  device,
}: {
  role: string;
  device: string;
}): ActuatorSafety {
  const level = { level: "not asked", best: "asked", acted: true, tookMs: 0 } as const;
  return { role, device, ...level, isContested: false, detail: outOfServiceDetail, next: "" };
}

export function allActed(safety: readonly ActuatorSafety[]): boolean {
  return safety.every(({ acted }) => acted);
}

/** `speed acted, load held` or `speed NOT SAFE: asked for 5 s (no answer)`. */
export function safetyText(safety: readonly ActuatorSafety[]): string {
  return safety.map(oneText).join(", ");
}

function oneText({ role, level, acted, tookMs, detail }: ActuatorSafety): string {
  if (detail === outOfServiceDetail) return `${role} ${detail}`;
  if (acted) return level === "not asked" ? `${role} runs on` : `${role} ${level}`;
  return `${role} NOT SAFE: ${level} for ${formatDuration(tookMs)} (${detail})`;
}
