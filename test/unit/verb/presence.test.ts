import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/random.js";
import {
  closedForMs,
  codeLivesMs,
  isPass,
  newPresence,
  passLivesMs,
  presenceAt,
  taking,
  tryCode,
  tryPass,
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

  it("is taken to one other terminal, whose pass is good until ten minutes after its last use", () => {
    const draws = random();
    const taken = taking(newPresence(0, draws), "mei", 0, draws);
    const { pass } = taken.taken!;
    expect(isPass(pass)).toBe(true);
    const used = tryPass(taken, pass, passLivesMs - 1);
    expect(used.isThere).toBe(true);
    expect(tryPass(used.presence, pass, 2 * passLivesMs - 2).isThere).toBe(true);
    const late = tryPass(used.presence, pass, 2 * passLivesMs - 1);
    expect(late).toMatchObject({ isThere: false });
    expect(late.why).toContain("ten minutes");
  });

  it("moves with the next one who takes it, and a wrong pass closes nothing", () => {
    const draws = random();
    const first = taking(newPresence(0, draws), "mei", 0, draws);
    const second = taking(first, "jo", 0, draws);
    const tried = tryPass(second, first.taken!.pass, 1);
    expect(tried).toMatchObject({ isThere: false, presence: second });
    expect(tried.why).toBe("presence is with jo at another terminal");
  });

  it("stays taken when a code is used, and when codes are closed", () => {
    const draws = random();
    const taken = taking(newPresence(0, draws), "mei", 0, draws);
    const used = tryCode(taken, taken.code, 1, draws).presence;
    expect(used.taken).toEqual(taken.taken);
    let closed = used;
    for (let i = 0; i < wrongAtMost; i++) closed = tryCode(closed, "1", 2, draws).presence;
    expect(tryPass(closed, taken.taken!.pass, 3).isThere).toBe(true);
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
