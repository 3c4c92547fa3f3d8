/** Proof that somebody stands at the rig: six digits that only the keeper's own terminal shows. Pure. */
import type { ElapsedMs } from "../base/clock.js";
import type { Random } from "../base/random.js";

/** A code is for one use, and for so long. */
export const codeLivesMs = 10 * 60_000;
/** So many wrong codes in a row, then none is taken for a while: a million cannot be tried. */
export const wrongAtMost = 3;
export const closedForMs = 60_000;

/** A terminal that has taken presence keeps it so long after each word that needs it. */
export const passLivesMs = 10 * 60_000;

/** The one terminal, beside the keeper's own, whose words count as typed at the rig. */
export type Taken = {
  /** What that terminal gives in the place of a code. */
  readonly pass: string;
  readonly by: string;
  readonly usedAt: ElapsedMs;
};

export type Presence = {
  readonly code: string;
  readonly madeAt: ElapsedMs;
  /** Wrong codes since the last right one. */
  readonly wrong: number;
  readonly closedUntil: ElapsedMs;
  readonly taken?: Taken;
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
    return { presence: withTaken(newPresence(now, random), presence), isThere: true, why: "" };
  }
  const why = "the token is not the one at the keeper's terminal now";
  return { presence: afterWrong(presence, now, random), isThere: false, why };
}

function afterWrong(presence: Presence, now: ElapsedMs, random: Random): Presence {
  const wrong = presence.wrong + 1;
  if (wrong < wrongAtMost) return { ...presence, wrong };
  return withTaken({ ...newPresence(now, random), closedUntil: now + closedForMs }, presence);
}

function withTaken(fresh: Presence, { taken }: Presence): Presence {
  return taken === undefined ? fresh : { ...fresh, taken };
}

/** From here on this terminal has it, and no other that had taken it before. */
export function taking(presence: Presence, by: string, now: ElapsedMs, random: Random): Presence {
  return { ...presence, taken: { pass: newSecret(random), by, usedAt: now } };
}

/** A pass is no code: a wrong one is one that somebody else has taken from, or that has had its time. */
export function isPass(token: string): boolean {
  return /^[0-9a-f]{32}$/.test(token);
}

export function tryPass(presence: Presence, pass: string, now: ElapsedMs): Tried {
  const { taken } = presence;
  const isOver = taken === undefined || now - taken.usedAt >= passLivesMs;
  if (!isOver && taken.pass === pass) {
    return { presence: { ...presence, taken: { ...taken, usedAt: now } }, isThere: true, why: "" };
  }
  const why = isOver
    ? "this terminal has said nothing for ten minutes: its presence is over"
    : `presence is with ${taken.by} at another terminal`;
  return { presence, isThere: false, why };
}

/** 128 bits: nobody tries them. */
export function newSecret(random: Random): string {
  const word = () => Math.floor(random() * 2 ** 32).toString(16);
  return Array.from({ length: 4 }, () => word().padStart(8, "0")).join("");
}

function newCode(random: Random): string {
  return String(Math.floor(random() * 1e6)).padStart(6, "0");
}
