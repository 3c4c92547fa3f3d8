/** Steps as written, checked and resolved to numbers; still nested as in the file. */
import { own } from "../base/own.js";
import { formatQuantity, parseQuantity } from "../base/quantity.js";
import { type Path, show, suggest } from "../base/schema.js";
import { noPlace, placeOf, type SetpointPlace, type Setpoints } from "../base/setpoint.js";
import type { Written } from "../limit/limit.js";
import type { Profile, Step } from "./profile.js";
import type { Until } from "./program.js";
import { checkWatched, numberOf, type Scope } from "./scope.js";
import { addLimits } from "./step-limits.js";

/** Setpoints by place in `setpointRoles`; NaN where the step leaves one as it is. */
/** NaN for what the step does not touch. */
type Targets = Setpoints;

/** What a resolved step does. */
export type Action =
  | { kind: "set"; targets: Targets }
  | { kind: "ramp"; targets: Targets; overMs?: number; ratesPerS?: Setpoints }
  | { kind: "dwell"; dwellMs?: number; dwellTurns?: number }
  | { kind: "until"; until: Until }
  | { kind: "repeat"; word: "repeat" | "spectrum"; count: number; children: readonly Node[] };

/** A resolved step: where it stands in the file, its part of the path inside its parent. */
export type Node = {
  at: Path;
  suffix: string;
  name: string;
  limits: readonly number[];
  action: Action;
};

const kinds = ["set", "ramp", "dwell", "until", "spectrum", "repeat"] as const;

/** All steps of a list; wrong ones leave a problem and are left out. */
export function resolveSteps(
  scope: Scope,
  steps: readonly Step[],
  at: Path,
  outer: readonly number[],
): Node[] {
  return steps.flatMap((step, i) => {
    const limits = addLimits(scope, step.limits, [...at, i, "limits"], outer);
    const action = resolveStep(scope, step, [...at, i], limits);
    if (action === undefined) {
      scope.leftOut++;
      return [];
    }
    const name = step.name ?? (action.kind === "repeat" ? action.word : action.kind);
    return [{ at: [...at, i], suffix: `steps[${i}]`, name, limits, action }];
  });
}

function resolveStep(
  scope: Scope,
  step: Step,
  at: Path,
  limits: readonly number[],
): Action | undefined {
  const written = kinds.filter((kind) => step[kind] !== undefined);
  if (written.length !== 1) {
    const found = written.length === 0 ? "a step that does nothing" : written.join(" and ");
    scope.problem(at, found, `exactly one of ${kinds.join(", ")} in a step`);
    return undefined;
  }
  if (step.repeat === undefined && step.steps !== undefined) {
    scope.problem([...at, "steps"], "steps inside a step", "them only beside repeat");
  }
  if (step.set !== undefined) {
    return { kind: "set", targets: targetsOf(scope, step.set, [...at, "set"]) };
  }
  if (step.ramp !== undefined) return ramp(scope, step.ramp, [...at, "ramp"]);
  if (step.dwell !== undefined) return dwell(scope, step.dwell, [...at, "dwell"]);
  if (step.until !== undefined) return until(scope, step.until, [...at, "until"]);
  if (step.spectrum !== undefined) {
    return spectrum(scope, step.spectrum, [...at, "spectrum"], limits);
  }
  return repeat(scope, step, at, limits);
}

function repeat(scope: Scope, step: Step, at: Path, limits: readonly number[]): Action | undefined {
  if (step.steps === undefined) {
    scope.problem([...at, "repeat"], "repeat without steps", "steps: beside it");
    return undefined;
  }
  const children = resolveSteps(scope, step.steps, [...at, "steps"], limits);
  return { kind: "repeat", word: "repeat", count: step.repeat ?? 1, children };
}

function targetsOf(scope: Scope, written: Record<string, Written>, at: Path): Targets {
  const targets = new Float64Array(scope.setpointRoles.length).fill(Number.NaN);
  for (const [role, value] of Object.entries(written)) {
    const place = setpointPlace(scope, role, [...at, role]);
    if (place !== noPlace) targets[place] = target(scope, role, value, [...at, role]);
    if (place === noPlace || Number.isNaN(targets[place])) scope.leftOut++;
  }
  return targets;
}

