import type { Clock } from "../base/clock.js";
import type { Parsed } from "../base/schema.js";
import type { Keeper } from "../keeper/keeper.js";
import type { Product } from "../profile/product.js";
import type { Profile } from "../profile/profile.js";
import type { Program } from "../profile/program.js";
import type { TimeSync } from "../record/document/event.js";
import type { WriterOptions } from "../record/writer.js";
import type { LoadedRig } from "../rig/load.js";

/** A specimen in its place. */
export type Placed = {
  station: string;
  specimen: string;
  product: Product;
  productText: string;
  /** Of manufacture, or whatever is to be compared; for the life table. */
  lot?: string;
};

/** Everything a life test is put together from. */
export type LifeTestSpec = {
  loaded: LoadedRig;
  keeper: Keeper;
  profile: Parsed<Profile>;
  program: Program;
  placed: readonly Placed[];
  /** Parameters as given on the command line. */
  parameters: Readonly<Record<string, string>>;
  simulated: boolean;
  seed: number | undefined;
  /** What the simulated plant was given beyond its rig file. */
  plant?: Readonly<Record<string, number>>;
  software: string;
  /** Asked at the start and once a minute; none where time is simulated. */
  timeSync?: () => TimeSync;
  recordsRoot: string;
  writer: WriterOptions;
  clock: Clock;
};
