/** Proof that somebody stands at the rig: six digits that only the keeper's own terminal shows. Pure. */
import type { ElapsedMs } from "../base/clock.js";
import type { Random } from "../base/random.js";

/** A code is for one use, and for so long. */
export const codeLivesMs = 10 * 60_000;
/** So many wrong codes in a row, then none is taken for a while: a million cannot be tried. */
export const wrongAtMost = 3;
export const closedForMs = 60_000;

export type Presence = {
  readonly code: string;
  readonly madeAt: ElapsedMs;
  /** Wrong codes since the last right one. */
  readonly wrong: number;
  readonly closedUntil: ElapsedMs;
};

export type Tried = { presence: Presence; isThere: boolean; why: string };

export function newPresence(now: ElapsedMs, random: Random): Presence {
  return { code: newCode(random), madeAt: now, wrong: 0, closedUntil: now };
}

/** As it is now: with a new code where the one before has had its time. */
export function presenceAt(presence: Presence, now: ElapsedMs, random: Random): Presence {
  const isOld = now - presence.madeAt >= codeLivesMs;
  return isOld ? { ...presence, code: newCode(random), madeAt: now } : presence;
}

/** A right code is used up. `why` says what would be right. */
export function tryCode(before: Presence, code: string, now: ElapsedMs, random: Random): Tried {
  const presence = presenceAt(before, now, random);
  if (now < presence.closedUntil) {
    const seconds = Math.ceil((presence.closedUntil - now) / 1000);
    return {
      presence,
      isThere: false,
      why: `too many wrong tokens: none is taken for ${seconds} s`,
    };
  }
  if (code.trim() === presence.code) {
    return { presence: newPresence(now, random), isThere: true, why: "" };
  }
  const why = "the token is not the one at the keeper's terminal now";
  return { presence: afterWrong(presence, now, random), isThere: false, why };
}

function afterWrong(presence: Presence, now: ElapsedMs, random: Random): Presence {
  const wrong = presence.wrong + 1;
  if (wrong < wrongAtMost) return { ...presence, wrong };
  return { ...newPresence(now, random), closedUntil: now + closedForMs };
}

function newCode(random: Random): string {
  return String(Math.floor(random() * 1e6)).padStart(6, "0");
}
