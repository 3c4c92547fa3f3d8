/**
 * Random faults of line, device, machine and person in every state of a run, and one promise: no actuator has energy for
 * longer than the stated reaction without having acted or a message that names it (docs/safety.md).
 * `npm run campaign:safety -- --rounds 1000 --seed 1 --real 50`; `--sabotage` makes a mistake that it must find.
 */
import { parseArgs } from "node:util";
import { type Round, type Sabotage, sabotages } from "./safety-options.js";
import { realRound } from "./safety-real.js";
import { sabotageKeeper } from "./safety-sabotage.js";
import { virtualRound } from "./safety-virtual.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    real: { type: "string", default: "0" },
    sabotage: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});
const sabotage = sabotages.find((name) => name === values.sabotage);
if (values.sabotage !== undefined && sabotage === undefined) {
  throw new Error(`--sabotage: found ${values.sabotage}, expected one of ${sabotages.join(", ")}`);
}

let violations = 0;
function judge(kind: string, seed: number, { story, violations: found }: Round): void {
  violations += found.length;
  if (found.length === 0 && !values.verbose) return;
  console.log(`${kind} round, seed ${seed}:`);
  for (const line of story) console.log(`  ${line}`);
  for (const line of found) console.log(`  VIOLATION ${line}`);
}

async function virtualRounds(count: number, first: number, wrong: Sabotage | undefined) {
  sabotageKeeper(wrong);
  for (let seed = first; seed < first + count; seed++) {
    judge("virtual", seed, await virtualRound(seed, wrong));
  }
}

const [rounds, seed, real] = [values.rounds, values.seed, values.real].map(Number) as [
  number,
  number,
  number,
];
await virtualRounds(rounds, seed, sabotage);
for (let i = 0; i < real; i++) judge("real", seed + i, await realRound(seed + i));
console.log(`${rounds + real} rounds, ${violations} violations`);
process.exit(violations === 0 ? 0 : 1);
