import { describe, expect, it } from "vitest";
import { formatProblem } from "../../../src/base/error.js";
import { judgeParts } from "../../../src/base/judge.js";
import { parseText, QuantityOf, Strict, Type } from "../../../src/base/schema.js";

const Plan = Strict(
  {
    name: Type.String(),
    cycle: QuantityOf("time"),
    roles: Type.Record(
      Type.String(),
      Strict({ unit: Type.String(), of: Type.Optional(Type.Number()) }),
    ),
    limits: Type.Array(Strict({ role: Type.String(), above: Type.Number({ maximum: 99 }) })),
    pairs: Type.Optional(Type.Array(Type.Tuple([Type.String(), Type.String()]), { minItems: 1 })),
  },
  { title: "plan" },
);

/** Form and meaning: a limit watches a role that is there, and none twice. */
function problems(text: string): string[] {
  const parsed = parseText(Plan, text, "plan.yaml");
  const meaning = judgeParts(parsed, ({ value, problem }) => {
    const limits = value?.limits ?? [];
    return limits.flatMap(({ role }, i) => {
      if (value?.roles[role] === undefined) {
        return [problem(["limits", i, "role"], `the unknown role "${role}"`, "one that is there")];
      }
      const twice = limits.findIndex((l) => l.role === role) < i;
      return twice ? [problem(["limits", i], `"${role}" twice`, "once")] : [];
    });
  });
  return [...parsed.problems, ...meaning].map(formatProblem);
}

const right = `name: a
cycle: 1 s
roles:
  speed: { unit: rpm }
  load: { unit: kN }
limits:
  - { role: speed, above: 5 }
  - { role: load, above: 7 }
`;

describe("the meaning of a file whose form is wrong", () => {
  it("is judged where the form is right, at the places of the whole file", () => {
    const text = right.replace("above: 5", "above: five").replace("role: load", "role: lood");
    expect(problems(right)).toEqual([]);
    expect(problems(text)).toEqual([
      'plan.yaml:7:20  limits[0].above: found "five", expected a number of at most 99',
      'plan.yaml:8:7  limits[1].role: found the unknown role "lood", expected one that is there',
    ]);
  });

  it("is judged beside a section of the wrong form that gives no names", () => {
    const text = right.replace("cycle: 1 s", "cycle: 500").replace("role: load", "role: lood");
    expect(problems(text)).toEqual([
      'plan.yaml:2:1  cycle: found 500, expected a time, as "30 min"; the unit is missing',
      'plan.yaml:8:7  limits[1].role: found the unknown role "lood", expected one that is there',
    ]);
  });

  it("is not told of what speaks of a name whose entry has a wrong form", () => {
    const text = right.replace("unit: rpm", "unit: 5");
    expect(problems(text)).toEqual(["plan.yaml:4:12  roles.speed.unit: found 5, expected a text"]);
    const misspelt = right.replace("roles:\n", "roles:\n  torque: { unit: Nm, colour: red }\n");
    expect(problems(misspelt.replace("role: load", "role: torque"))).toHaveLength(1);
  });

  it("waits where a whole section of names is missing", () => {
    expect(problems(right.replace("roles:", "roels:"))).toHaveLength(2);
  });

  it("is judged without a list of which nothing is left", () => {
    const text = `${right.replace("role: load", "role: lood")}pairs: [[a]]\n`;
    expect(problems(text).map((line) => line.split(": found")[0])).toEqual([
      "plan.yaml:9:9  pairs[0]",
      "plan.yaml:8:7  limits[1].role",
    ]);
  });
});
