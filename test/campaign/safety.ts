/**
 * Random faults of line, device, machine and person in every state of a run, and one promise: no actuator has energy for
 * longer than the stated reaction without having acted or a message that names it (docs/safety.md).
 * `npm run campaign:safety -- --rounds 1000 --seed 1 --real 50`; `--sabotage` makes a mistake that it must find, `--jobs`
 * says how many processes play at once. Every ten seconds a line on stderr says how far it is.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { formatDuration } from "../../src/base/quantity.js";
import { playRounds } from "./safety-jobs.js";
import { type Played, sabotages, type Task } from "./safety-options.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    real: { type: "string", default: "0" },
    jobs: { type: "string", default: String(Math.max(2, availableParallelism())) },
    sabotage: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});
const sabotage = sabotages.find((name) => name === values.sabotage);
if (values.sabotage !== undefined && sabotage === undefined) {
  throw new Error(`--sabotage: found ${values.sabotage}, expected one of ${sabotages.join(", ")}`);
}
const jobs = Number(values.jobs);
if (!(Number.isInteger(jobs) && jobs > 0)) throw new Error("--jobs: a whole number above 0");
const first = Number(values.seed);
const tasksOf = (kind: Task["kind"], count: string): Task[] =>
  Array.from({ length: Number(count) }, (_, i) => ({ kind, seed: first + i }));
const tasks = [...tasksOf("virtual", values.rounds), ...tasksOf("real", values.real)];

const progressMs = 10_000;
const beganAtMs = performance.now();
let played = 0;
let violations = 0;
let mostMb = 0;

function judge({ kind, seed, round, rssMb }: Played): void {
  played++;
  violations += round.violations.length;
  mostMb = Math.max(mostMb, rssMb);
  if (round.violations.length === 0 && !values.verbose) return;
  console.log(`${kind} round, seed ${seed}:`);
  for (const line of round.story) console.log(`  ${line}`);
  for (const line of round.violations) console.log(`  VIOLATION ${line}`);
}

function showProgress(): void {
  const tookMs = performance.now() - beganAtMs;
  const leftMs = (tookMs / played) * (tasks.length - played);
  const left =
    played === 0 ? "" : `, about ${formatDuration(Math.round(leftMs / 1000) * 1000)} left`;
  const memory = `${mostMb.toFixed(0)} MB at most`;
  console.error(`${played} of ${tasks.length} rounds, ${violations} violations${left}, ${memory}`);
}

const progress = setInterval(showProgress, progressMs);
await playRounds(tasks, jobs, sabotage, judge);
clearInterval(progress);
console.log(`${played} rounds, ${violations} violations`);
process.exit(violations === 0 ? 0 : 1);
