/** How fast a load at a speed spends a product's rated life (L10). Pure, hot. */
import { assert } from "../base/error.js";
import { ratingsOf } from "./check-product.js";
import type { Product } from "./product.js";

/**
 * Fraction of the rated L10 life spent per millisecond; NaN where speed or load is NaN. For bearings
 * the speed of the shaft (rpm) and the equivalent dynamic load P (N); for reducers the speed of the
 * input shaft (rpm) and the output torque (Nm). Direction does not matter.
 */
export type DamageRate = (speedRpm: number, load: number) => number;

const msPerMin = 60_000;

/**
 * The damage rule of a (checked) product by its kind. Damage adds up linearly over changing loads
 * (Palmgren-Miner), which is what the makers' speed-weighted mean loads with the same exponent say too.
 */
export function damageRate(product: Product): DamageRate {
  switch (product.kind) {
    case "ball-bearing":
      return bearing(rating(product, "C"), 3);
    case "roller-bearing":
      return bearing(rating(product, "C"), 10 / 3);
    case "harmonic-reducer":
      return harmonic(product);
    case "rv-reducer":
      return rv(product);
    case "planetary-reducer":
      // No rule that all makers share: the damage is unknown.
      return () => Number.NaN;
  }
}

/** ISO 281:2007, basic rating life: L10 = (C/P)^p million revolutions, p = 3 ball, 10/3 roller. */
function bearing(c: number, p: number): DamageRate {
  const revolutionsPerMs = 1 / (msPerMin * 1e6);
  return (speedRpm, load) => Math.abs(speedRpm) * revolutionsPerMs * (Math.abs(load) / c) ** p;
}

/**
 * Life of the wave generator bearing: L50 = Ln (nN/nav) (TN/Tav)^3, L10 = L50/5 (Harmonic Drive,
 * Engineering Data CSD-2A 1019659 11/2014, equations 20.2 and 20.3; Ln is `rated-life`).
 */
function harmonic(product: Product): DamageRate {
  const l10Ms = rating(product, "rated-life") / 5;
  const perRpm = 1 / (rating(product, "rated-speed") * l10Ms);
  const torque = rating(product, "rated-torque");
  return (speedRpm, load) => Math.abs(speedRpm) * perRpm * (Math.abs(load) / torque) ** 3;
}

/**
 * Lh = K (N0/Nm) (T0/Tm)^(10/3) at the output shaft, K = 6000 h at L10 (Nabtesco, RV E series
 * catalogue, service life; K is `rated-life`).
 */
function rv(product: Product): DamageRate {
  const l10Ms = rating(product, "rated-life");
  const perInputRpm = 1 / (rating(product, "ratio") * rating(product, "rated-speed") * l10Ms);
  const torque = rating(product, "rated-torque");
  return (speedRpm, load) =>
    Math.abs(speedRpm) * perInputRpm * (Math.abs(load) / torque) ** (10 / 3);
}

function rating(product: Product, name: string): number {
  const known = ratingsOf(product)[name];
  assert(known !== undefined, `a checked ${product.kind} has the rating ${name}`);
  return known.value;
}
