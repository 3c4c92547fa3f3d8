import type { ActuatorFacts } from "./rig.js";

/**
 * The only place where a setpoint meets the rig's ceilings: whatever a profile asks, nothing outside
 * floor to ceiling goes on. What is no number at all becomes the safe value.
 */
export function clampSetpoint(facts: ActuatorFacts, asked: number): number {
  if (Number.isNaN(asked)) return facts.safe;
  return Math.min(Math.max(asked, facts.floor), facts.ceiling);
}
