import { oneCycle } from "./band.js";
import { type Change, ChangeFile, changeSlots, lookAtChange, resolveChange } from "./change.js";
import type { ConditionKind } from "./kind.js";

/** The reading has come down by more than so much within the time. */
export type Falls = Change & { kind: "falls" };

export const falls = {
  schema: ChangeFile,
  resolve: (written, tools) => ({ kind: "falls", ...resolveChange(written, tools) }),
  slots: () => changeSlots,
  look: (plan, column, look, memory, at) => lookAtChange(plan, -1, column, look, memory, at),
  describe: ({ by, withinMs }, { role, value, show, showChange, duration }) => ({
    en: `${role} ${show(value)}, fallen by more than ${showChange(by)} within ${duration(withinMs)}`,
    zh: `${role} ${show(value)}，${duration(withinMs)} 内下降超过 ${showChange(by)}`,
  }),
  short: () => "",
  latencyMs: oneCycle,
  // What the rig itself brings to rest falls.
  atRest: () => "moving",
} satisfies ConditionKind<ChangeFile, Falls>;
