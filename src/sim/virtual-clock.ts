import type { Cancel, Clock, ElapsedMs, EpochMs } from "../base/clock.js";
import { assert } from "../base/error.js";

/** Either a sleeper to `wake`, or `work` that says whether it woke anybody. */
type Sleeper = {
  due: ElapsedMs;
  order: number;
  wake: () => void;
  work: (() => boolean) | undefined;
  over: boolean;
};

/** So many jumps in a row, then the machine's own events (sockets, workers, signals) get a turn. */
const jumpsPerTurn = 2000;

/** Cancelled sleepers stay in the heap until they are due, or until they are most of it. */
const fewestToSweep = 64;

const settled = Promise.resolve();
const nobody = () => {};

/**
 * Time that jumps: when no promise can go on by itself and nothing `outside` is pending, the clock is
 * set to the next sleeper and wakes it, one at a time, by due time and then in the order they went to
 * sleep. The same program therefore always runs in the same order. With nobody asleep it rests.
 *
 * How it knows that nothing can go on: Node runs a `process.nextTick` callback that was scheduled
 * from a microtask only after the whole microtask queue has drained, however long the chains are
 * (Node documentation, "When to use queueMicrotask() vs. process.nextTick()").
 */
export class VirtualClock implements Clock {
  #heap: Sleeper[] = [];
  #now: ElapsedMs = 0;
  #startWall: EpochMs;
  #order = 0;
  #cancelled = 0;
  #outside = 0;
  #jumps = 0;
  #settling = false;

  constructor(startWall: EpochMs) {
    this.#startWall = startWall;
  }

  wall(): EpochMs {
    return this.#startWall + this.#now;
  }

  elapsed(): ElapsedMs {
    return this.#now;
  }

  /** Moves the wall clock alone, as a time server or a person would. */
  stepWall(ms: number): void {
    this.#startWall += ms;
  }

  sleep(ms: number, cancel?: Cancel): Promise<void> {
    assert(!Number.isNaN(ms), "a length of sleep");
    if (cancel?.cancelled) return settled;
    return new Promise((resolve) => {
      const due = this.#now + Math.max(ms, 0);
      const order = this.#order++;
      const sleeper = { due, order, wake: resolve, work: undefined, over: false };
      if (cancel !== undefined) this.#listen(cancel, sleeper);
      this.#push(sleeper);
      this.#settle();
    });
  }

  /**
   * Calls `work` `ms` later, in its place among the sleepers. It answers whether it may have set a
   * promise going; when not, the clock goes on to the next sleeper at once, which saves the waiting
   * for promises that is most of the price of a sleep.
   */
  call(ms: number, work: () => boolean): void {
    const due = this.#now + Math.max(ms, 0);
    this.#push({ due, order: this.#order++, wake: nobody, work, over: false });
    this.#settle();
  }

  async outside<T>(work: Promise<T>): Promise<T> {
    this.#outside++;
    try {
      return await work;
    } finally {
      this.#outside--;
      this.#settle();
    }
  }

  #listen(cancel: Cancel, sleeper: Sleeper): void {
    const wake = sleeper.wake;
    const stop = cancel.listen(() => {
      sleeper.over = true;
      this.#cancelled++;
      wake();
    });
    sleeper.wake = () => {
      stop();
      wake();
    };
  }

  #settle(): void {
    if (this.#settling) return;
    this.#settling = true;
    void settled.then(this.#nextTick);
  }

  #nextTick = (): void => {
    process.nextTick(this.#jump);
  };

  #jump = (): void => {
    this.#settling = false;
    if (this.#outside > 0) return;
    for (let woke = false; !woke; ) {
      const sleeper = this.#next();
      this.#settling = sleeper !== undefined;
      if (sleeper === undefined) return;
      this.#now = sleeper.due;
      sleeper.over = true;
      woke = wake(sleeper);
      this.#jumps++;
    }
    if (this.#jumps < jumpsPerTurn) void settled.then(this.#nextTick);
    else {
      this.#jumps = 0;
      setImmediate(this.#jump);
    }
  };

  /** Takes the next sleeper off the heap; undefined when nobody sleeps, or only for ever. */
  #next(): Sleeper | undefined {
    if (this.#cancelled > fewestToSweep && this.#cancelled * 2 > this.#heap.length) this.#sweep();
    while (this.#heap[0]?.over) {
      this.#cancelled--;
      this.#pop();
    }
    return this.#heap[0]?.due === Number.POSITIVE_INFINITY ? undefined : this.#pop();
  }

  #sweep(): void {
    const alive = this.#heap.filter((s) => !s.over);
    // A sorted array is a heap.
    this.#heap = alive.sort((a, b) => (before(a, b) ? -1 : 1));
    this.#cancelled = 0;
  }

  #push(sleeper: Sleeper): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(sleeper);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up]!;
      if (before(parent, sleeper)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = sleeper;
  }

  #pop(): Sleeper | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      const left = heap[down];
      if (left === undefined) break;
      const right = heap[down + 1];
      if (right !== undefined && before(right, left)) down++;
      const child = heap[down]!;
      if (before(last, child)) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = last;
    return top;
  }
}

/** Tells whether a promise may have been set going. */
function wake(sleeper: Sleeper): boolean {
  if (sleeper.work !== undefined) return sleeper.work();
  sleeper.wake();
  return true;
}

function before(a: Sleeper, b: Sleeper): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}
