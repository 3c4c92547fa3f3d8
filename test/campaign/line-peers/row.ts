/** One row of the campaign and what came of it. */

/** What a row asks for at once: registers, bits that lie together, one bit, or all of it with writes between. */
export const sizes = ["1", "2", "10", "bits", "bit", "mix"] as const;
export type Size = (typeof sizes)[number];

export type Result = {
  /** Exchanges of a row by the API, readings of a whole run. */
  asked: number;
  good: number;
  /** Values taken for good, or writes taken for confirmed, that were not; each in words. */
  wrong: string[];
  /** A device that should work and did not, or something that was not named. */
  failures: string[];
};

export type Row = {
  /** `late-0.5-once/rtu/1/api` */
  name: string;
  isQuick: boolean;
  /** Why it cannot run on this machine; undefined when it can. */
  missing(): Promise<string | undefined>;
  run(): Promise<Result>;
};

export function shareFailure(good: number, asked: number, atLeast: number): string | undefined {
  if (asked === 0) return "nothing was asked";
  const share = good / asked;
  if (share >= atLeast) return undefined;
  return `${(100 * share).toFixed(0)} % good, at least ${100 * atLeast} % expected`;
}
