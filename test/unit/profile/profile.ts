/** A product, a rig and ways to compile a profile written in a test. */
import { parseText } from "../../../src/base/schema.js";
import { compileProfile, type RigFacts } from "../../../src/profile/compile.js";
import type { Product } from "../../../src/profile/product.js";
import { Profile } from "../../../src/profile/profile.js";
import type { Program } from "../../../src/profile/program.js";

const source = "test";

export const bearing: Product = {
  product: "ball-bearing/6206",
  kind: "ball-bearing",
  designation: "6206",
  title: "Deep groove ball bearing",
  ratings: {
    C: { value: "20 kN", source },
    C0: { value: "11 kN", source },
    "limiting-speed": { value: "15000 rpm", source },
  },
  ceilings: { force: { value: "11 kN", source } },
};

export const rig: RigFacts = {
  name: "bench",
  kinds: ["ball-bearing"],
  setpoints: [
    { role: "load", dimension: "force", ceiling: 12_000, floor: 0, rampPerS: 100 },
    { role: "speed", dimension: "speed", ceiling: 6000, floor: 0, rampPerS: 500 },
    { role: "coolant", dimension: "temperature", ceiling: 60, floor: 10, rampPerS: 1 },
  ],
  readable: [
    { role: "speed", dimension: "speed", perStation: false },
    { role: "temperature", dimension: "temperature", perStation: true },
    { role: "power", dimension: "power", perStation: false },
  ],
};

const head = `
profile: test
title: A profile for a test
for: [ball-bearing]
product: ball-bearing/6206
roles: { speed: rpm, load: kN, temperature: degC }
parameters:
  load: { unit: kN, default: 35 % of C, range: [5 % of C, 50 % of C] }
  length: { unit: h, default: 10 h }
`;

type With = {
  rig?: RigFacts;
  parameters?: Record<string, string>;
  products?: readonly Product[];
  /** Replaces the head: roles, parameters and the rest. */
  head?: string;
};

function compile(body: string, parts: With) {
  const parsed = parseText(Profile, (parts.head ?? head) + body, "test.yaml");
  if (parsed.value === undefined) throw new Error(JSON.stringify(parsed.problems));
  const { parameters = {}, products = [bearing] } = parts;
  const context = { parsed, parameters, products };
  return compileProfile(parsed.value, parts.rig ? { ...context, rig: parts.rig } : context);
}

/** The program; throws when there is a problem. */
export function programOf(body: string, parts: With = {}): Program {
  const { program, problems } = compile(body, parts);
  if (program === undefined) throw new Error(JSON.stringify(problems, null, 1));
  return program;
}

/** Every problem as `field: found | expected`. */
export function problemsOf(body: string, parts: With = {}): string[] {
  const { problems } = compile(body, parts);
  return problems.map((p) => `${p.field}: ${p.found} | ${p.expected}`);
}

/** Line and column of the first problem, counted from the body's first line. */
export function placeOf(body: string): [number, number] {
  const lines = head.split("\n").length - 1;
  const [problem] = compile(body, {}).problems;
  return [(problem?.line ?? 0) - lines, problem?.column ?? 0];
}
