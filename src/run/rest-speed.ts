/** Slower than this share of its ceiling, a shaft stands. */
const restShare = 0.01;

/** A speed without actuator has no ceiling: then a turn a minute is standing. */
export function restRpm(ceilingRpm: number): number {
  return Number.isNaN(ceilingRpm) ? 1 : restShare * ceilingRpm;
}
