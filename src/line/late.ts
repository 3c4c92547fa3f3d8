import type { ElapsedMs } from "../base/clock.js";
import type { Asked } from "./framer.js";
import { answerAt, confusable, sameRequest } from "./match.js";

type Missing = Asked & { until: ElapsedMs };

/**
 * The quarantine of an RTU line. RTU frames carry no number: an answer that comes after its timeout
 * looks exactly like the answer to the next request of that unit, function and length. So every
 * request that got no answer is remembered for its late window; until then, or until the late answer
 * has been seen, no request goes out that it could be taken for.
 */
export class LateAnswers {
  #missing: Missing[] = [];

  /** `asked` got no answer; one may still come until `until`. */
  expect(asked: Asked, until: ElapsedMs): void {
    this.#missing.push({ ...asked, until });
  }

  /**
   * From when on `asked` cannot be mistaken. A stop may be sent before: `claim` then takes the first
   * matching answer for the late one, and the stop is at worst unconfirmed, never falsely confirmed.
   */
  clearAt(asked: Asked, now: ElapsedMs): ElapsedMs {
    if (this.#missing.length === 0) return now;
    this.#missing = this.#missing.filter((m) => m.until > now);
    let clear = now;
    for (const m of this.#missing) if (confusable(m, asked) && m.until > clear) clear = m.until;
    return clear;
  }

  /**
   * Length of the late answer that stands at `at`, which is then no longer missing; 0 when none does.
   * The confirmation of the very write that is under way now is left to it: it is true either way.
   */
  claim(bytes: Uint8Array, at: number, end: number, now: Asked | undefined): number {
    for (let i = 0; i < this.#missing.length; i++) {
      const m = this.#missing[i]!;
      if (now !== undefined && m.unit === now.unit && sameRequest(m.request, now.request)) continue;
      const length = answerAt(bytes, at, end, m);
      if (length === 0) continue;
      this.#missing.splice(i, 1);
      return length;
    }
    return 0;
  }
}