function setpointPlace(scope: Scope, role: string, at: Path): SetpointPlace {
  if (!scope.roles.has(role)) {
    scope.problem(at, `the unknown role "${role}"`, suggest(role, [...scope.roles.keys()]));
    return noPlace;
  }
  const place = placeOf(scope.setpointRoles, role);
  if (place === noPlace && scope.rig?.readable.some((r) => r.role === role)) {
    const found = `the role "${role}", which the rig "${scope.rig.name}" only reads`;
    scope.problem(at, found, suggest(role, scope.setpointRoles));
  }
  return place;
}

/** A setpoint inside the ceilings of the rig and of the product. */
function target(scope: Scope, role: string, written: Written, at: Path): number {
  const { dimension, unit } = scope.roles.get(role) ?? { dimension: "ratio", unit: "1" };
  const value = numberOf(scope, written, dimension, at);
  const found = `${show(written)} (${formatQuantity(value, unit)})`;
  for (const bound of scope.ceilings.get(role) ?? []) {
    if (value <= bound.value || Number.isNaN(value)) continue;
    const most = `at most ${formatQuantity(bound.value, unit)}`;
    scope.problem(at, found, `${most}, the ceiling of ${bound.whose}`);
  }
  const floor = scope.rig?.setpoints.find((s) => s.role === role)?.floor ?? -Infinity;
  if (value < floor) {
    const least = `at least ${formatQuantity(floor, unit)}`;
    scope.problem(at, found, `${least}, the floor of the rig "${scope.rig?.name}"`);
  }
  return value;
}

function ramp(scope: Scope, written: NonNullable<Step["ramp"]>, at: Path): Action | undefined {
  const targets = targetsOf(scope, written.to, [...at, "to"]);
  if ((written.over === undefined) === (written.rate === undefined)) {
    const found = written.over === undefined ? "neither over nor rate" : "both over and rate";
    scope.problem(at, `a ramp with ${found}`, "one of them; without either it never ends");
    return undefined;
  }
  if (written.over !== undefined) {
    const overMs = parseQuantity(written.over)?.value ?? 0;
    if (overMs > 0) return { kind: "ramp", targets, overMs };
    scope.problem(
      [...at, "over"],
      show(written.over),
      "a time above zero (a step in no time: set)",
    );
    return undefined;
  }
  const ratesPerS = ratesOf(scope, written, [...at, "rate"]);
  return { kind: "ramp", targets, ratesPerS };
}

function ratesOf(scope: Scope, written: NonNullable<Step["ramp"]>, at: Path): Setpoints {
  const rates = new Float64Array(scope.setpointRoles.length).fill(Number.NaN);
  const given = written.rate ?? {};
  for (const role of Object.keys(written.to)) {
    if (own(given, role) === undefined) {
      scope.problem(at, `no rate for "${role}"`, "one for every role in to; else it never ends");
    }
  }
  for (const [role, text] of Object.entries(given)) {
    const place = placeOf(scope.setpointRoles, role);
    if (own(written.to, role) === undefined) {
      const expected = suggest(role, Object.keys(written.to));
      scope.problem([...at, role], `a rate for "${role}", which is not in to`, expected);
    } else if (place !== noPlace) rates[place] = rate(scope, role, text, [...at, role]);
  }
  return rates;
}

function rate(scope: Scope, role: string, text: string, at: Path): number {
  const { dimension, unit } = scope.roles.get(role) ?? { dimension: "ratio", unit: "1" };
  const q = parseQuantity(text);
  const kelvins = dimension === "temperature" && q?.dimension === "temperature difference";
  if (q === undefined || !q.perSecond || (q.dimension !== dimension && !kelvins)) {
    scope.problem(at, show(text), `a ${dimension} per time, as "10 ${unit}/s"`);
    return Number.NaN;
  }
  if (q.value <= 0) {
    scope.problem(at, `${show(text)}: a ramp that never ends`, "a rate above zero");
  }
  const most = scope.rig?.setpoints.find((s) => s.role === role)?.rampPerS ?? Infinity;
  if (q.value > most) scope.problem(at, show(text), fastest(scope, most, unit));
  return q.value;
}

