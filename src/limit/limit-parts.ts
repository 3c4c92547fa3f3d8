/** Parts of a limit in a file that are mappings of their own. */
import { QuantityOf, type Static, Strict, Type } from "../base/schema.js";
import { conditionKeys } from "./condition/all.js";

const { above, below, is, isNot } = conditionKeys;
const role = Type.String({ minLength: 1 });

export const MaskFile = Strict(
  {
    afterStart: Type.Optional(QuantityOf("time")),
    afterStep: Type.Optional(QuantityOf("time")),
    whileRamping: Type.Optional(Type.Boolean()),
    untilReached: Type.Optional(
      Strict({ above, below }, { description: "until the reading was there once since the start" }),
    ),
  },
  { description: "when the limit is not looked at" },
);

export const WhileFile = Strict(
  { role, above, below, is, isNot },
  { description: "looked at only while another role says so: { role: speed, above: 100 rpm }" },
);

export const CountFile = Strict(
  { times: Type.Integer({ minimum: 2, maximum: 64 }), within: QuantityOf("time") },
  { description: "instead of `for`: so many good samples within this time violate the limit" },
);
export type CountFile = Static<typeof CountFile>;

export const VoteFile = Strict(
  { atLeast: Type.Integer({ minimum: 1 }), with: Type.Array(role, { minItems: 1, maxItems: 15 }) },
  { description: "of the role and these others, so many must violate the limit" },
);
export type VoteFile = Static<typeof VoteFile>;
