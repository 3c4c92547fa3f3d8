/** What a device type says about its commands and about what it drives. */
import { OneOf, QuantityOf, type Static, Strict, Type } from "../base/schema.js";
import { conditions, PointValue } from "./condition.js";

const text = (description: string) => Type.String({ minLength: 1, description });

export const CommandStep = Strict({
  does: Type.Optional(
    OneOf(["soften", "remove"], {
      description:
        "remove = takes energy away, always sent (when left out); " +
        "soften = best effort with `within` as its own deadline, never holds up what follows",
    }),
  ),
  write: Type.Optional(Type.Record(Type.String(), PointValue, { description: "point: value" })),
  expect: Type.Optional(Type.Record(Type.String(), PointValue, { description: "point: value" })),
  within: Type.Optional(QuantityOf("time")),
  wait: Type.Optional(QuantityOf("time")),
});
export type CommandStep = Static<typeof CommandStep>;

/** A setpoint the device turns into motion, force or heat, or an output it only passes on. */
export const Actuator = Strict({
  point: text("the writable point that carries the setpoint"),
  prepare: Type.Optional(
    text("the command before the setpoint is written for a start: unlocks it, moves nothing"),
  ),
  start: Type.Optional(text("the command that makes the device follow the setpoint")),
  follows: Type.Optional(
    Strict(
      { point: Type.String(), is: Type.Array(PointValue, { minItems: 1 }) },
      { description: "the device follows the setpoint while this point has one of these values" },
    ),
  ),
  safe: Type.Optional(
    text(
      "the command that takes the actuator to its safe state; left out for a plain output, " +
        "which gets the rig's safe value and nothing else",
    ),
  ),
  acted: Type.Optional(
    conditions(
      "point: condition; all hold once the device itself shows that the safe command has acted",
    ),
  ),
  obeys: Type.Optional(
    conditions("point: condition; all hold while the device takes commands from the line (remote)"),
  ),
  requires: Type.Optional(
    conditions("point: condition; read before any write to this actuator, all must hold"),
  ),
});
export type Actuator = Static<typeof Actuator>;
