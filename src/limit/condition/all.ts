/**
 * Every kind of condition, by the key that it has in a file. A new kind is a file beside this one and a line in each
 * list here.
 */
import { type Static, Strict, Type } from "../../base/schema.js";
import { type Above, above } from "./above.js";
import { type AtRestWithin, atRestWithin } from "./at-rest-within.js";
import { type Below, below } from "./below.js";
import { type DiffersFrom, differsFrom } from "./differs-from.js";
import { type DiffersFromSetpoint, differsFromSetpoint } from "./differs-from-setpoint.js";
import { type Falls, falls } from "./falls.js";
import { type Frozen, frozen } from "./frozen.js";
import { type Integral, integral } from "./integral.js";
import { type Is, is } from "./is.js";
import { type IsNot, isNot } from "./is-not.js";
import type { ConditionKind } from "./kind.js";
import { type Outside, outside } from "./outside.js";
import { type ReachesWithin, reachesWithin } from "./reaches-within.js";
import { type Rises, rises } from "./rises.js";
import { type Stale, stale } from "./stale.js";
import { type Stall, stall } from "./stall.js";

/** A condition in canonical units: plain data. */
export type Condition =
  | Above
  | Below
  | Outside
  | DiffersFromSetpoint
  | DiffersFrom
  | Rises
  | Falls
  | Stale
  | Frozen
  | Is
  | IsNot
  | ReachesWithin
  | AtRestWithin
  | Integral
  | Stall;
type Name = Condition["kind"];

/** The keys of a limit that are conditions; exactly one of them is there (`compile.ts`). */
export const conditionKeys = {
  above: Type.Optional(above.schema),
  below: Type.Optional(below.schema),
  outside: Type.Optional(outside.schema),
  differsFromSetpoint: Type.Optional(differsFromSetpoint.schema),
  differsFrom: Type.Optional(differsFrom.schema),
  rises: Type.Optional(rises.schema),
  falls: Type.Optional(falls.schema),
  stale: Type.Optional(stale.schema),
  frozen: Type.Optional(frozen.schema),
  is: Type.Optional(is.schema),
  isNot: Type.Optional(isNot.schema),
  reachesWithin: Type.Optional(reachesWithin.schema),
  atRestWithin: Type.Optional(atRestWithin.schema),
  integral: Type.Optional(integral.schema),
  stall: Type.Optional(stall.schema),
};
const ConditionFile = Strict(conditionKeys);
export type ConditionFile = Static<typeof ConditionFile>;

const kinds: { [K in Name]: ConditionKind<never, Extract<Condition, { kind: K }>> } = {
  above,
  below,
  outside,
  differsFromSetpoint,
  differsFrom,
  rises,
  falls,
  stale,
  frozen,
  is,
  isNot,
  reachesWithin,
  atRestWithin,
  integral,
  stall,
};
export const conditionNames = Object.keys(kinds) as readonly Name[];

/** What can be done with a condition of any kind. */
export function kindOf(name: Name): ConditionKind<unknown, Condition> {
  return kinds[name];
}
