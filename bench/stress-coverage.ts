/**
 * Coverage of 90 % bounds of tests at stress by simulation (seeded): how often the bounds on the exponent
 * and on B10 at use hold the truth. Power law, Weibull; constant stresses stopped at one time, and steps
 * of equal length. `npm run campaign:coverage-stress -- --samples 1000`.
 */
import { WearoutError } from "../src/base/error.js";
import { randomStream } from "../src/base/random.js";
import { type AltFit, fitAlt } from "../src/life/alt.js";
import type { LifeRow } from "../src/life/data.js";
import type { StepHistory } from "../src/life/step-data.js";
import { fitSteps } from "../src/life/steps.js";
import { lawOf } from "../src/life/stress.js";
import type { AltOptions } from "../src/life/stress-result.js";
import { count, coverage, emptyTally } from "./coverage-tally.js";

const at = process.argv.indexOf("--samples");
const samples = at < 0 ? 1000 : Number(process.argv[at + 1]);
if (!Number.isInteger(samples) || samples < 1) throw new Error("--samples: a whole number above 0");

const truth = { shape: 2, exponent: 4, lnConstant: Math.log(1e6) };
const useLoad = 2;
const lifeAt = (load: number) => Math.exp(truth.lnConstant) * load ** -truth.exponent;
const trueB10 = lifeAt(useLoad) * (-Math.log(0.9)) ** (1 / truth.shape);
const loads = [4, 5, 6];
const sizes = [5, 10, 20, 50];

type Random = () => number;

/** Share of life a specimen has, in lives at its stress. */
const draw = (random: Random) => (-Math.log1p(-random())) ** (1 / truth.shape);

/** `n` at each load, stopped when a third of those at the gentlest load still run. */
function constantStress(n: number, random: Random): LifeRow[] {
  const end = lifeAt(loads[0]!) * Math.log(3) ** (1 / truth.shape);
  return loads.flatMap((load) =>
    Array.from({ length: n }, (): LifeRow => {
      const time = draw(random) * lifeAt(load);
      const kind = time < end ? "exact" : "right";
      return { kind, time: Math.min(time, end), count: 1, stress: { load } };
    }),
  );
}

/** 3 n specimens through the loads, 0.15 lives of the gentlest at each. */
function stepStress(n: number, random: Random): StepHistory[] {
  return Array.from({ length: 3 * n }, (_, i) => {
    let left = draw(random);
    let clock = 0;
    const steps: LifeRow[] = [];
    for (const load of loads) {
      const length = 0.15 * lifeAt(loads[0]!);
      const needs = left * lifeAt(load);
      const fails = needs < length;
      clock += Math.min(needs, length);
      steps.push({ kind: fails ? "exact" : "right", time: clock, count: 1, stress: { load } });
      if (fails) break;
      left -= length / lifeAt(load);
    }
    return { specimen: String(i), steps };
  });
}

type Fit = Pick<AltFit, "parameters" | "atUse" | "failures">;
type Design = { name: string; estimate(n: number, random: Random, options: AltOptions): Fit };

const designs: Design[] = [
  {
    name: "constant",
    estimate: (n, random, options) => fitAlt(constantStress(n, random), options),
  },
  { name: "steps", estimate: (n, random, options) => fitSteps(stepStress(n, random), options) },
];

/** Undefined where the data of a sample cannot answer (all failures at one stress). */
function unlessRefused<T>(fitted: () => T): T | undefined {
  try {
    return fitted();
  } catch (error) {
    if (error instanceof WearoutError && error.code === "LIFE_REFUSED") return undefined;
    throw error;
  }
}

function row({ name, estimate }: Design, n: number): string[] {
  const base = { law: lawOf("power", ["load"]), use: { load: useLoad }, confidence: 0.9 } as const;
  const kinds = ["likelihood", "fisher"] as const;
  const tallies = ["exponent", "B10 at use"].map((of) => ({
    of,
    sides: kinds.map(emptyTally),
  }));
  let [failures, answered] = [0, 0];
  for (let i = 0; i < samples; i++) {
    kinds.forEach((bounds, k) => {
      const random = randomStream(7, `stress/${name}/${n}/${i}`);
      const asked = { ...base, distribution: "weibull", bounds } as const;
      const got = unlessRefused(() => estimate(n, random, asked));
      if (got === undefined) return;
      if (k === 0) {
        failures += got.failures;
        answered++;
      }
      const pairs = [
        [got.parameters["exponent"]!, truth.exponent],
        [got.atUse.B10, trueB10],
      ] as const;
      pairs.forEach(([bounds, value], q) => {
        count(tallies[q]!.sides[k]!, bounds, value);
      });
    });
  }
  return tallies.map(({ of, sides }) => {
    const cells = sides.map((t) => coverage(t, answered));
    const mean = (failures / answered).toFixed(0);
    return `| ${name} | ${3 * n} | ${mean} | ${samples - answered} | ${of} | ${cells.join(" | ")} |`;
  });
}

console.log(`Power law, exponent 4, Weibull shape 2, ${samples} samples each, seed 7.`);
console.log("Truth inside the 90 % bounds, in % (truth below / above the bounds).\n");
console.log("| test | specimens | failures, mean | refused | of | likelihood ratio | Fisher |");
console.log("|---|---|---|---|---|---|---|");
for (const design of designs) {
  for (const n of sizes) for (const line of row(design, n)) console.log(line);
}
