/**
 * The full circle: simulated bearings with a known Weibull life run through virtual life tests by the
 * command itself; `life table` reads the records, `life fit` the table. How often is the truth inside
 * the bounds? `npm run campaign:circle -- --tests 200 --per-lot 5 [--first-seed 1]`.
 *
 * Four bearings a test, run until all have failed: a lot of five tests is a complete sample of twenty.
 * Lives are counted in damage (rated L10 lives as the controller booked them from measured speed and
 * load), where the plant's truth is simple: shape 1.5, B10 = 1 / wear.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { RealClock } from "../src/base/clock.js";
import { packageRoot } from "../src/cli/site.js";
import { wearout } from "../test/cli/in-process.js";
import { count, coverage, emptyTally, type Tally } from "./coverage-tally.js";

const { values: given } = parseArgs({
  options: {
    tests: { type: "string", default: "200" },
    "per-lot": { type: "string", default: "5" },
    "first-seed": { type: "string", default: "1" },
  },
});
const whole = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name}: a whole number above 0`);
  return value;
};
const tests = whole("tests", given.tests);
const perLot = whole("per-lot", given["per-lot"]);
const firstSeed = whole("first-seed", given["first-seed"]);

const wear = 1000;
const truth = { shape: 1.5, B10: 1 / wear };
const promised = 0.9;

const profile = `profile: until-all-failed
title: Four bearings until each has failed
for: [ball-bearing]
product: ball-bearing/6206
roles: { speed: rpm, load: kN, vibration: mm/s }
limits:
  - { name: spalled, role: vibration, above: 7.1 mm/s, for: 1 s, reaction: fail, mode: fatigue/subsurface-initiated }
steps:
  - ramp: { to: { speed: 1500 rpm, load: 7 kN }, over: 20 s }
  - dwell: { time: 1000 h }
end: { failures: 4 }
`;

/** The shipped rig with a plant that wears fast and shows a spall at once, so that the end is the onset. */
function makeSite(): string {
  const site = mkdtempSync(join(tmpdir(), "wearout-circle-"));
  for (const kind of ["rigs", "profiles"]) mkdirSync(join(site, kind));
  const rig = readFileSync(join(packageRoot, "rigs/bearing-four.yaml"), "utf8")
    .replace(/^rig: .*/m, "rig: circle")
    // Bearings that have failed stay in the rig and shake it until the last one has.
    .replace("above: 25 mm/s", "above: 45 mm/s")
    .replace(
      /^ {2}plant: bearing$/m,
      `$&\n  parameters: { wear: "${wear}", shape: "${truth.shape}", spall-growth: "0.0005" }`,
    );
  writeFileSync(join(site, "rigs/circle.yaml"), rig);
  writeFileSync(join(site, "profiles/until-all-failed.yaml"), profile);
  return site;
}

/** Answers what the command printed; throws when it ends with another status. */
async function command(expected: number, ...args: string[]): Promise<string> {
  const { status, out, talk } = await wearout(...args);
  if (status !== expected) throw new Error(`${args.join(" ")}: ${status}\n${talk}`);
  return out;
}

type Bounds = { estimate: number; lower: number; upper: number };
type Fit = { n: number; failures: number; parameters: { shape: Bounds }; life: { B10: Bounds } };

const kinds = ["likelihood", "exact"] as const;
const tally = new Map<string, Tally>();

function judged(of: string, bounds: string, truly: number, found: Bounds): void {
  const key = `${of} | ${bounds}`;
  const own = tally.get(key) ?? emptyTally();
  count(own, found, truly);
  tally.set(key, own);
}

async function judge(site: string, records: string, lot: string): Promise<void> {
  const table = join(site, `${lot}.csv`);
  const from = ["--records", records, "--runs", `lot=${lot}`, "--exposure", "damage"];
  await command(0, "life", "table", ...from, "--output", table);
  for (const bounds of kinds) {
    const text = await command(0, "life", "fit", table, "--bounds", bounds, "--json");
    const fit = JSON.parse(text) as Fit;
    if (fit.n !== 4 * perLot || fit.failures !== fit.n) throw new Error(`${lot}: not complete`);
    judged("shape", bounds, truth.shape, fit.parameters.shape);
    judged("B10", bounds, truth.B10, fit.life.B10);
  }
}

async function runLot(site: string, records: string, lot: number): Promise<void> {
  for (let i = 0; i < perLot; i++) {
    const seed = String(firstSeed + lot * perLot + i);
    const simulated = ["--virtual", "--seed", seed, "--records", records, "--json"];
    const rig = ["--rig", "circle", "--specimen", "a,b,c,d", "--lot", `lot-${lot}`];
    // 6: specimens failed, which is what the test is for.
    await command(6, "--site", site, "run", "start", "until-all-failed", ...rig, ...simulated);
  }
  await judge(site, records, `lot-${lot}`);
}

const site = makeSite();
const clock = new RealClock();
const lots = Math.floor(tests / perLot);
try {
  for (let lot = 0; lot < lots; lot++) {
    // Records of one lot only: the table need not look through all others.
    const records = mkdtempSync(join(site, "records-"));
    await runLot(site, records, lot);
    rmSync(records, { recursive: true });
  }
} finally {
  rmSync(site, { recursive: true });
}

const error = (100 * Math.sqrt((promised * (1 - promised)) / lots)).toFixed(1);
console.log(
  `SIMULATED: ${lots * perLot} life tests of 4 bearings, ${lots} lots of ${4 * perLot} failures,`,
);
console.log(`Weibull shape ${truth.shape}, wear ${wear}, seeds from ${firstSeed}; 90 % bounds;`);
console.log(`binomial error of a count ${error} %; ${(clock.elapsed() / 1000).toFixed(0)} s.\n`);
console.log("| of | bounds | truth inside, % (below / above) |\n|---|---|---|");
for (const [key, t] of tally) console.log(`| ${key} | ${coverage(t, lots)} |`);
