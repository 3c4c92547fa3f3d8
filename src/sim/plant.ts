/** What a plant is: the simulated physics behind the registers. Laws and sources: docs/simulation.md. */
import { assert } from "../base/error.js";
import type { Dimension } from "../base/quantity.js";

/**
 * Physics of one simulated rig. Pure: no clock, no devices; the same seed and the same calls give the
 * same numbers. All quantities are in canonical units (`base/quantity.ts`).
 */
export interface Plant {
  /** Names of the commanded inputs, in the order `advance` takes them: `speed`, `load`. */
  readonly inputs: readonly string[];
  /** Names of the measured outputs, as `output` numbers them: `speed`, `s1.vibration`. */
  readonly outputs: readonly string[];
  /**
   * Moves the physics by `dtMs` with the inputs held constant. Closed forms for every length: ten
   * steps of 1 s equal one of 10 s within 1e-9, a thousand idle hours cost one step.
   */
  advance(dtMs: number, inputs: Float64Array): void;
  /**
   * One measured output with seeded noise. The noise is a function of seed, output and simulated
   * instant, so that it does not matter how often or in which order anybody reads. Allocates nothing.
   */
  output(index: number): number;
  /** What no instrument shows: drawn lives and spent damage, for tests and the simulated record. */
  truth(): PlantTruth;
}

/** One way to fail. Lives are in turns of the (input) shaft. */
export type ClockTruth = {
  mode: string;
  /** Drawn life at the reference stress, without the `wear` factor. */
  lifeTurns: number;
  /** Damage over the drawn damage: 1 is failure. */
  spentFraction: number;
  turnsAtFailure: number | undefined;
};

/** What is true of one station; `mode`, `lifeTurns` ... are those of the clock that is furthest. */
export type StationTruth = ClockTruth & {
  station: string;
  specimen: string;
  failed: boolean;
  turns: number;
  clocks: readonly ClockTruth[];
  /** True inner quantities by name, with their unit: `lostMotionArcmin`. */
  values: Readonly<Record<string, number>>;
};

export type PlantTruth = { elapsedMs: number; stations: readonly StationTruth[] };

/** One specimen in its place; ratings (and geometry, as far as known) are canonical values by
 * the names of its product file. */
export type StationSpec = {
  station: string;
  specimen: string;
  /** Kind of product: `ball-bearing`, `roller-bearing`, `harmonic-reducer`. */
  kind: string;
  ratings: Readonly<Record<string, number>>;
};

/** A number that a rig file's `simulation.parameters` may set. */
export type PlantParameter = {
  dimension: Dimension;
  /** Per second of the dimension's unit: a ramp. */
  perSecond?: true;
  /** In the canonical unit. */
  default: number;
  title: string;
};

/** Parameters every plant has. `wear` lives in the plant and nowhere else. */
export const commonParameters = {
  wear: { dimension: "ratio", default: 1, title: "damage of the plant is multiplied by this" },
  noise: { dimension: "ratio", default: 1, title: "measurement noise is multiplied by this" },
  ambient: { dimension: "temperature", default: 23, title: "mean temperature of the room" },
  "ambient-swing": {
    dimension: "temperature difference",
    default: 1,
    title: "amplitude of the room's daily drift",
  },
  "thermal-time": { dimension: "time", default: 1.2e6, title: "time constant of a housing" },
} as const satisfies Record<string, PlantParameter>;

/** The parameters with their defaults filled in. A name the plant does not know is our own mistake. */
export function fillParameters<Name extends string>(
  known: Readonly<Record<Name, PlantParameter>>,
  given: Readonly<Record<string, number>>,
): Record<Name, number> {
  for (const name of Object.keys(given)) assert(name in known, `plant parameter ${name} is known`);
  const names = Object.keys(known) as Name[];
  return Object.fromEntries(
    names.map((name) => [name, given[name] ?? known[name].default]),
  ) as Record<Name, number>;
}

/** A rating the plant cannot do without; the binder has checked the product before. */
export function rating(spec: StationSpec, name: string): number {
  const value = spec.ratings[name];
  assert(
    value !== undefined && value > 0,
    `specimen ${spec.specimen} (${spec.kind}) has the rating ${name}`,
  );
  return value;
}
