/** What a campaign of safety rounds may be told, and what its processes say to one another. */
export const sabotages = ["unwatched-held", "no-silence", "echo-is-proof", "plan-late"] as const;
export type Sabotage = (typeof sabotages)[number];

/** One round: what happened in it, for people, and what was promised and not kept. */
export type Round = { story: string[]; violations: string[] };

export type Task = { kind: "virtual" | "real"; seed: number };

/** `rssMb`: what the process that played it holds in memory. */
export type Played = Task & { round: Round; rssMb: number };
