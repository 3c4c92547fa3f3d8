/**
 * Weibull fits beside R survival and scipy (Debian: r-cran-survival, python3-scipy), where they are
 * installed. Times are medians; peers time themselves, without their start.
 */
import { execFileSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { randomStream, weibull } from "../src/base/random.js";
import type { LifeRow } from "../src/life/data.js";
import { lifeOf } from "../src/life/functional.js";
import { fitModel } from "../src/life/model.js";
import { likelihoodBounds } from "../src/life/profile.js";
import { smallestExtremeValue } from "../src/life/standard.js";
import { fastWeibull } from "../src/life/weibull-fast.js";

const z90 = 1.6448536269514722;
let sink = 0;

function medianMs(runs: number, work: () => void): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[runs >> 1]!;
}

/** Simulated: shape 2, scale 100, taken off at 120 (a quarter or so suspended). */
function sample(n: number, seed: number): { logTimes: Float64Array; failed: Uint8Array } {
  const random = randomStream(seed, "bench");
  const times = Float64Array.from({ length: n }, () => weibull(random, 100, 2));
  return {
    failed: Uint8Array.from(times, (t) => Number(t <= 120)),
    logTimes: times.map((t) => Math.log(Math.min(t, 120))),
  };
}

function refits(): number {
  const samples = Array.from({ length: 10_000 }, (_, i) => sample(20, i));
  return medianMs(7, () => {
    for (const { logTimes, failed } of samples) {
      sink += Math.sqrt(fastWeibull(logTimes, failed)!.varS);
    }
  });
}

/** Times in, logarithms included, estimates and standard errors out. */
function million(): number {
  const { logTimes, failed } = sample(1_000_000, 1);
  const times = logTimes.map(Math.exp);
  return medianMs(7, () => {
    for (let i = 0; i < times.length; i++) logTimes[i] = Math.log(times[i]!);
    sink += Math.sqrt(fastWeibull(logTimes, failed)!.varS);
  });
}

function boundsOfB10(): number {
  const times = [
    17.88, 28.92, 33, 41.52, 42.12, 45.6, 48.4, 51.84, 51.96, 54.12, 55.56, 67.8, 68.64, 68.64,
    68.88, 84.12, 93.12, 98.64, 105.12, 105.84, 127.92, 128.04, 173.4,
  ];
  const rows: LifeRow[] = times.map((time) => ({ kind: "exact", time, count: 1, stress: {} }));
  const once = () => {
    const model = fitModel(rows, smallestExtremeValue);
    sink += likelihoodBounds(model, lifeOf(smallestExtremeValue, 0.1), z90).lower;
  };
  for (let i = 0; i < 200; i++) once();
  return medianMs(201, once);
}

const rScript = `
suppressMessages(library(survival)); set.seed(1)
one <- function(n) { t <- rweibull(n, 2, 100); data.frame(t = pmin(t, 120), d = as.integer(t <= 120)) }
small <- lapply(1:1000, function(i) one(20))
a <- system.time(for (s in small) survreg(Surv(t, d) ~ 1, data = s))[["elapsed"]] * 10
big <- one(1e6)
b <- median(sapply(1:3, function(i) system.time(survreg(Surv(t, d) ~ 1, data = big))[["elapsed"]]))
cat(a * 1000, b * 1000)`;

const pythonScript = `
import numpy as np, time
from scipy.optimize import minimize
rng = np.random.default_rng(1)
def one(n):
    t = 100 * rng.weibull(2, n)
    return np.log(np.minimum(t, 120)), (t <= 120).astype(float)
def fit(y, d):
    def f(p):
        s = np.exp(p[1]); z = (y - p[0]) / s; e = np.exp(z)
        return -(d * (z - p[1]) - e).sum(), -np.array([(e - d).sum() / s, (z * (e - d) - d).sum()])
    return minimize(f, [y.mean(), np.log(y.std())], jac=True, method="BFGS")
small = [one(20) for _ in range(1000)]
start = time.perf_counter()
for y, d in small: fit(y, d)
a = (time.perf_counter() - start) * 10
y, d = one(1000000)
times = []
for _ in range(3):
    start = time.perf_counter(); fit(y, d); times.append(time.perf_counter() - start)
print(a * 1000, sorted(times)[1] * 1000)`;

/** Milliseconds of the two tasks; undefined when the peer is not installed. */
function peer(command: string, args: string[]): [number, number] | undefined {
  try {
    const text = execFileSync(command, args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [a, b] = text.trim().split(/\s+/).map(Number);
    return [a!, b!];
  } catch {
    return undefined;
  }
}

const ours: [number, number] = [refits(), million()];
const show = (ms: number) => `${ms.toFixed(ms < 10 ? 3 : 0)} ms`;
console.log(
  `10 000 Weibull refits, n = 20, right-censored, with standard errors: ${show(ours[0])}`,
);
console.log(`Weibull MLE with standard errors, n = 1e6, right-censored: ${show(ours[1])}`);
console.log(`fit and likelihood bounds on B10, n = 23: ${show(boundsOfB10())}`);
for (const [name, command, args] of [
  ["R survival (survreg; 1000 refits timed, times ten)", "Rscript", ["-e", rScript]],
  [
    "scipy (BFGS with gradient; 1000 refits timed, times ten)",
    "/usr/bin/python3",
    ["-c", pythonScript],
  ],
] as const) {
  const theirs = peer(command, [...args]);
  if (theirs === undefined) console.log(`${name}: not installed, skipped`);
  else {
    const ratios = theirs.map(
      (t, i) => `${show(t)} (${Number((t / ours[i]!).toPrecision(2))} times ours)`,
    );
    console.log(`${name}: ${ratios.join(", ")}`);
  }
}
if (!Number.isFinite(sink)) throw new Error("a fit failed");
