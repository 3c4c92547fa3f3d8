import { show as showWritten, Type } from "../../base/schema.js";
import { noPlace, placeOf, type SetpointPlace, setpointAt } from "../../base/setpoint.js";
import { Written } from "../value.js";
import { differenceOf } from "../written.js";
import { oneCycle, readingOf, sideOf } from "./band.js";
import type { ConditionKind } from "./kind.js";

/** The reading is farther than `by` from the role's setpoint, either way. */
export type DiffersFromSetpoint = {
  kind: "differsFromSetpoint";
  by: number;
  hysteresis: number;
  place: SetpointPlace;
};

export const differsFromSetpoint = {
  schema: Type.Union([Written], {
    description: "how far the reading may be from the role's setpoint",
  }),
  resolve(written, { value, watched, role, hysteresis, complain }) {
    const by = value(written, differenceOf(watched.dimension), []);
    if (by <= hysteresis) {
      complain([], showWritten(written), "a tolerance above zero and above its hysteresis");
    }
    if (!watched.hasSetpoint) {
      complain([], `the role "${role}", which has no setpoint`, "a role that is set");
    }
    return { kind: "differsFromSetpoint", by, hysteresis, place: noPlace };
  },
  bind: (plan, { order, role }) => ({ ...plan, place: placeOf(order, role) }),
  look({ by, hysteresis, place }, column, look) {
    const setpoint = setpointAt(look.setpoints, place);
    return sideOf(readingOf(look, column), setpoint - by, setpoint + by, hysteresis);
  },
  describe: ({ by, place }, { role, value, show, look }) => {
    const setpoint = show(setpointAt(look.setpoints, place));
    return {
      en: `${role} ${show(value)} differs from setpoint ${setpoint} by more than ${show(by)}`,
      zh: `${role} ${show(value)}，偏离设定值 ${setpoint} 超过 ${show(by)}`,
    };
  },
  short: ({ by }, show) => `± ${show(by)}`,
  latencyMs: oneCycle,
  atRest: () => "setpoint",
} satisfies ConditionKind<Written, DiffersFromSetpoint>;
