/** Step stress and degradation in the accuracy report. Data: `test/data/oracle`. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseDegradation } from "../src/life/degradation-data.js";
import { type PathKind, pseudoLives } from "../src/life/degrade.js";
import { fitLife } from "../src/life/fit.js";
import { simulatePivots } from "../src/life/pivot.js";
import { fitSteps } from "../src/life/steps.js";
import { lawOf } from "../src/life/stress.js";
import { type AccuracySet, Lines } from "./accuracy-case.js";

function read(name: string): unknown {
  const url = new URL(`../../test/data/oracle/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(fileURLToPath(url), "utf8"));
}

type Raised = {
  times: number[];
  change: number;
  stresses: [number, number];
  reference: Record<"weibull" | "lognormal", Record<string, number>>;
};

/** Forty items, the stress raised once. */
export function raisedStress(): AccuracySet {
  const set = read("step-stress") as Raised;
  const [gentle, hard] = set.stresses;
  const histories = set.times.map((time, i) => {
    const step = { time, count: 1, kind: "exact", stress: { load: gentle } } as const;
    const first = { ...step, time: set.change, kind: "right" } as const;
    const steps = time <= set.change ? [step] : [first, { ...step, stress: { load: hard } }];
    return { specimen: String(i), steps };
  });
  const lines = new Lines("Murthy, Xie and Jiang 2004, 40 items, stress raised once");
  for (const distribution of ["weibull", "lognormal"] as const) {
    const law = lawOf("power", ["load"]);
    const asked = { law, use: { load: 80 }, bounds: "fisher", confidence: 0.9 } as const;
    const got = fitSteps(histories, { ...asked, distribution });
    const want = set.reference[distribution];
    const { exponent, shape, sigma } = got.parameters;
    lines.add(`${distribution}: exponent`, exponent!.estimate, want["exponent"]);
    lines.add(`${distribution}: its standard error`, exponent!.standardError, want["se_exponent"]);
    lines.add(`${distribution}: sigma`, sigma?.estimate ?? 1 / shape!.estimate, want["sigma"]);
    lines.add(`${distribution}: log-likelihood`, got.logLikelihood, want["logLikelihood"]);
    lines.add(`${distribution}: B10 at 80`, got.atUse.B10.estimate, want["B10_at_80"]);
  }
  return lines.asSet("none printed", "30-digit arithmetic");
}

type Degraded = {
  source: string;
  threshold: number;
  path: PathKind;
  rows: [string, number, number][];
  lives: Record<string, number>;
  shape: number;
  scale: number;
  published?: { a: Record<string, number>; b: Record<string, number> };
};

const names = {
  laser: "GaAs lasers, Meeker and Escobar 1998, linear paths to 10 %",
  cracks: "Turbine blade cracks, ReliaWiki, exponential paths to 30 mm",
} as const;

/** Two sets of measured degradation. */
export function degradations(): Promise<AccuracySet[]> {
  const sets = read("degradation") as Record<keyof typeof names, Degraded>;
  return Promise.all((["laser", "cracks"] as const).map((key) => degraded(names[key], sets[key])));
}

async function degraded(name: string, set: Degraded): Promise<AccuracySet> {
  const text = ["specimen,time,value", ...set.rows.map((r) => r.join(","))].join("\n");
  const lives = pseudoLives(parseDegradation(text, name), set.path, set.threshold);
  const plain = { method: "mle", ranks: "exact", unbiased: "none", at: [] } as const;
  const asked = { ...plain, distribution: "weibull", bounds: "fisher", confidence: 0.9 } as const;
  const fit = await fitLife(lives.rows, asked, (job) =>
    Promise.resolve(simulatePivots({ ...job, chunk: 0 })),
  );
  const lines = new Lines(name);
  for (const s of lives.specimens.slice(0, 5)) {
    const printed = set.published?.a[s.specimen]?.toFixed(5);
    if (printed !== undefined) lines.add(`${s.specimen}: rate`, s.b, undefined, printed);
    lines.add(`${s.specimen}: life`, s.life ?? Number.NaN, set.lives[s.specimen]);
  }
  lines.add("shape of the lives", fit.parameters["shape"]!.estimate, set.shape);
  lines.add("scale of the lives", fit.parameters["scale"]!.estimate, set.scale);
  const source = set.published === undefined ? "none printed" : "the same";
  return lines.asSet(source, "R lm and survreg");
}
