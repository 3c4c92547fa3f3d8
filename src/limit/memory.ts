/**
 * What is remembered of a list of limits: three numbers each (state, when the violation began, when it was last
 * seen). All zeros is a memory of nothing, one `slice()` copies it (every cycle: see `ExposureBook`).
 */
export type LimitMemory = number[];
const slots = 3;

/** Nothing, a violation that has not lasted long enough yet, a limit that was raised and has not returned. */
export const idle = 0;
export const pending = 1;
export const stands = 2;

export function emptyLimitMemory(count: number): LimitMemory {
  return new Array<number>(count * slots).fill(0);
}

/** Where the numbers of the limit at that place begin; the two times follow the state. */
export function offsetOf(limit: number): number {
  return limit * slots;
}

/** Forgets all of it: what still violates is raised as if it had just begun. */
export function forget(memory: LimitMemory, limit: number): void {
  memory[offsetOf(limit)] = idle;
}

/** Forgets a violation that has not lasted long enough yet; a standing alarm stays. */
export function forgetPending(memory: LimitMemory, limit: number): void {
  const at = offsetOf(limit);
  if (memory[at] === pending) memory[at] = idle;
}
