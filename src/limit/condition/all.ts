/**
 * Every kind of condition, by the key that it has in a file. A new kind is a file beside this one and a line in each
 * list here.
 */
import { type Static, Strict, Type } from "../../base/schema.js";
import { type Above, above } from "./above.js";
import { type Below, below } from "./below.js";
import { type DiffersFromSetpoint, differsFromSetpoint } from "./differs-from-setpoint.js";
import type { ConditionKind } from "./kind.js";
import { type Outside, outside } from "./outside.js";
import { type Stale, stale } from "./stale.js";

/** A condition in canonical units: plain data. */
export type Condition = Above | Below | Outside | DiffersFromSetpoint | Stale;
type Name = Condition["kind"];

/** The keys of a limit that are conditions; exactly one of them is there (`compile.ts`). */
export const conditionKeys = {
  above: Type.Optional(above.schema),
  below: Type.Optional(below.schema),
  outside: Type.Optional(outside.schema),
  differsFromSetpoint: Type.Optional(differsFromSetpoint.schema),
  stale: Type.Optional(stale.schema),
};
const ConditionFile = Strict(conditionKeys);
export type ConditionFile = Static<typeof ConditionFile>;

const kinds: { [K in Name]: ConditionKind<never, Extract<Condition, { kind: K }>> } = {
  above,
  below,
  outside,
  differsFromSetpoint,
  stale,
};
export const conditionNames = Object.keys(kinds) as readonly Name[];

/** What can be done with a condition of any kind. */
export function kindOf(name: Name): ConditionKind<unknown, Condition> {
  return kinds[name];
}
