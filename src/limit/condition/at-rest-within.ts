import { parseQuantity } from "../../base/quantity.js";
import { QuantityOf, type Static, Strict, Type } from "../../base/schema.js";
import { noPlace, placeOf, type SetpointPlace, setpointAt } from "../../base/setpoint.js";
import { between, beyond, unknown, within } from "../look.js";
import { Written } from "../value.js";
import { readingOf, twoCycles } from "./band.js";
import type { ConditionKind } from "./kind.js";

const AtRestFile = Strict(
  {
    below: Written,
    within: QuantityOf("time"),
    notBefore: Type.Optional(QuantityOf("time")),
  },
  {
    description:
      "the run-down of a role that is set: rest is below this, not later and not sooner than that",
  },
);

/** The role's setpoint asks for rest, and the reading is there too late, or too soon: something brakes it. */
export type AtRestWithin = {
  kind: "atRestWithin";
  rest: number;
  withinMs: number;
  notBeforeMs: number;
  place: SetpointPlace;
};

export const atRestWithin = {
  schema: AtRestFile,
  resolve(written, { value, watched, role, complain }) {
    const rest = value(written.below, watched.dimension, ["below"]);
    const withinMs = parseQuantity(written.within)?.value ?? Number.NaN;
    const notBeforeMs = parseQuantity(written.notBefore ?? "0 s")?.value ?? Number.NaN;
    if (!watched.hasSetpoint) {
      complain([], `the role "${role}", which has no setpoint`, "a role that is set");
    }
    if (notBeforeMs >= withinMs) {
      complain(["notBefore"], written.notBefore ?? "", `a time below ${written.within}`);
    }
    return { kind: "atRestWithin", rest, withinMs, notBeforeMs, place: noPlace };
  },
  bind: (plan, { order, role }) => ({ ...plan, place: placeOf(order, role) }),
  // Times are one millisecond late: zero is nothing. `found` is the side that the run-down came to.
  slots: () => ["drivenAt", "restAskedAt", "found"],
  look({ rest, withinMs, notBeforeMs, place }, column, look, memory, at) {
    const setpoint = setpointAt(look.setpoints, place);
    const value = Math.abs(readingOf(look, column));
    if (Number.isNaN(value) || Number.isNaN(setpoint)) return unknown;
    if (Math.abs(setpoint) > rest) {
      memory[at] = value > rest ? look.at + 1 : 0;
      memory[at + 1] = 0;
      memory[at + 2] = 0;
      return within;
    }
    // What did not move runs down no more.
    if (memory[at] === 0) return within;
    if (memory[at + 1] === 0) memory[at + 1] = look.at + 1;
    if (memory[at + 2] !== 0) return memory[at + 2] === beyond ? beyond : within;
    const isAtRest = value <= rest;
    const tookAtMostMs = look.at - (memory[at]! - 1);
    const tookAtLeastMs = look.at - (memory[at + 1]! - 1);
    if (isAtRest) memory[at + 2] = tookAtMostMs < notBeforeMs ? beyond : within;
    if (tookAtLeastMs > withinMs) memory[at + 2] = beyond;
    if (memory[at + 2] === 0) return between;
    return memory[at + 2] === beyond ? beyond : within;
  },
  describe: ({ rest, withinMs, notBeforeMs }, { role, value, show, duration }) =>
    Math.abs(value) > rest
      ? {
          en: `${role} ${show(value)}, not at rest within ${duration(withinMs)}`,
          zh: `${role} ${show(value)}，${duration(withinMs)} 内未停止`,
        }
      : {
          en: `${role} at rest sooner than ${duration(notBeforeMs)} after it was let go`,
          zh: `${role} 释放后不足 ${duration(notBeforeMs)} 即停止`,
        },
  short: () => "",
  latencyMs: twoCycles,
  atRest: () => "watched",
} satisfies ConditionKind<Static<typeof AtRestFile>, AtRestWithin>;
