/** Rated lives of precision reducers by their makers' rules, at one load or over a spectrum. */
import {
  damageRateOf,
  type Equivalent,
  equivalentOf,
  harmonicL50PerL10,
  harmonicRating,
  l10Hours,
  type ReducerRatings,
  rvRating,
  type SpectrumPart,
} from "./rating.js";
import { refuse, type WarningCode } from "./warning.js";

export const reducerKinds = ["harmonic", "rv"] as const;
export type ReducerKind = (typeof reducerKinds)[number];

/** The shaft whose speed the maker's rule counts. */
export const ruleShaft = { harmonic: "input", rv: "output" } as const;

/** What a maker allows; torques at the output in Nm, speeds of the rule's shaft. */
export type ReducerLimits = {
  averageTorqueNm?: number;
  /** Harmonic: repeated peak torque. RV: allowable torque when starting and stopping. */
  peakTorqueNm?: number;
  momentaryTorqueNm?: number;
  maxSpeedRpm?: number;
};

export type ReducerQuestion = {
  kind: ReducerKind;
  rated: ReducerRatings;
  /** Loads in Nm at the output, speeds of the rule's shaft; one part for a constant load. */
  spectrum: readonly (SpectrumPart & { name?: string })[];
  limits: ReducerLimits;
};

export type ReducerLife = {
  kind: ReducerKind;
  exponent: number;
  rated: { torqueNm: number; speedRpm: number; lifeHours: number; lifeIs: "L10" | "L50" };
  shaft: "input" | "output";
  /** Torque averaged over turns with the exponent of the rule, speed over all the time. */
  average: { torqueNm: number; speedRpm: number };
  life: { L10: HoursAndTurns; L50?: HoursAndTurns };
  /** Share of the whole damage that each part does. */
  parts: {
    name: string;
    torqueNm: number;
    speedRpm: number;
    timeShare: number;
    damageShare: number;
  }[];
  warnings: WarningCode[];
};

/** Turns of the rule's shaft. */
export type HoursAndTurns = { hours: number; millionTurns: number };

/** Throws `LIFE_REFUSED` when nothing turns under torque: then no life is spent. */
export function reducerLife({ kind, rated, spectrum, limits }: ReducerQuestion): ReducerLife {
  const rating = kind === "harmonic" ? harmonicRating(rated) : rvRating(rated);
  if (spectrum.every((p) => p.speedRpm === 0 || p.load === 0)) refuse("NO_DAMAGE");
  const average = equivalentOf(spectrum, rating.exponent);
  const hours = l10Hours(rating, average);
  const turnsPerHour = (60 * average.speedRpm) / 1e6;
  const life = (h: number): HoursAndTurns => ({ hours: h, millionTurns: h * turnsPerHour });
  const rate = damageRateOf(rating);
  const spent = spectrum.map((p) => p.share * rate(p.speedRpm, p.load));
  const whole = { damage: sumOf(spent), time: sumOf(spectrum.map((p) => p.share)) };
  return {
    kind,
    exponent: rating.exponent,
    rated: {
      torqueNm: rated.torqueNm,
      speedRpm: rated.speedRpm,
      lifeHours: rated.lifeMs / msPerHour,
      lifeIs: kind === "harmonic" ? "L50" : "L10",
    },
    shaft: ruleShaft[kind],
    average: { torqueNm: average.load, speedRpm: average.speedRpm },
    life: {
      L10: life(hours),
      ...(kind === "harmonic" ? { L50: life(hours * harmonicL50PerL10) } : {}),
    },
    parts: spectrum.map((p, i) => ({
      name: p.name ?? String(i + 1),
      torqueNm: p.load,
      speedRpm: p.speedRpm,
      timeShare: p.share / whole.time,
      damageShare: spent[i]! / whole.damage,
    })),
    warnings: warningsOf(kind, spectrum, average, limits),
  };
}

const msPerHour = 3.6e6;

function sumOf(values: readonly number[]): number {
  return values.reduce((s, v) => s + v, 0);
}

function warningsOf(
  kind: ReducerKind,
  spectrum: readonly SpectrumPart[],
  average: Equivalent,
  limits: ReducerLimits,
): WarningCode[] {
  const torque = Math.max(...spectrum.map((p) => Math.abs(p.load)));
  const speed = Math.max(...spectrum.map((p) => Math.abs(p.speedRpm)));
  const warnings: WarningCode[] = [];
  if (kind === "harmonic") warnings.push("L10_IS_A_FIFTH");
  if (torque > (limits.momentaryTorqueNm ?? Infinity)) warnings.push("ABOVE_MOMENTARY_TORQUE");
  else if (torque > (limits.peakTorqueNm ?? Infinity)) warnings.push("ABOVE_PEAK_TORQUE");
  if (average.load > (limits.averageTorqueNm ?? Infinity)) warnings.push("ABOVE_AVERAGE_TORQUE");
  if (speed > (limits.maxSpeedRpm ?? Infinity)) warnings.push("ABOVE_MAX_SPEED");
  return warnings;
}
