/** A value as people write it, in limits and steps. */
import { type Static, Strict, Type } from "../base/schema.js";

/**
 * A quantity (`90 degC`), a share of a rating of the specimen's product (`35 % of C`), or the name of a profile
 * parameter.
 */
export const Written = Type.Union(
  [
    Type.String({ minLength: 1, description: '"90 degC" or "35 % of C"' }),
    Strict({ parameter: Type.String({ minLength: 1 }) }),
  ],
  { description: "a quantity, a share of a rating, or { parameter: name }" },
);
export type Written = Static<typeof Written>;
