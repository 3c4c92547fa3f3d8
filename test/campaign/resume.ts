/**
 * `npm run campaign:resume -- [rounds] [first] [at once]`: 200 runs, each interrupted twice (kill -9, a
 * person's leave or abort, a trip of a station, a line that is away) and gone on with, five of them at a time: mostly
 * they wait for a shaft to stand.
 */
import { resumeRound } from "./resume-rounds.js";

const [rounds = 200, first = 1, atOnce = 5] = process.argv.slice(2).map(Number);
let next = first;
let acknowledged = 0;
let bad = 0;

async function some(): Promise<void> {
  while (next < first + rounds) await one(next++);
}

async function one(round: number): Promise<void> {
  const { interrupted, wrong, turns, ...rest } = await resumeRound(round);
  acknowledged += rest.acknowledged;
  if (wrong.length > 0) bad++;
  const verdict = wrong.length === 0 ? "ok" : `WRONG: ${wrong.join("; ")}`;
  const [truth, least, most] = turns.map((n) => n.toFixed(2));
  const facts = `${interrupted.join(", then ")}, ${rest.acknowledged} acknowledged, ${rest.events} there`;
  process.stdout.write(
    `round ${round}: ${facts}, turned ${truth} of [${least}, ${most}]: ${verdict}\n`,
  );
}

await Promise.all(Array.from({ length: atOnce }, some));
process.stdout.write(
  `${rounds} rounds, ${2 * rounds} interruptions, ${acknowledged} events acknowledged, ${bad} rounds wrong\n`,
);
process.exitCode = bad === 0 ? 0 : 1;
