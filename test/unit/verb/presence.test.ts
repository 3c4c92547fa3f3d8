import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/random.js";
import {
  closedForMs,
  codeLivesMs,
  newPresence,
  presenceAt,
  tryCode,
  wrongAtMost,
} from "../../../src/verb/presence.js";

const random = () => randomStream(7, "presence");

describe("presence", () => {
  it("is shown by six digits, leading noughts included", () => {
    const draws = randomStream(1, "codes");
    const codes = Array.from({ length: 2000 }, () => newPresence(0, draws).code);
    for (const code of codes) expect(code).toMatch(/^\d{6}$/);
    expect(codes.some((code) => code.startsWith("0"))).toBe(true);
    expect(new Set(codes).size).toBeGreaterThan(1900);
    expect(newPresence(0, () => 1 - 2 ** -32).code).toBe("999999");
  });

  it("is proven once by a code: the next one is another", () => {
    const draws = random();
    const first = newPresence(0, draws);
    const tried = tryCode(first, first.code, 1000, draws);
    expect(tried.isThere).toBe(true);
    expect(tried.presence.code).not.toBe(first.code);
    expect(tryCode(tried.presence, first.code, 2000, draws).isThere).toBe(false);
  });

  it("is not proven by a code of more than ten minutes ago", () => {
    const draws = random();
    const first = newPresence(0, draws);
    expect(presenceAt(first, codeLivesMs - 1, draws)).toEqual(first);
    expect(presenceAt(first, codeLivesMs, draws).code).not.toBe(first.code);
    expect(tryCode(first, first.code, codeLivesMs, draws).isThere).toBe(false);
  });

  it("takes none for a minute after three wrong ones, and then only a new one", () => {
    const draws = random();
    const first = newPresence(0, draws);
    let presence = first;
    for (let i = 0; i < wrongAtMost; i++) {
      const tried = tryCode(presence, "nonsense", 10, draws);
      expect(tried.isThere).toBe(false);
      presence = tried.presence;
    }
    const right = tryCode(presence, presence.code, 10 + closedForMs - 1, draws);
    expect(right.isThere).toBe(false);
    expect(right.why).toBe("too many wrong tokens: none is taken for 1 s");
    expect(presence.code).not.toBe(first.code);
    expect(tryCode(presence, presence.code, 10 + closedForMs, draws).isThere).toBe(true);
  });

  it("forgets wrong ones after a right one", () => {
    const draws = random();
    const first = newPresence(0, draws);
    const wrong = tryCode(first, "1", 0, draws).presence;
    const right = tryCode(wrong, wrong.code, 0, draws).presence;
    expect(right.wrong).toBe(0);
    expect(right.closedUntil).toBe(0);
  });
});
