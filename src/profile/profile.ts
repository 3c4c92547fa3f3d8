/** What a stress profile file may say. Steps nest only through `repeat`; nothing is an expression. */
import { Named, OneOf, QuantityOf, type Static, Strict, Type, UnitName } from "../base/schema.js";
import { Limit, Written } from "../limit/limit.js";
import { BaselineFile } from "./baseline-file.js";
import { productKinds } from "./product.js";

const Setpoints = Type.Record(Type.String(), Written, { description: "role: value" });

/** Exactly one of the amounts; checked in `steps.ts`. */
const Amount = Strict({
  time: Type.Optional(Written),
  turns: Type.Optional(Written),
});
export type Amount = Static<typeof Amount>;

const Ramp = Strict({
  to: Setpoints,
  over: Type.Optional(QuantityOf("time")),
  rate: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'role: rate, as "500 rpm/s"' }),
  ),
});

const Until = Strict({
  role: Type.String({ minLength: 1 }),
  above: Type.Optional(Written),
  below: Type.Optional(Written),
  for: Type.Optional(QuantityOf("time")),
  timeout: Type.Optional(QuantityOf("time")),
  otherwise: Type.Optional(OneOf(["continue", "hold", "stop", "trip"])),
});

const Block = Strict({
  name: Type.Optional(Type.String()),
  share: QuantityOf("ratio"),
  set: Setpoints,
});

const Spectrum = Strict({
  blocks: Type.Array(Block, { minItems: 1 }),
  period: QuantityOf("time"),
  periods: Type.Integer({ minimum: 1, maximum: 100000 }),
});

/** One step: exactly one of set, ramp, dwell, until, spectrum, repeat. */
export const Step = Type.Recursive(
  (This) =>
    Strict({
      name: Type.Optional(Type.String({ minLength: 1 })),
      set: Type.Optional(Setpoints),
      ramp: Type.Optional(Ramp),
      dwell: Type.Optional(Amount),
      until: Type.Optional(Until),
      spectrum: Type.Optional(Spectrum),
      repeat: Type.Optional(Type.Integer({ minimum: 1, maximum: 100000 })),
      steps: Type.Optional(Type.Array(This, { minItems: 1 })),
      limits: Type.Optional(Type.Array(Limit)),
    }),
  { $id: "step" },
);
export type Step = Static<typeof Step>;

const Parameter = Strict({
  title: Type.Optional(Type.String()),
  unit: UnitName(),
  default: Type.String({ description: 'a quantity or a share, as "35 % of C"' }),
  range: Type.Optional(Type.Tuple([Type.String(), Type.String()])),
});

export const Profile = Strict(
  {
    profile: Type.String({
      pattern: "^[a-z0-9][a-z0-9-]*$",
      description: "name of small letters, digits and hyphens, as the file's name",
    }),
    title: Type.String({ minLength: 1 }),
    for: Type.Array(OneOf(productKinds), { minItems: 1, description: "kinds of specimen" }),
    product: Type.String({ description: "example product, used when none is named" }),
    roles: Type.Record(Type.String(), UnitName(), {
      description: "role: unit, for setpoints and limits",
    }),
    parameters: Type.Optional(Type.Record(Type.String(), Parameter)),
    steps: Type.Array(Step, { minItems: 1 }),
    limits: Type.Optional(Type.Array(Limit)),
    baselines: Type.Optional(Named("^[a-z][a-z0-9-]*$", BaselineFile)),
    end: Type.Optional(
      Strict({
        time: Type.Optional(QuantityOf("time")),
        turns: Type.Optional(QuantityOf("turns")),
        failures: Type.Optional(
          Type.Integer({ minimum: 1, description: "stop after so many failures" }),
        ),
        suddenDeath: Type.Optional(
          Type.Boolean({
            description: "a group ends with its first failure; the run with its last group",
          }),
        ),
      }),
    ),
    interruption: Type.Optional(OneOf(["hold", "resume", "end"])),
    blackBox: Type.Optional(
      Strict(
        { before: QuantityOf("time"), after: QuantityOf("time") },
        { description: "what is kept around a trip or failure; default 60 s before, 30 s after" },
      ),
    ),
  },
  { title: "profile", $id: "profile" },
);
export type Profile = Static<typeof Profile>;
