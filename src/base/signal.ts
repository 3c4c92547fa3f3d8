import { Cancel, type Clock } from "./clock.js";

/** Something that changes again and again: whoever waits for it is woken each time. */
export class Signal {
  #next = new Cancel();

  /** Wakes everybody who waits now. */
  tell(): void {
    const now = this.#next;
    this.#next = new Cancel();
    now.cancel();
  }

  /** Resolves when it is told the next time, or `ms` later. */
  wait(clock: Clock, ms: number): Promise<void> {
    if (Number.isFinite(ms)) return clock.sleep(ms, this.#next);
    return new Promise((resolve) => {
      this.#next.listen(resolve);
    });
  }
}
