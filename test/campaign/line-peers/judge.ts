/** Was a value that passed for good really the answer to the question that it was taken for? */
import type { Question } from "./question.js";

/** One reading or one confirmed write as the program under test took it. */
export type Taken = {
  unit: number;
  code: number;
  address: number;
  values: readonly number[];
  /** The question was asked within this time. */
  fromMs: number;
  toMs: number;
};

export type Clock = "atMs" | "wallMs";

/** Undefined when it was; else what is wrong with it. `clock` says on which one its times are. */
export function wrongness(
  taken: Taken,
  questions: readonly Question[],
  clock: Clock,
): string | undefined {
  const carried = questions.filter((q) => q.outcome === "done" && q.unit === taken.unit);
  const own = carried.filter((q) => q.code === taken.code && holds(q, taken));
  if (own.some((q) => q[clock] >= taken.fromMs && q[clock] <= taken.toMs)) return undefined;
  const what = `${taken.code} @${taken.address} [${taken.values}]`;
  const last = own.filter((q) => q[clock] < taken.fromMs).at(-1);
  if (last !== undefined) {
    return `${what} is the answer to a question of ${Math.round(taken.fromMs - last[clock])} ms before`;
  }
  const other = carried.filter((q) => q.code === taken.code && holdsElsewhere(q, taken)).at(-1);
  if (other === undefined) return `${what} was never served to any question`;
  return `${what} is the answer to question ${other.n} for @${other.address}`;
}

/** Did it serve, or take, just these values at this address? */
function holds({ address, values }: Question, taken: Taken): boolean {
  const offset = taken.address - address;
  return offset >= 0 && taken.values.every((value, i) => values[offset + i] === value);
}

function holdsElsewhere({ values }: Question, taken: Taken): boolean {
  return taken.values.every((value, i) => values[i] === value);
}
