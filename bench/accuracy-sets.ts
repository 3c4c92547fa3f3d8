/** What we compute of published data sets, beside what others did. Data: `test/data/oracle`. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fitAlt } from "../src/life/alt.js";
import type { LifeRow } from "../src/life/data.js";
import { type Distribution, type FitOptions, fitLife, type LifeFit } from "../src/life/fit.js";
import { growthOf } from "../src/life/growth.js";
import type { History } from "../src/life/growth-tests.js";
import { simulatePivots } from "../src/life/pivot.js";
import { boltzmannEvPerK, lawOf, type Relation } from "../src/life/stress.js";
import { growthPublished } from "../test/unit/life/growth-published.js";
import { type Json, oracle, rowsOf } from "../test/unit/life/oracle.js";
import { type AccuracySet, Lines } from "./accuracy-case.js";
import { degradations, raisedStress } from "./accuracy-stress.js";

const arithmetic = "50-digit arithmetic";

async function fitted(
  rows: readonly LifeRow[],
  distribution: Distribution,
  bounds: FitOptions["bounds"] = "likelihood",
): Promise<LifeFit> {
  const plain = { method: "mle", ranks: "exact", confidence: 0.9, unbiased: "none" } as const;
  return fitLife(rows, { distribution, bounds, at: [], ...plain }, (job) =>
    Promise.resolve(simulatePivots({ ...job, chunk: 0 })),
  );
}

function weibullLines(lines: Lines, got: LifeFit, want: Json, printed: Record<string, string>) {
  const { shape, scale } = got.parameters;
  const profile = want["profile_lr_ci"]!;
  const b10 = want["quantiles"]!["B10"]!;
  const add = (name: string, ours: number, reference: number) =>
    lines.add(name, ours, reference, printed[name]);
  add("shape", shape!.estimate, want["beta"]!);
  add("scale", scale!.estimate, want["eta"]!);
  add("log-likelihood", got.logLikelihood, want["loglik"]!);
  add("standard error of the shape", shape!.standardError, want["se_beta"]!);
  add("shape, lower 90 %, likelihood ratio", shape!.lower, profile["beta"]!["90"]![0]!);
  add("shape, upper", shape!.upper, profile["beta"]!["90"]![1]!);
  add("B10", got.life.B10.estimate, b10["estimate"]!);
  add("B10, lower 90 %, likelihood ratio", got.life.B10.lower, b10["profile_lr_ci"]!["90"]![0]!);
  add("B10, upper", got.life.B10.upper, b10["profile_lr_ci"]!["90"]![1]!);
  add("mean life", got.life.mean.estimate, want["mean_life"]!);
}

async function bearings(): Promise<AccuracySet> {
  const set = oracle("lieblein-zelen");
  const rows = rowsOf(set);
  const lines = new Lines("Lieblein and Zelen 1956, 23 ball bearings");
  const printed = { shape: "2.102", scale: "81.88", "log-likelihood": "-113.691" };
  weibullLines(lines, await fitted(rows, "weibull"), set.reference["weibull_2p_mle"]!, printed);
  const three = await fitted(rows, "weibull3");
  const want3 = set.reference["weibull_3p_mle"]!;
  lines.add("three parameters: location", three.parameters["location"]!.estimate, want3["gamma"]);
  lines.add("three parameters: log-likelihood", three.logLikelihood, want3["loglik"]);
  const log = await fitted(rows, "lognormal");
  const wantLog = set.reference["lognormal_mle"]!;
  lines.add("lognormal: sigma", log.parameters["sigma"]!.estimate, wantLog["sigma"]);
  lines.add("lognormal: log-likelihood", log.logLikelihood, wantLog["loglik"]);
  return lines.asSet(
    "Thoman, Bain and Antle 1969; Lawless 2003 (scale 81.87 with other rounding)",
    arithmetic,
  );
}

async function absorbers(): Promise<AccuracySet> {
  const set = oracle("shock-absorber");
  const lines = new Lines("O'Connor 1985, 38 shock absorbers, 11 failures");
  const want = set.reference["weibull_2p_mle_any_mode"]!;
  const printed = { shape: "3.16", scale: "27719" };
  weibullLines(lines, await fitted(rowsOf(set), "weibull"), want, printed);
  return lines.asSet("Meeker and Escobar 1998, table 8.1", arithmetic);
}

function deviceA(): AccuracySet {
  const set = oracle("device-a-arrhenius");
  const celsius = (set.data.rows as unknown as { celsius: number }[]).map((r) => r.celsius);
  const rows = rowsOf(set).map((r, i) => ({ ...r, stress: { temp_degC: celsius[i]! } }));
  const want = set.reference["lognormal_arrhenius"]!;
  const law = lawOf("arrhenius", ["temp_degC"]);
  const use = { temp_degC: 10 };
  const got = fitAlt(rows, {
    law,
    use,
    distribution: "lognormal",
    bounds: "likelihood",
    confidence: 0.9,
  });
  const lines = new Lines("Device-A (Hooper and Amster 1990), lognormal Arrhenius");
  const ratio = 11605 * boltzmannEvPerK;
  const energy = want["coefficients"]!["Ea_eV"]!;
  const b10 = want["use"]!["10C"]!["B10"]!;
  const [ours, at] = [got.parameters["activationEnergy"]!, got.atUse.B10];
  lines.add("activation energy, eV (a)", ours.estimate, energy["estimate"]! * ratio, "0.6279");
  lines.add(
    "ln constant",
    got.parameters["lnConstant"]!.estimate,
    want["coefficients"]!["b0"]!["estimate"],
    "-13.469",
  );
  lines.add("sigma", got.parameters["sigma"]!.estimate, want["sigma"], "0.9778");
  lines.add("log-likelihood", got.logLikelihood, want["loglik"], "-321.7");
  lines.add("B10 at 10 degC", at.estimate, b10["estimate"]);
  lines.add(
    "B10 at 10 degC, lower 90 %, likelihood ratio",
    at.lower,
    b10["profile_lr_ci"]!["90"]![0],
  );
  lines.add("B10 at 10 degC, upper", at.upper, b10["profile_lr_ci"]!["90"]![1]);
  return lines.asSet("Meeker and Escobar 1998, table 19.2", arithmetic);
}

type AltPublished = {
  source: string;
  relation: Relation;
  distribution: "weibull" | "lognormal";
  columns: string[];
  use: number[];
  rows: [string, number, number, number][];
  reference: Record<string, number>;
};

function insulatingFluid(): AccuracySet {
  const url = new URL("../../test/data/oracle/alt-published.json", import.meta.url);
  const text = readFileSync(fileURLToPath(url), "utf8");
  const set = (JSON.parse(text) as { sets: Record<string, AltPublished> }).sets[
    "insulating-fluid"
  ]!;
  const column = set.columns[0]!;
  const rows = set.rows.map(
    ([, time, count, stress]): LifeRow => ({
      kind: "exact",
      time,
      count,
      stress: { [column]: stress },
    }),
  );
  const law = lawOf("power", [column]);
  const use = { [column]: set.use[0]! };
  const got = fitAlt(rows, {
    law,
    use,
    distribution: "weibull",
    bounds: "likelihood",
    confidence: 0.9,
  });
  const want = set.reference;
  const lines = new Lines("Nelson 1990, insulating fluid, 76 breakdowns, power law");
  lines.add("exponent", got.parameters["exponent"]!.estimate, want["exponent"], "17.73");
  lines.add("ln constant", got.parameters["lnConstant"]!.estimate, want["lnConstant"], "64.85");
  lines.add("sigma", 1 / got.parameters["shape"]!.estimate, want["sigma"], "1.288");
  lines.add("log-likelihood", got.logLikelihood, want["logLikelihood"]);
  lines.add("B10 at 20 kV", got.atUse.B10.estimate, want["B10"]);
  return lines.asSet("Nelson 1990; Lawless 2003; recollected", "R survival (survreg)");
}

function history(times: readonly number[], end?: number): History {
  const last = end ?? times.at(-1)!;
  return { system: "", start: 0, end: last, failureTerminated: end === undefined, times };
}

function handbookGrowth(): AccuracySet {
  const set = oracle("growth-mil-hdbk-189");
  const { times } = set.data as unknown as { times: number[] };
  const want = set.reference["crow_amsaa"]!;
  const got = growthOf([history(times, 300)], 0.9);
  const { parameters: p, mtbf } = got;
  const lines = new Lines("MIL-HDBK-189 (1981), 27 failures in 300 h");
  lines.add("beta", p.beta, want["beta_mle"], "0.716");
  lines.add("lambda", p.lambda, want["lambda_mle"], "0.454");
  lines.add("beta, unbiased", p.betaUnbiased ?? Number.NaN, want["beta_unbiased"]);
  lines.add("MTBF at 300 h", mtbf.instantaneous.estimate, want["instantaneous_mtbf_T"], "15.5");
  lines.add("MTBF, lower 90 %, exact", mtbf.instantaneous.lower, want["mtbf_ci"]!["90"]![0]);
  lines.add("MTBF, upper", mtbf.instantaneous.upper, want["mtbf_ci"]!["90"]![1]);
  lines.add(
    "Cramer-von Mises",
    got.goodnessOfFit.cramerVonMises ?? Number.NaN,
    want["cvm"]!["statistic"],
  );
  return lines.asSet("the handbook", arithmetic);
}

function printedGrowth(): AccuracySet[] {
  return ["reliawiki", "nist", "crow-1974"].map((name) => {
    const set = growthPublished(name);
    const all = set.systems ?? [set.times!];
    const got = growthOf(
      all.map((t) => history(t, set.end)),
      0.9,
    );
    const ours: Record<string, number | null> = {
      ...got.parameters,
      mtbfUnbiased: got.mtbf.instantaneousUnbiased ?? Number.NaN,
    };
    const lines = new Lines(set.source);
    for (const [quantity, printed] of Object.entries(set.printed)) {
      lines.add(quantity, ours[quantity] ?? Number.NaN, undefined, printed);
    }
    return lines.asSet("the same", "");
  });
}

export async function accuracySets(): Promise<AccuracySet[]> {
  return [
    await bearings(),
    await absorbers(),
    deviceA(),
    insulatingFluid(),
    raisedStress(),
    ...(await degradations()),
    handbookGrowth(),
    ...printedGrowth(),
  ];
}
