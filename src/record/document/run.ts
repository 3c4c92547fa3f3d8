/** The two documents of a run beside its events: the header at its start, the summary at its end. */
import type { EpochMs } from "../../base/clock.js";
import type { Column } from "../../base/sample.js";
import { type Static, Strict, Type } from "../../base/schema.js";
import { LivedExposure, type TimeSync } from "./event.js";

/** A file the run depends on, kept whole with its hash (SHA-256 of the text, hex). */
export type KeptFile = {
  kind: "rig" | "profile" | "product" | "device-type";
  name: string;
  text: string;
};

export type RunHeader = {
  id: string;
  rig: string;
  profile: string;
  simulated: boolean;
  seed?: number;
  software: string;
  startedWall: EpochMs;
  /** At the start; a `clock` event tells every change. Simulated time has none. */
  timeSync?: TimeSync;
  cycleMs: number;
  columns: readonly Column[];
  /** Around every trigger all samples are kept; only where a column says `keep`. */
  blackBox?: { beforeMs: number; afterMs: number };
  specimens: readonly { station: string; specimen: string; product: string; lot?: string }[];
  /** Parameter values given for this run, as written. */
  parameters: { readonly [name: string]: string };
  /** Values of roles that the rig has given per run, as written; only where there are any. */
  constants?: { readonly [role: string]: string };
  /** What the simulated plant was given beyond its rig file; only of simulated runs. */
  plant?: { readonly [name: string]: number };
  files: readonly KeptFile[];
};

const textOrNone = Type.Union([Type.String(), Type.Null()]);
const numberOrNone = Type.Union([Type.Number(), Type.Null()]);
const wall = (description: string) =>
  Type.Number({ description: `${description} (ms since 1970, UTC)` });

const StationSummary = Strict({
  station: Type.String(),
  specimen: Type.String(),
  product: Type.String(),
  outcome: Type.String({ description: "running, failed or censored" }),
  mode: textOrNone,
  exposure: LivedExposure,
  informative: Type.Optional(
    Type.Literal(true, {
      description: "taken off while it was suspect: that it ended says something of its life",
    }),
  ),
});

const AlarmSummary = Strict({
  limit: Type.String(),
  station: textOrNone,
  reaction: Type.String(),
  state: Type.String(),
  raisedAt: Type.Number(),
  returnedAt: numberOrNone,
  count: Type.Integer(),
  value: numberOrNone,
});

/** How a run came out; written once at its end. What older records lack may be missing. */
export const RunSummary = Strict(
  {
    id: Type.String(),
    rig: Type.String(),
    profile: Type.String(),
    simulated: Type.Boolean(),
    seed: numberOrNone,
    state: Type.String(),
    outcome: Type.String(),
    reason: Type.String(),
    startedWall: wall("at its start"),
    endedWall: wall("at its end"),
    exposure: LivedExposure,
    stations: Type.Array(StationSummary),
    cycles: Type.Optional(
      Strict(
        { planned: Type.Integer(), done: Type.Integer(), missed: Type.Integer() },
        { description: "while there was a controller" },
      ),
    ),
    alarms: Type.Array(AlarmSummary),
    events: Type.Array(
      Strict({
        kind: Type.String(),
        at: Type.Number(),
        cycle: Type.Integer(),
        station: textOrNone,
        text: Type.String(),
      }),
      { description: "those that a person wants to see of a whole run" },
    ),
    lines: Type.Optional(
      Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()), {
        description: "what each line of the rig counted until the end of the run",
      }),
    ),
  },
  { $id: "run-summary", title: "run summary" },
);
export type RunSummary = Static<typeof RunSummary>;
