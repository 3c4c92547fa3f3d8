/**
 * What is remembered of a list of limits: some numbers for each, one after the other. All zeros is a memory of
 * nothing, one `slice()` copies it (every cycle: see `ExposureBook`). In a checkpoint each number has the names of
 * its limit and of what it is, so that a later version, with more to remember, still finds it.
 */
export type LimitMemory = number[];

/** Of every limit: its state, since when it violates, when that was last seen, where the last reading lay. */
const everyLimit = ["state", "since", "seen", "side"] as const;
export const stateSlot = 0;
export const sinceSlot = 1;
export const seenSlot = 2;
export const sideSlot = 3;
/** What its condition remembers comes behind these. */
export const commonSlots = everyLimit.length;

/** Nothing, a violation that has not lasted long enough yet, a limit that was raised and has not returned. */
export const idle = 0;
export const pending = 1;
export const stands = 2;

/**
 * A limit as far as its memory goes: `slots` names its numbers behind the common ones. `masked` are the places that are
 * forgotten under a mask, `unwatched` those that are forgotten beside them where nobody looks.
 */
export type Remembered = {
  name: string;
  station?: string;
  slots: readonly string[];
  masked: readonly number[];
  unwatched: readonly number[];
};

export function emptyLimitMemory(limits: readonly Remembered[]): LimitMemory {
  const length = limits.reduce((sum, limit) => sum + slotsOf(limit), 0);
  return new Array<number>(length).fill(0);
}

/** How many numbers a limit remembers. */
export function slotsOf({ slots }: Remembered): number {
  return commonSlots + slots.length;
}

/** Where the numbers of each limit begin. */
export function memoryPlaces(limits: readonly Remembered[]): readonly number[] {
  let at = 0;
  return limits.map((limit) => {
    const place = at;
    at += slotsOf(limit);
    return place;
  });
}

/** Forgets all of it: what still violates is raised as if it had just begun. */
export function forget(memory: LimitMemory, at: number, limit: Remembered): void {
  memory.fill(0, at, at + slotsOf(limit));
}

/** Under a mask: forgets a violation that has not lasted long enough, and what led to it; a standing alarm stays. */
export function forgetMasked(memory: LimitMemory, at: number, { masked }: Remembered): void {
  if (memory[at + stateSlot] === pending) memory[at + stateSlot] = idle;
  memory[at + sideSlot] = 0;
  for (let i = 0; i < masked.length; i++) memory[at + masked[i]!] = 0;
}

/** The same of a limit that nobody looks at, and what opened its masks. */
export function forgetPending(memory: LimitMemory, at: number, limit: Remembered): void {
  forgetMasked(memory, at, limit);
  const { unwatched } = limit;
  for (let i = 0; i < unwatched.length; i++) memory[at + unwatched[i]!] = 0;
}

/** The same of every limit: nobody looked for a while. */
export function forgetAllPending(memory: LimitMemory, limits: readonly Remembered[]): void {
  memoryPlaces(limits).forEach((at, i) => {
    forgetPending(memory, at, limits[i]!);
  });
}

/** Of one limit, by the names of its numbers; zeros are left out. */
type NamedNumbers = Record<string, number>;
/** By the limit and its station. */
export type NamedMemory = Record<string, NamedNumbers>;

/** A memory as a checkpoint keeps it. */
export function namedMemory(memory: LimitMemory, limits: readonly Remembered[]): NamedMemory {
  const places = memoryPlaces(limits);
  const named = limits.map((limit, i): [string, NamedNumbers] => {
    const numbers = namesOf(limit).map((name, k) => [name, memory[places[i]! + k] ?? 0] as const);
    return [keyOf(limit), Object.fromEntries(numbers.filter(([, value]) => value !== 0))];
  });
  return Object.fromEntries(named.filter(([, numbers]) => Object.keys(numbers).length > 0));
}

/** The memory behind it. What it does not know yet is nothing; what nobody remembers any more is left out. */
export function memoryFrom(
  kept: NamedMemory | readonly number[],
  limits: readonly Remembered[],
): LimitMemory {
  const memory = emptyLimitMemory(limits);
  memoryPlaces(limits).forEach((at, i) => {
    const limit = limits[i]!;
    const numbers = isOfOld(kept) ? oldNumbers(kept, i) : (kept[keyOf(limit)] ?? {});
    namesOf(limit).forEach((name, k) => {
      memory[at + k] = numbers[name] ?? 0;
    });
  });
  return memory;
}

/** Until 0.1 a checkpoint had three numbers for each limit, by their place alone. */
function isOfOld(kept: NamedMemory | readonly number[]): kept is readonly number[] {
  return Array.isArray(kept);
}

function oldNumbers(kept: readonly number[], i: number): NamedNumbers {
  const [state = 0, since = 0, seen = 0] = kept.slice(3 * i, 3 * i + 3);
  return { state, since, seen };
}

function namesOf({ slots }: Remembered): readonly string[] {
  return [...everyLimit, ...slots];
}

function keyOf({ name, station }: Remembered): string {
  return station === undefined ? name : `${station}.${name}`;
}
