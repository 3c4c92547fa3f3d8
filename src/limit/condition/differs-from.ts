import { type Static, Strict, show as showWritten, Type } from "../../base/schema.js";
import { noPlace, placeOf, type SetpointPlace, setpointAt } from "../../base/setpoint.js";
import type { Look } from "../look.js";
import { Written } from "../value.js";
import { differenceOf } from "../written.js";
import { oneCycle, readingOf, sideOf } from "./band.js";
import { type ConditionKind, columnOf, noColumn, type Places, type ResolveTools } from "./kind.js";

const DiffersFile = Strict(
  {
    setpoint: Type.Optional(Type.Literal(true, { description: "from the role's own setpoint" })),
    role: Type.Optional(
      Type.String({ minLength: 1, description: "from the reading of that role" }),
    ),
    others: Type.Optional(
      Type.Literal("median", {
        description: "from the median of the same role at the other stations",
      }),
    ),
    baseline: Type.Optional(Type.String({ minLength: 1, description: "from what was learnt" })),
    by: Written,
  },
  { description: "by how much from what: exactly one of setpoint, role, others, baseline" },
);
type DiffersFile = Static<typeof DiffersFile>;

/** The reading is farther than `by` from a setpoint, another role, or what the other stations read, either way. */
export type DiffersFrom = {
  kind: "differsFrom";
  from: "setpoint" | "role" | "others" | "baseline";
  by: number;
  hysteresis: number;
  /** The other role, or the name of the baseline. */
  role: string;
  column: number;
  others: readonly number[];
  place: SetpointPlace;
};

export const differsFrom = {
  schema: DiffersFile,
  resolve(written, tools) {
    const { value, watched, hysteresis, complain } = tools;
    const by = value(written.by, differenceOf(watched.dimension), ["by"]);
    if (by <= hysteresis) {
      complain(["by"], showWritten(written.by), "a distance above zero and above the hysteresis");
    }
    const unbound = { column: noColumn, others: [], place: noPlace };
    return { kind: "differsFrom", ...fromWhat(written, tools), by, hysteresis, ...unbound };
  },
  bind: (plan, places) => ({
    ...plan,
    column: plan.from === "role" ? columnOf(places, plan.role) : noColumn,
    others: plan.from === "others" ? otherStations(places) : [],
    place: plan.from === "setpoint" ? placeOf(places.order, places.role) : noPlace,
  }),
  look(plan, column, look) {
    const from = valueFrom(plan, column, look);
    const { by, hysteresis } = plan;
    return sideOf(readingOf(look, column), from - by, from + by, hysteresis);
  },
  describe: (plan, { role, value, show, showChange, column, look }) => {
    const { en, zh } = words[plan.from];
    const from = show(valueFrom(plan, column, look));
    const by = showChange(plan.by);
    return {
      en: `${role} ${show(value)} differs from ${en(plan.role)} ${from} by more than ${by}`,
      zh: `${role} ${show(value)}，偏离${zh(plan.role)} ${from} 超过 ${by}`,
    };
  },
  short: ({ by, from, role }, show) => `± ${show(by)} of ${words[from].en(role)}`,
  latencyMs: oneCycle,
  atRest: ({ from }) => (from === "setpoint" ? "setpoint" : "watched"),
} satisfies ConditionKind<DiffersFile, DiffersFrom>;

const words = {
  setpoint: { en: () => "setpoint", zh: () => "设定值" },
  role: { en: (role: string) => role, zh: (role: string) => ` ${role}` },
  others: { en: () => "the other stations'", zh: () => "其他工位" },
  baseline: { en: (name: string) => `baseline ${name}`, zh: (name: string) => `基线 ${name}` },
};

function fromWhat(
  { setpoint, role, others, baseline }: DiffersFile,
  { watched, role: own, complain, otherRole, baseline: checkBaseline }: ResolveTools,
): Pick<DiffersFrom, "from" | "role"> {
  const said = [setpoint, role, others, baseline].filter((one) => one !== undefined);
  if (said.length !== 1) {
    complain(
      [],
      `${said.length === 0 ? "none" : "more than one"} of them`,
      "exactly one of setpoint, role, others, baseline",
    );
  }
  if (setpoint === true && !watched.hasSetpoint) {
    complain(["setpoint"], `the role "${own}", which has no setpoint`, "a role that is set");
  }
  if (others !== undefined && watched.isOfStations === false) {
    complain(["others"], `the role "${own}", which stations do not have`, "a role of stations");
  }
  if (baseline !== undefined) {
    checkBaseline(baseline, ["baseline"]);
    return { from: "baseline", role: baseline };
  }
  if (role === undefined) return { from: others === undefined ? "setpoint" : "others", role: "" };
  const other = otherRole(role, ["role"]);
  if (other !== undefined && other.dimension !== watched.dimension) {
    complain(["role"], `the role "${role}" (a ${other.dimension})`, `a ${watched.dimension}`);
  }
  return { from: "role", role };
}

/** NaN where it is not known; a median of fewer than two is none. */
function valueFrom(plan: DiffersFrom, watched: number, look: Look): number {
  const { from, place, column, others, role } = plan;
  if (from === "setpoint") return setpointAt(look.setpoints, place);
  if (from === "baseline") return look.baseline(role, watched);
  return from === "role" ? readingOf(look, column) : medianOf(others, look);
}

function otherStations({ columns, role, station }: Places): readonly number[] {
  return columns.flatMap((c, i) => (c.role === role && c.station !== station ? [i] : []));
}

/** Good readings of one look, in order: nothing of it outlives the look. */
let sorted = new Float64Array(16);

/** Of the good ones. */
function medianOf(columns: readonly number[], look: Look): number {
  if (sorted.length < columns.length) sorted = new Float64Array(columns.length);
  let known = 0;
  for (let i = 0; i < columns.length; i++) {
    const value = readingOf(look, columns[i]!);
    if (Number.isNaN(value)) continue;
    let k = known++;
    for (; k > 0 && sorted[k - 1]! > value; k--) sorted[k] = sorted[k - 1]!;
    sorted[k] = value;
  }
  if (known < 2) return Number.NaN;
  const middle = (known - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
