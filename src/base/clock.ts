import { type Sleeper, Sleepers } from "./sleepers.js";

// Three clocks, three types. A number fits each of them, a time of one never fits another: what `zero` says is only for
// the compiler, no number has it.

/** Milliseconds since the Unix epoch, UTC. Never used for durations. */
export type EpochMs = number & { readonly zero?: "epoch" };
/** Milliseconds on the machine's clock, which never steps; its zero is arbitrary. */
export type ElapsedMs = number & { readonly zero?: "machine" };
/** Milliseconds on a run's own clock: since its first start, outages counted by the wall. */
export type RunMs = number & { readonly zero?: "run" };

/**
 * Time as an argument: two questions, one wait. The real clock is below, the virtual one in `sim`.
 * Nothing else in the sources may ask the machine for time (`test/tidy.test.ts`).
 */
export interface Clock {
  wall(): EpochMs;
  elapsed(): ElapsedMs;
  /** Resolves `ms` later, never early. With `cancel`, resolves at once when it is cancelled. */
  sleep(ms: number, cancel?: Cancel): Promise<void>;
  /**
   * Waits for something outside this clock's world (disk, worker thread, a person). Virtual time
   * stands still meanwhile; the real clock just waits.
   */
  outside<T>(work: Promise<T>): Promise<T>;
}

/** A light one-shot cancel: cheaper than AbortController on the exchange path. */
export class Cancel {
  #done = false;
  #listeners: readonly (() => void)[] = [];

  get cancelled(): boolean {
    return this.#done;
  }

  cancel(): void {
    if (this.#done) return;
    this.#done = true;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }

  /** Calls back once on cancel (at once if it already happened); returns how to stop listening. */
  listen(listener: () => void): () => void {
    if (this.#done) {
      listener();
      return () => {};
    }
    // There is nearly always one.
    this.#listeners = this.#listeners.length === 0 ? [listener] : [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((l) => l !== listener);
    };
  }
}

/** `work`, or `late()` when it has not settled `ms` later. The work itself is not stopped. */
export async function withDeadline<T>(
  clock: Clock,
  work: Promise<T>,
  ms: number,
  late: () => T,
): Promise<T> {
  const cancel = new Cancel();
  // Cancelling wakes the sleeper too; that must not count as being late.
  const timer = clock.sleep(ms, cancel).then(() => (cancel.cancelled ? work : late()));
  try {
    return await Promise.race([work, timer]);
  } finally {
    cancel.cancel();
  }
}

const awake = Promise.resolve();

/** A timer may fire a whole millisecond late; so much of a sleep is spent in short naps. */
const timerGrainMs = 1.2;
/** Between two naps the event loop turns: nothing else waits longer than this for a sleeper. */
const napMs = 0.5;
/** The system wakes a sleeper so much later than asked. */
const napLateMs = 0.06;
const napCell = new Int32Array(new SharedArrayBuffer(4));

/** Lets the processor rest for less than a timer can. Nobody wakes the cell. */
function nap(ms: number): void {
  if (ms > napLateMs) Atomics.wait(napCell, 0, 0, Math.min(ms - napLateMs, napMs));
}

/** Everybody who sleeps on the machine's clock, and the one timer that wakes them. */
const sleepers = new Sleepers();
let timer: NodeJS.Timeout | undefined;
/** When it fires. */
let armedFor: ElapsedMs = 0;
/** The event loop is already looking at the sleepers at every turn. */
let isTurning = false;

/** Sees to it that the first to wake is woken. The timer stays where it fires early enough: it is armed again then. */
function arm(): void {
  const { first } = sleepers;
  if (first === undefined || isTurning) return;
  const left = first.due - performance.now();
  if (left < timerGrainMs) {
    isTurning = true;
    setImmediate(turn);
    return;
  }
  const wakeAt = first.due - timerGrainMs;
  if (timer !== undefined) {
    if (wakeAt >= armedFor) return;
    clearTimeout(timer);
  }
  armedFor = wakeAt;
  timer = setTimeout(wake, Math.min(left - timerGrainMs, longestTimerMs));
}

function wake(): void {
  timer = undefined;
  arm();
}

/** Wakes all whose time has come: the event loop has just looked at what came in meanwhile. */
function turn(): void {
  isTurning = false;
  const now = performance.now();
  for (let { first } = sleepers; first !== undefined && first.due <= now; { first } = sleepers) {
    sleepers.remove(first);
    first.wake();
  }
  const { first } = sleepers;
  if (first === undefined) timer?.unref();
  else if (first.due - performance.now() < timerGrainMs) nap(first.due - performance.now());
  arm();
}

/** Cancelled, it wakes at once. Nobody left: the timer holds the process no longer. */
function endOn(cancel: Cancel, sleeper: Sleeper): void {
  const { wake } = sleeper;
  const stopListening = cancel.listen(() => {
    if (!sleepers.remove(sleeper)) return;
    if (sleepers.count === 0) timer?.unref();
    wake();
  });
  sleeper.wake = () => {
    stopListening();
    wake();
  };
}

/** The machine's clock. */
export class RealClock implements Clock {
  wall(): EpochMs {
    return Date.now();
  }

  elapsed(): ElapsedMs {
    return performance.now();
  }

  sleep(ms: number, cancel?: Cancel): Promise<void> {
    if (!(ms > 0) || cancel?.cancelled === true) return awake;
    return new Promise((resolve) => {
      const sleeper: Sleeper = { due: performance.now() + ms, wake: resolve, at: -1 };
      sleepers.add(sleeper);
      if (cancel !== undefined) endOn(cancel, sleeper);
      if (sleepers.count === 1) timer?.ref();
      if (sleepers.first === sleeper) arm();
    });
  }

  outside<T>(work: Promise<T>): Promise<T> {
    return work;
  }
}

/** Node fires timers beyond 2^31-1 ms at once; longer sleeps are made of several. */
const longestTimerMs = 2 ** 31 - 1;

/** Makes the event loop turn once more, where it would go to sleep with promises still to be settled. */
export function turnOnce(): void {
  setImmediate(() => {});
}

/** Resolves when the event loop has looked once at everything that came in. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
