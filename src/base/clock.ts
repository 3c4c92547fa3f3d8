/** Milliseconds since the Unix epoch, UTC. Never used for durations. */
export type EpochMs = number;
/** Milliseconds on a clock that never steps; its zero is arbitrary. */
export type ElapsedMs = number;

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
  #listeners: (() => void)[] = [];

  get cancelled(): boolean {
    return this.#done;
  }

  cancel(): void {
    if (this.#done) return;
    this.#done = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }

  /** Calls back once on cancel (at once if it already happened); returns how to stop listening. */
  listen(listener: () => void): () => void {
    if (this.#done) {
      listener();
      return () => {};
    }
    this.#listeners.push(listener);
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

/** The machine's clock. */
export class RealClock implements Clock {
  wall(): EpochMs {
    return Date.now();
  }

  elapsed(): ElapsedMs {
    return performance.now();
  }

  sleep(ms: number, cancel?: Cancel): Promise<void> {
    const due = performance.now() + ms;
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      let stopListening = () => {};
      let over = false;
      const end = () => {
        if (over) return;
        over = true;
        if (timer !== undefined) clearTimeout(timer);
        stopListening();
        resolve();
      };
      const turn = () => {
        if (over) return;
        const left = due - performance.now();
        if (left <= 0) return end();
        if (left >= timerGrainMs) {
          timer = setTimeout(wake, Math.min(left - timerGrainMs, longestTimerMs));
          return;
        }
        nap(left);
        setImmediate(turn);
      };
      // Woken late: what came in meanwhile is looked at before anybody says that it did not come.
      const wake = () => (performance.now() < due ? turn() : setImmediate(turn));
      if (cancel !== undefined) stopListening = cancel.listen(end);
      turn();
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
