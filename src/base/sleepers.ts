/** One who sleeps until `due`, in ms of its clock. */
export type Sleeper = {
  readonly due: number;
  wake: () => void;
  /** Its place among the sleepers; -1 when it is not there. */
  at: number;
};

/**
 * Who sleeps, the next to wake first: a binary heap that can also lose one from its middle, since nearly every sleep on
 * a line is a deadline that is not reached.
 */
export class Sleepers {
  readonly #heap: Sleeper[] = [];

  /** The next to wake. */
  get first(): Sleeper | undefined {
    return this.#heap[0];
  }

  get count(): number {
    return this.#heap.length;
  }

  add(sleeper: Sleeper): void {
    this.#heap.push(sleeper);
    this.#rise(sleeper, this.#heap.length - 1);
  }

  /** False when it was not there any more. */
  remove(sleeper: Sleeper): boolean {
    const { at } = sleeper;
    if (at < 0) return false;
    sleeper.at = -1;
    const last = this.#heap.pop()!;
    if (last === sleeper) return true;
    this.#rise(last, at);
    this.#sink(last);
    return true;
  }

  #rise(sleeper: Sleeper, from: number): void {
    let at = from;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = this.#heap[up]!;
      if (parent.due <= sleeper.due) break;
      this.#put(parent, at);
      at = up;
    }
    this.#put(sleeper, at);
  }

  #sink(sleeper: Sleeper): void {
    let { at } = sleeper;
    for (;;) {
      const left = this.#heap[2 * at + 1];
      const right = this.#heap[2 * at + 2];
      if (left === undefined) break;
      const child = right !== undefined && right.due < left.due ? right : left;
      if (sleeper.due <= child.due) break;
      const down = child.at;
      this.#put(child, at);
      at = down;
    }
    this.#put(sleeper, at);
  }

  #put(sleeper: Sleeper, at: number): void {
    this.#heap[at] = sleeper;
    sleeper.at = at;
  }
}
