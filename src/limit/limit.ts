/** What a limit in a rig or profile file may say; made into numbers in `compile.ts`. */
import { OneOf, QuantityOf, type Static, Strict, Type } from "../base/schema.js";
import { conditionKeys } from "./condition/all.js";
import { CountFile, MaskFile, VoteFile, WhileFile } from "./limit-parts.js";

export { Written } from "./value.js";

/** Reactions, weakest first. `fail` ends the specimen (a result); `trip` drives safe values. */
export const reactions = ["log", "warn", "suspend", "hold", "stop", "trip", "fail"] as const;
export type Reaction = (typeof reactions)[number];

/** What becomes of the run when a specimen failed. */
export const failures = ["trip", "hold", "count-on"] as const;
export type OnFailure = (typeof failures)[number];

/** What a person does about an alarm, in one language or both. */
export const Guidance = Strict(
  {
    en: Type.Optional(Type.String({ minLength: 1 })),
    zh: Type.Optional(Type.String({ minLength: 1 })),
  },
  { minProperties: 1, description: "what to do, as { en: ..., zh: ... }" },
);
export type Guidance = Static<typeof Guidance>;

/** How soon a person is needed, least first. `urgent`: now, whatever the hour. */
export const priorities = ["low", "medium", "high", "urgent"] as const;
export type Priority = (typeof priorities)[number];

export const Limit = Strict(
  {
    name: Type.String({
      pattern: "^[a-z][a-z0-9-]*$",
      description: "unique name of small letters, digits and hyphens, as housing-hot",
    }),
    role: Type.String({
      minLength: 1,
      description: "the role it watches; a station's role counts for each station",
    }),
    ...conditionKeys,
    for: Type.Optional(QuantityOf("time")),
    count: Type.Optional(CountFile),
    hysteresis: Type.Optional(
      Type.String({ description: "how far back before it counts as returned" }),
    ),
    vote: Type.Optional(VoteFile),
    while: Type.Optional(WhileFile),
    mask: Type.Optional(MaskFile),
    reaction: OneOf(reactions),
    isolate: Type.Optional(
      Type.Boolean({
        description:
          "fire, smoke, oil leak: at this trip the rig is isolated, auxiliaries included",
      }),
    ),
    mode: Type.Optional(
      Type.String({ description: "failure mode seen by the rig, for reaction fail" }),
    ),
    fail: Type.Optional(
      OneOf(failures, {
        description:
          "what a failure does to the run, for reaction fail; without it the others go on",
      }),
    ),
    protects: Type.Optional(OneOf(["equipment", "test"])),
    priority: Type.Optional(
      OneOf(priorities, { description: "how soon a person is needed; without it by the reaction" }),
    ),
    message: Type.Optional(
      Type.String({ description: "cause, consequence and response, for the person" }),
    ),
    guidance: Type.Optional(Guidance),
  },
  { $id: "limit" },
);
export type Limit = Static<typeof Limit>;
