/** How fast a load at a speed spends a product's rated life (L10). Pure, hot. */
import { assert } from "../base/error.js";
import {
  bearingRating,
  type DamageRate,
  damageRateOf,
  harmonicRating,
  type LifeRating,
  rvRating,
} from "../life/rating.js";
import { ratingsOf } from "./check-product.js";
import type { Product } from "./product.js";

export type { DamageRate } from "../life/rating.js";

/**
 * The damage rule of a (checked) product by its kind: fraction of L10 per millisecond. For bearings
 * the speed of the shaft (rpm) and the equivalent dynamic load P (N); for reducers the speed of the
 * input shaft (rpm) and the output torque (Nm).
 */
export function damageRate(product: Product): DamageRate {
  const rating = lifeRating(product);
  // No rule that all makers share: the damage is unknown.
  if (rating === undefined) return () => Number.NaN;
  const ratio = product.kind === "rv-reducer" ? ratingOf(product, "ratio") : 1;
  // The rule of RV gears counts the output shaft's turns.
  return damageRateOf({ ...rating, speedRpm: rating.speedRpm * ratio });
}

/** The rated life of a (checked) product; undefined where its makers share no rule. */
export function lifeRating(product: Product): LifeRating | undefined {
  switch (product.kind) {
    case "ball-bearing":
      return bearingRating("ball", ratingOf(product, "C"));
    case "roller-bearing":
      return bearingRating("roller", ratingOf(product, "C"));
    case "harmonic-reducer":
      return harmonicRating(reducerRatings(product));
    case "rv-reducer":
      return rvRating(reducerRatings(product));
    case "planetary-reducer":
      return undefined;
  }
}

function reducerRatings(product: Product) {
  return {
    torqueNm: ratingOf(product, "rated-torque"),
    speedRpm: ratingOf(product, "rated-speed"),
    lifeMs: ratingOf(product, "rated-life"),
  };
}

function ratingOf(product: Product, name: string): number {
  const known = ratingsOf(product)[name];
  assert(known !== undefined, `a checked ${product.kind} has the rating ${name}`);
  return known.value;
}
