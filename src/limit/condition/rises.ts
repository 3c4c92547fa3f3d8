import { oneCycle } from "./band.js";
import { type Change, ChangeFile, changeSlots, lookAtChange, resolveChange } from "./change.js";
import type { ConditionKind } from "./kind.js";

/** The reading has come up by more than so much within the time. */
export type Rises = Change & { kind: "rises" };

export const rises = {
  schema: ChangeFile,
  resolve: (written, tools) => ({ kind: "rises", ...resolveChange(written, tools) }),
  slots: () => changeSlots,
  look: (plan, column, look, memory, at) => lookAtChange(plan, 1, column, look, memory, at),
  describe: ({ by, withinMs }, { role, value, show, showChange, duration }) => ({
    en: `${role} ${show(value)}, risen by more than ${showChange(by)} within ${duration(withinMs)}`,
    zh: `${role} ${show(value)}，${duration(withinMs)} 内上升超过 ${showChange(by)}`,
  }),
  short: () => "",
  latencyMs: oneCycle,
  atRest: () => "watched",
} satisfies ConditionKind<ChangeFile, Rises>;