/** `at most 500 rpm/s, the ramp limit of the rig "bearing-four"` */
export function fastest(scope: Scope, rampPerS: number, unit: string): string {
  const rate = `${formatQuantity(rampPerS, unit)}/s`;
  return `at most ${rate}, the ramp limit of the rig "${scope.rig?.name}"`;
}

function dwell(scope: Scope, written: NonNullable<Step["dwell"]>, at: Path): Action | undefined {
  const { time, turns } = written;
  if ((time === undefined) === (turns === undefined)) {
    const found = time === undefined ? "neither time nor turns" : "both time and turns";
    scope.problem(at, `a dwell with ${found}`, "one of time, turns");
    return undefined;
  }
  if (time !== undefined) {
    return { kind: "dwell", dwellMs: amount(scope, time, "time", [...at, "time"]) };
  }
  const dwellTurns = amount(scope, turns ?? "", "turns", [...at, "turns"]);
  return { kind: "dwell", dwellTurns };
}

function amount(scope: Scope, written: Written, dimension: "time" | "turns", at: Path): number {
  const value = numberOf(scope, written, dimension, at);
  if (value < 0) scope.problem(at, show(written), "zero or more");
  return value;
}

function until(scope: Scope, written: NonNullable<Step["until"]>, at: Path): Action | undefined {
  const watched = checkWatched(scope, written.role, [...at, "role"], "until");
  const { dimension } = scope.roles.get(written.role) ?? { dimension: "ratio" };
  if (written.timeout === undefined) {
    scope.problem(at, "until without timeout", "timeout: a time, for what may never become true");
  }
  if ((written.above === undefined) === (written.below === undefined)) {
    const found = written.above === undefined ? "neither above nor below" : "both above and below";
    scope.problem(at, `until with ${found}`, "one of above, below");
    return undefined;
  }
  if (!watched) return undefined;
  const condition: Until = {
    role: written.role,
    forMs: parseQuantity(written.for ?? "0 s")?.value ?? 0,
    timeoutMs: parseQuantity(written.timeout ?? "0 s")?.value ?? 0,
    otherwise: written.otherwise ?? "hold",
  };
  const { above, below } = written;
  if (above !== undefined) condition.above = numberOf(scope, above, dimension, [...at, "above"]);
  if (below !== undefined) condition.below = numberOf(scope, below, dimension, [...at, "below"]);
  return { kind: "until", until: condition };
}

type Spectrum = NonNullable<Profile["steps"][number]["spectrum"]>;

/** Each period visits each block: its setpoints, then its share of the period. */
function spectrum(scope: Scope, written: Spectrum, at: Path, limits: readonly number[]): Action {
  const periodMs = parseQuantity(written.period)?.value ?? 0;
  const shares = written.blocks.map((block) => parseQuantity(block.share)?.value ?? 0);
  const sum = shares.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) > 1e-3) {
    const found = `shares of ${formatQuantity(sum, "%")} together`;
    scope.problem([...at, "blocks"], found, "100 % (within 0.1 %)");
  }
  if (periodMs <= 0) scope.problem([...at, "period"], show(written.period), "a time above zero");
  const children = written.blocks.flatMap((block, i): Node[] => {
    const here = [...at, "blocks", i];
    const share = shares[i] ?? 0;
    if (share < 0) scope.problem([...here, "share"], show(block.share), "zero or more");
    const name = block.name ?? `block ${i + 1}`;
    const targets = targetsOf(scope, block.set, [...here, "set"]);
    const node = { at: here, name, limits };
    return [
      { ...node, suffix: `blocks[${i}].set`, action: { kind: "set", targets } },
      {
        ...node,
        suffix: `blocks[${i}].dwell`,
        action: { kind: "dwell", dwellMs: share * periodMs },
      },
    ];
  });
  return { kind: "repeat", word: "spectrum", count: written.periods, children };
}
