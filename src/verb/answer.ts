import { OneOf, type Static, Type } from "../base/schema.js";
import { packmlStates } from "../run/states.js";

/**
 * Why a command was not taken; the sentence beside it says it to people. `state`: the rig's state or an interlock does
 * not allow it; `changed`: the state is not the one its sender saw; `presence`: a start-type verb without a person at
 * the rig; `other`: what it names (a run, an alarm, a device) is not there; `input`: it says what it may not say.
 */
export const refusals = ["state", "changed", "presence", "other", "input"] as const;

export const PackmlStateName = OneOf(packmlStates, { description: "a state of PackML" });

/**
 * What a command came to. `accepted`: it is being done; `confirmed`: the devices have already said so. What comes of it
 * later is news. Of one that was not accepted: why, and what would make it possible.
 */
export const Answer = Type.Object(
  {
    requested: Type.Literal(true),
    accepted: Type.Boolean(),
    confirmed: Type.Optional(Type.Boolean()),
    refusal: Type.Optional(OneOf(refusals)),
    state: PackmlStateName,
    text: Type.String({ description: "one sentence for people" }),
    run: Type.Optional(Type.String({ description: "id of the run that it brought to the rig" })),
    token: Type.Optional(
      Type.String({
        description: "of `rig token` and `rig take`: what proves a person at the rig",
      }),
    ),
    whatWouldMakeItPossible: Type.Optional(Type.String()),
    revision: Type.Integer({ description: "of the state after it was decided" }),
  },
  { $id: "answer", title: "answer" },
);
export type Answer = Static<typeof Answer>;
export type Refusal = (typeof refusals)[number];
