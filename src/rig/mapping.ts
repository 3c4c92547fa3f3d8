/** From a point's value (in the point's unit) to a role's canonical value and back. */
import { dimensionOf, parseQuantity, toCanonical } from "../base/quantity.js";
import type { RoleFile } from "./rig-file.js";

/** The pairs of a role's `linear`, canonical; the file was checked before. */
type Table = { from: Float64Array; to: Float64Array };

/**
 * A straight conversion of units, or the role's `linear` pairs with straight lines between them and
 * the end pieces going on. `linear` speaks for a point whose unit has the dimension of its left side;
 * a role may so write through an analogue output and read a point that is already in its own unit.
 */
export class Mapping {
  readonly #factor: number;
  readonly #offset: number;
  readonly #table: Table | undefined;

  constructor(role: RoleFile, pointUnit: string) {
    this.#offset = toCanonical(0, pointUnit);
    this.#factor = toCanonical(1, pointUnit) - this.#offset;
    this.#table = usesLinear(role, pointUnit) ? tableOf(role) : undefined;
  }

  toRole(pointValue: number): number {
    const canonical = pointValue * this.#factor + this.#offset;
    return this.#table === undefined
      ? canonical
      : interpolate(this.#table.from, this.#table.to, canonical);
  }

  toPoint(roleValue: number): number {
    const canonical =
      this.#table === undefined
        ? roleValue
        : interpolate(this.#table.to, this.#table.from, roleValue);
    return (canonical - this.#offset) / this.#factor;
  }
}

/** Does the role's `linear` speak for points of this unit? */
export function usesLinear(role: RoleFile, pointUnit: string): boolean {
  const left = role.linear?.[0]?.[0];
  if (left === undefined) return false;
  return parseQuantity(left)?.dimension === dimensionOf(pointUnit);
}

function tableOf(role: RoleFile): Table {
  const pairs = role.linear ?? [];
  const canonical = (text: string) => parseQuantity(text)?.value ?? Number.NaN;
  return {
    from: Float64Array.from(pairs, ([left]) => canonical(left)),
    to: Float64Array.from(pairs, ([, right]) => canonical(right)),
  };
}

function interpolate(xs: Float64Array, ys: Float64Array, x: number): number {
  let i = 1;
  while (i < xs.length - 1 && x > xs[i]!) i++;
  const share = (x - xs[i - 1]!) / (xs[i]! - xs[i - 1]!);
  return ys[i - 1]! + share * (ys[i]! - ys[i - 1]!);
}
