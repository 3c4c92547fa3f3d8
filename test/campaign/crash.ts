/** `npm run campaign:crash -- [rounds] [first]`: 200 rounds of kill -9 on the controller process. */
import { crashRound } from "./crash-rounds.js";

const [rounds = 200, first = 1] = process.argv.slice(2).map(Number);
let acknowledged = 0;
let bad = 0;
for (let round = first; round < first + rounds; round++) {
  const { killedAfterMs, wrong, ...rest } = await crashRound(round);
  acknowledged += rest.acknowledged;
  if (wrong.length > 0) bad++;
  const verdict = wrong.length === 0 ? "ok" : `WRONG: ${wrong.join("; ")}`;
  const facts = `${killedAfterMs} ms, ${rest.acknowledged} acknowledged, ${rest.events} there`;
  process.stdout.write(`round ${round}: ${facts}: ${verdict}\n`);
}
process.stdout.write(
  `${rounds} rounds, ${acknowledged} events acknowledged, ${bad} rounds wrong\n`,
);
process.exitCode = bad === 0 ? 0 : 1;
