/**
 * Coverage of 90 % bounds by simulation (seeded): how often bounds on the Weibull shape and B10 hold
 * the truth, by method, sample size and censoring (test stopped at the r-th failure, so that exact
 * bounds apply). `npm run campaign:coverage -- --samples 2000`.
 */
import { randomStream, weibull } from "../src/base/random.js";
import type { LifeRow } from "../src/life/data.js";
import { type Functional, lifeOf } from "../src/life/functional.js";
import { fitModel, type Model } from "../src/life/model.js";
import { pivotBounds, simulatePivots } from "../src/life/pivot.js";
import { fisherBounds, likelihoodBounds } from "../src/life/profile.js";
import { smallestExtremeValue as sev } from "../src/life/standard.js";
import { count, coverage, emptyTally } from "./coverage-tally.js";

const at = process.argv.indexOf("--samples");
const samples = at < 0 ? 2000 : Number(process.argv[at + 1]);
if (!Number.isInteger(samples) || samples < 1) throw new Error("--samples: a whole number above 0");

const z90 = 1.6448536269514722;
const [eta, beta] = [100, 2];
const shape: Functional = { entry: 1 };
const b10 = lifeOf(sev, 0.1);
const truths = [
  { name: "shape", f: shape, truth: -Math.log(beta) },
  { name: "B10", f: b10, truth: Math.log(eta) + sev.quantile(0.1) / beta },
];
const designs = [
  [5, 5],
  [10, 10],
  [10, 5],
  [20, 20],
  [20, 10],
  [50, 50],
  [50, 10],
  [100, 100],
  [100, 50],
] as const;

type Bounds = { lower: number; upper: number };

function draw(n: number, r: number, random: () => number): LifeRow[] {
  const times = Array.from({ length: n }, () => weibull(random, eta, beta)).sort((a, b) => a - b);
  return times.map((t, i) => ({
    kind: i < r ? "exact" : "right",
    time: i < r ? t : times[r - 1]!,
    count: 1,
    stress: {},
  }));
}

function exact(model: Model, f: Functional, pivots: Float64Array): Bounds {
  const quantity = (mu: number, sigma: number) =>
    "entry" in f ? Math.log(sigma) : f.at(mu, Math.log(sigma), 0);
  return pivotBounds(pivots, model.theta[0]!, Math.exp(model.theta[1]!), quantity, 0.05);
}

function row(n: number, r: number): string[] {
  const random = randomStream(7, `coverage/${n}/${r}`);
  const draws = 20_000;
  const pivots = simulatePivots({ family: "weibull", n, failures: r, draws, seed: 2, chunk: 0 });
  const tallies = truths.map(() => Array.from({ length: 3 }, emptyTally));
  for (let i = 0; i < samples; i++) {
    const model = fitModel(draw(n, r, random), sev);
    truths.forEach(({ f, truth }, k) => {
      const bounds = [likelihoodBounds(model, f, z90), fisherBounds(model, f, z90)];
      [...bounds, exact(model, f, pivots)].forEach((b, m) => {
        count(tallies[k]![m]!, b, truth);
      });
    });
  }
  return tallies.map((methods, k) => {
    const cells = methods.map((t) => coverage(t, samples));
    return `| ${n} | ${r} | ${truths[k]!.name} | ${cells.join(" | ")} |`;
  });
}

console.log(`Simulated: Weibull, shape ${beta}, scale ${eta}, ${samples} samples each, seed 7.`);
console.log(
  "Truth inside the 90 % bounds, in % (truth below / above the bounds; for the shape on ln sigma).\n",
);
console.log("| n | failures | of | likelihood ratio | Fisher | exact |");
console.log("|---|---|---|---|---|---|");
for (const [n, r] of designs) for (const line of row(n, r)) console.log(line);
