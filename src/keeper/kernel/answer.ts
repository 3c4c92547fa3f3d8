/** What an answer says about a question of the safe plan. */
import { compilePoint } from "../../device/codec.js";
import { fieldMask, holdsWords } from "../../device/encoding.js";
import { identityMismatch } from "../../device/identity.js";
import type { Reply } from "../../line/line.js";
import type { Ask, PlanWrite } from "../../rig/safe-plan.js";

/** yes, no, or nothing that could be judged (silence, refusal, no value). */
export type Verdict = "yes" | "no" | "unknown";

/** `beyond` is how far outside its bounds the value lies, 0 within; NaN where there are none. */
export type Judged = { verdict: Verdict; said: string; beyond: number };

export function judge(question: Ask, reply: Reply): Judged {
  const { test, name, point } = question;
  if (!reply.ok) return unbounded("unknown", `${name}: ${reply.detail}`);
  const words = Array.from(reply.words);
  if ("words" in test) return judgeWords(name, test.words, words, fieldMask(point));
  const codec = compilePoint(point, question.parameters);
  if ("identity" in test) {
    const mismatch = identityMismatch(test.identity, codec.raw(words, 0));
    return unbounded(mismatch === undefined ? "yes" : "no", mismatch ?? `${name} is right`);
  }
  const value = codec.decodeValue(words, 0, question.factor);
  if (Number.isNaN(value)) return unbounded("unknown", `${name} has no value`);
  const said = `${name} is ${codec.word(value) ?? Math.round(value * 1000) / 1000}`;
  const [least, most] = "between" in test ? test.between : [value, value];
  const anyOf = "anyOf" in test ? test.anyOf : [value];
  const away = Math.min(...anyOf.map((wanted) => Math.abs(value - wanted)));
  const rounding = 1e-9 * Math.max(1, Math.abs(value));
  const beyond = Math.max(least - value, value - most, away - rounding, 0);
  return { verdict: beyond === 0 ? "yes" : "no", said, beyond };
}

/** Does the register hold what was written? */
export function judgeHeld({ name, request }: PlanWrite, reply: Reply): Judged {
  if (reply.ok) return judgeWords(name, request.values, Array.from(reply.words), request.mask);
  return unbounded("unknown", `${name}: ${reply.detail}`);
}

function judgeWords(name: string, wanted: readonly number[], held: number[], mask?: number) {
  if (holdsWords(wanted, held, mask)) return unbounded("yes", `${name} holds its safe value`);
  return unbounded("no", `${name} reads back ${held.join(" ")} instead of ${wanted.join(" ")}`);
}

function unbounded(verdict: Verdict, said: string): Judged {
  return { verdict, said, beyond: Number.NaN };
}
