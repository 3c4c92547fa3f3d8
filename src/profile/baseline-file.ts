import { QuantityOf, Strict, Type } from "../base/schema.js";

/** What a profile file says of a baseline. */
export const BaselineFile = Strict(
  {
    role: Type.String({ minLength: 1, description: "a station's role is learnt at each station" }),
    step: Type.String({ minLength: 1, description: "name of the step in which it is learnt" }),
    after: Type.Optional(QuantityOf("time")),
    samples: Type.Optional(
      Type.Integer({ minimum: 2, description: "good ones, at least; default 60" }),
    ),
    scatter: QuantityOf("ratio"),
  },
  {
    description:
      "learnt in a step, after so long, until the step ends: the mean, where its standard deviation is at most the scatter",
  },
);
