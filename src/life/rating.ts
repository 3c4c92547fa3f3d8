/**
 * Rated lives: every maker's rule is one power law, a life L10 at a rated load and speed that goes with
 * load^-exponent and speed^-1. The one place for it; `profile` books damage by it while a test runs.
 */

/** Loads in N (bearings) or Nm (reducers); the rated speed belongs to the shaft the rule names. */
export type LifeRating = { load: number; speedRpm: number; l10Ms: number; exponent: number };

export type RollingElement = "ball" | "roller";

/** ISO 281:2007, basic rating life: exponent p of L10 = (C/P)^p. */
export const bearingExponent: Record<RollingElement, number> = { ball: 3, roller: 10 / 3 };

const msPerMin = 60_000;

/** ISO 281:2007, equations for L10: C carries one million revolutions, at any speed. */
export function bearingRating(element: RollingElement, cN: number): LifeRating {
  return { load: cN, speedRpm: 1, l10Ms: 1e6 * msPerMin, exponent: bearingExponent[element] };
}

/** A reducer's rated torque (at the output), rated speed and rated life, as its maker prints them. */
export type ReducerRatings = { torqueNm: number; speedRpm: number; lifeMs: number };

/** L10 is a fifth of L50, and makers of strain wave gears print L50. */
export const harmonicL50PerL10 = 5;

/**
 * Life of the wave generator bearing: L50 = Ln (nN/nav) (TN/Tav)^3, L10 = L50/5 (Harmonic Drive,
 * Engineering Data CSD-2A 1019659 11/2014, equations 20.2 and 20.3). Speeds of the input shaft;
 * `lifeMs` is Ln, an L50.
 */
export function harmonicRating({ torqueNm, speedRpm, lifeMs }: ReducerRatings): LifeRating {
  return { load: torqueNm, speedRpm, l10Ms: lifeMs / harmonicL50PerL10, exponent: 3 };
}

/**
 * Lh = K (N0/Nm) (T0/Tm)^(10/3), K = 6000 h at L10 (Nabtesco, RV E series catalogue, service life).
 * Speeds of the output shaft; `lifeMs` is K, an L10.
 */
export function rvRating({ torqueNm, speedRpm, lifeMs }: ReducerRatings): LifeRating {
  return { load: torqueNm, speedRpm, l10Ms: lifeMs, exponent: 10 / 3 };
}

/** Fraction of L10 spent per millisecond; NaN where speed or load is NaN. Direction does not matter. */
export type DamageRate = (speedRpm: number, load: number) => number;

/** Damage adds up linearly over changing loads (Palmgren-Miner). */
export function damageRateOf({ load, speedRpm, l10Ms, exponent }: LifeRating): DamageRate {
  const perRpm = 1 / (speedRpm * l10Ms);
  return (speed, at) => Math.abs(speed) * perRpm * (Math.abs(at) / load) ** exponent;
}

/** One part of a load spectrum; shares may have any sum. */
export type SpectrumPart = { load: number; speedRpm: number; share: number };

export type Equivalent = { load: number; speedRpm: number };

/**
 * The constant load and speed that spend the same life: mean speed over all the time, and the load
 * averaged over revolutions with the exponent of life (makers' speed-weighted mean torque).
 */
export function equivalentOf(parts: readonly SpectrumPart[], exponent: number): Equivalent {
  const sum = (of: (p: SpectrumPart) => number) => parts.reduce((s, p) => s + of(p), 0);
  const turns = sum((p) => Math.abs(p.speedRpm) * p.share);
  const speedRpm = turns / sum((p) => p.share);
  const weight = (p: SpectrumPart) => (Math.abs(p.speedRpm) * p.share) / turns;
  return { load: sum((p) => weight(p) * Math.abs(p.load) ** exponent) ** (1 / exponent), speedRpm };
}

/** Hours of L10 at a constant load and speed. */
export function l10Hours(rating: LifeRating, { load, speedRpm }: Equivalent): number {
  return 1 / damageRateOf(rating)(speedRpm, load) / 3.6e6;
}
