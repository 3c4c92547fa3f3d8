import type { ElapsedMs } from "../base/clock.js";
import type { Asked } from "./framer.js";
import { answerAt, confusable, sameRequest } from "./match.js";

type Missing = Asked & { until: ElapsedMs };

/**
 * The quarantine of an RTU line. RTU frames carry no number: an answer that comes after its timeout
 * looks exactly like the answer to the next request of that unit, function and length. So every
 * request that got no answer is remembered. Until its late window is over, or the late answer has
 * been seen, no request goes out that it could be taken for. After the window a read is trusted
 * again only behind a probe: a shorter read, whose answer is distinguishable and, as devices answer
 * in order, shows that nothing older is under way.
 */
export class LateAnswers {
  #missing: Missing[] = [];

  /** `asked` got no answer; its late window ends at `until`. */
  expect(asked: Asked, until: ElapsedMs): void {
    if (shorter(asked) !== undefined) {
      // One is enough: no second read of its kind goes out before a probe was answered.
      this.#missing = this.#missing.filter((m) => !confusable(m, asked));
    }
    this.#missing.push({ ...asked, until });
  }

  /**
   * When the late windows end of answers that could be taken for the answer to `asked`. A stop may
   * be sent before: `claim` then takes the first matching answer for the late one, and the stop is
   * at worst unconfirmed, never falsely confirmed.
   */
  clearAt(asked: Asked, now: ElapsedMs): ElapsedMs {
    if (this.#missing.length === 0) return now;
    this.#missing = this.#missing.filter((m) => m.until > now || shorter(m) !== undefined);
    let clear = now;
    for (const m of this.#missing) if (m.until > clear && confusable(m, asked)) clear = m.until;
    return clear;
  }

  /** The probe that must be answered before `asked` may go out, if any. */
  probeFor(asked: Asked): Asked | undefined {
    return this.#missing.some((m) => confusable(m, asked)) ? shorter(asked) : undefined;
  }

  /** The probe was answered: whatever else the unit was asked before will not come any more. */
  settle(probe: Asked): void {
    this.#missing = this.#missing.filter((m) => m.unit !== probe.unit || confusable(m, probe));
  }

  /**
   * Length of the late answer that stands at `at`, which is then no longer missing; 0 when none does.
   * The answer to the very request that is under way now is left to it: a write's confirmation is
   * true either way, and a probe's proves the same.
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

/** The same read with a shorter answer; undefined for writes and for reads that have none. */
function shorter({ unit, request }: Asked): Asked | undefined {
  if (request.kind === "write") return undefined;
  const bits = request.table === "coil" || request.table === "discrete";
  const count = bits ? (Math.ceil(request.count / 8) - 1) * 8 : request.count - 1;
  return count === 0 ? undefined : { unit, request: { ...request, count } };
}
