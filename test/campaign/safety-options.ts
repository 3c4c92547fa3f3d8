/** What a campaign of safety rounds may be told. */
export const sabotages = ["unwatched-held", "no-silence", "echo-is-proof", "plan-late"] as const;
export type Sabotage = (typeof sabotages)[number];

/** One round: what happened in it, for people, and what was promised and not kept. */
export type Round = { story: string[]; violations: string[] };
