import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatProblem } from "../../../src/base/error.js";
import { nearest } from "../../../src/base/nearest.js";
import { OneOf, parseText, QuantityOf, Strict, Type, UnitName } from "../../../src/base/schema.js";

const Thing = Strict(
  {
    name: Type.String({ minLength: 1 }),
    colour: OneOf(["red", "green", "blue"]),
    speed: QuantityOf("speed"),
    unit: Type.Optional(UnitName()),
    parts: Type.Array(Strict({ count: Type.Integer({ minimum: 1, maximum: 9 }) })),
  },
  { title: "thing" },
);

const right = `name: a
colour: red
speed: 1500 rpm
parts:
  - count: 3
`;

function problems(text: string): string[] {
  return parseText(Thing, text, "thing.yaml").problems.map(formatProblem);
}

describe("a file against its schema", () => {
  it("gives the value when everything fits", () => {
    const parsed = parseText(Thing, right, "thing.yaml");
    expect(parsed.problems).toEqual([]);
    expect(parsed.value).toMatchObject({ name: "a", parts: [{ count: 3 }] });
  });

  it("names file, line, column, field, what was found and what would be right", () => {
    expect(problems(right.replace("1500 rpm", "1500 Nm"))).toEqual([
      'thing.yaml:3:1  speed: found "1500 Nm", expected a speed, as "1500 rpm"',
    ]);
  });

  it("reports everything at once", () => {
    const text = right
      .replace("red", "rot")
      .replace("count: 3", "count: 12")
      .replace("name: a", "nam: a");
    expect(problems(text)).toHaveLength(4);
  });

  it("suggests the key that was meant", () => {
    expect(problems(right.replace("colour", "color"))).toContain(
      'thing.yaml:2:1  color: found the unknown key "color", expected "colour" (did you mean that?) or one of name, colour, speed, unit, parts',
    );
  });

  it("says which words need quotes because YAML takes them for numbers", () => {
    const Port = Strict({ format: OneOf(["8N1", "8N2", "8E1"]) }, { title: "port" });
    const said = (text: string) => parseText(Port, text, "port.yaml").problems[0]?.expected;
    expect(said("format: 8E1")).toBe('"8E1" in quotes (without them YAML reads a number)');
    expect(said("format: 8E3")).toBe("one of 8N1, 8N2, 8E1, in quotes");
    expect(said("format: 8X1")).not.toContain("quotes");
    expect(parseText(Port, 'format: "8E1"', "port.yaml").problems).toEqual([]);
    expect(problems(right.replace("red", "3"))[0]).not.toContain("quotes");
  });

  it("suggests the word that was meant", () => {
    const [problem] = problems(right.replace("red", "gren"));
    expect(problem).toContain('"green" (did you mean that?)');
  });

  it("points into lists", () => {
    expect(problems(right.replace("count: 3", "count: 0"))).toEqual([
      "thing.yaml:5:5  parts[0].count: found 0, expected a whole number from 1 to 9",
    ]);
  });

  it("refuses a key given twice, where it stands the second time", () => {
    const [problem] = problems(`${right}colour: blue\n`);
    expect(problem).toBe(
      'thing.yaml:6:1  found the key "colour" a second time, expected every key once',
    );
  });

  it("says what is missing", () => {
    expect(problems(right.replace("speed: 1500 rpm\n", ""))).toEqual([
      'thing.yaml:1:1  speed: found nothing, expected a speed, as "1500 rpm"',
    ]);
  });

  it("takes YAML 1.2 only: no is a word, 010 is ten", () => {
    const text = right.replace("name: a", "name: no").replace("count: 3", "count: 010");
    expect(problems(text)).toEqual([
      "thing.yaml:5:5  parts[0].count: found 10, expected a whole number from 1 to 9",
    ]);
  });

  for (const [what, text] of [
    ["an empty file", ""],
    ["an empty file", "   \n\n"],
    ["an empty file", "# only a comment\n"],
    ["binary data", "name: \0\u0001"],
    ["a file of 2.0 MB", `name: ${"x".repeat(2_000_000)}`],
  ] as const) {
    it(`refuses ${what} (${text.length} characters)`, () => {
      expect(problems(text)[0]).toContain(`found ${what}`);
    });
  }

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const parsed = parseText(Thing, text, "any.yaml");
        expect(parsed.value === undefined).toBe(parsed.problems.length > 0);
      }),
    );
  });
});

describe("the nearest word", () => {
  it("finds slips of the finger and nothing farther", () => {
    const words = ["speed", "load", "housing-temperature", "vibration"];
    expect(nearest("sped", words)).toBe("speed");
    expect(nearest("laod", words)).toBe("load");
    expect(nearest("housing_temperature", words)).toBe("housing-temperature");
    expect(nearest("pressure", words)).toBeUndefined();
  });
});

describe("names that every object has", () => {
  const Named = Strict(
    { values: Type.Record(Type.String(), Type.String()) },
    { title: "table of values" },
  );

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "as %s is there only where somebody wrote it",
    (name) => {
      const empty = parseText(Named, "values: {}", "a.yaml").value!;
      expect(empty.values[name]).toBeUndefined();
      const { value } = parseText(Named, `values: { ${name}: "1" }`, "a.yaml");
      expect(value!.values[name]).toBe("1");
      expect(Object.keys(value!.values)).toEqual([name]);
    },
  );

  it("says what a mapping is where a word or unit is wanted", () => {
    expect(problems(right.replace("red", "{ a: 1 }"))).toHaveLength(1);
    expect(problems(`${right}unit: { a: 1 }\n`)).toHaveLength(1);
  });
});

describe("a text that nests", () => {
  const block = (depth: number) =>
    Array.from({ length: depth }, (_, i) => `${" ".repeat(i)}a:`).join("\n");
  it.each([
    ["mappings in braces", "{a: ".repeat(20_000), "thing.yaml:1:257"],
    ["lists in brackets", "[".repeat(20_000), "thing.yaml:1:65"],
    ["lists in lists", "- ".repeat(20_000), "thing.yaml:1:129"],
    ["keys of keys", "? ".repeat(20_000), "thing.yaml:1:129"],
    ["mappings by indentation", block(1300), "thing.yaml:65:65"],
  ])("%s is refused at its place", (_, text, place) => {
    expect(problems(text)).toEqual([
      `${place}  found mappings and lists nested deeper than 64, expected at most 64 inside each other`,
    ]);
  });

  it("is not deep because it is long, or because a text in it has brackets", () => {
    const rows = Array.from({ length: 500 }, (_, i) => `  - { a: [${i}], b: "{{{{[[[[" }`);
    const text = `rows:\n${rows.join("\n")}\nnote: |\n${" ".repeat(200)}deep text\n`;
    const Rows = Strict({ rows: Type.Array(Type.Unknown()), note: Type.String() }, { title: "r" });
    expect(parseText(Rows, text, "r.yaml").problems).toEqual([]);
  });
});

describe("a unit that is nearly right", () => {
  const Fast = Strict(
    { force: QuantityOf("force"), rate: QuantityOf("speed", true) },
    { title: "fast" },
  );
  const said = (force: string, rate: string) =>
    parseText(Fast, `force: ${force}\nrate: ${rate}\n`, "f.yaml").problems.map((p) => p.expected);

  it.each([
    ["4 kn", "1 rpm/s", 'did you mean "4 kN"?'],
    ["4 KN", "1 rpm/s", 'did you mean "4 kN"?'],
    ["4 kN", "300 rpm", 'did you mean "300 rpm/s"?'],
    ["4 kN", "300 RPM/S", 'did you mean "300 rpm/s"?'],
    ["4 kN", "300 rpm/sec", 'did you mean "300 rpm/s"?'],
  ])("as %s or %s is suggested right", (force, rate, meant) => {
    expect(said(force, rate)).toHaveLength(1);
    expect(said(force, rate)[0]).toContain(meant);
  });

  it("is suggested for other ways to write it", () => {
    const Warm = Strict({ at: QuantityOf("temperature"), by: QuantityOf("torque") });
    const problems = parseText(Warm, "at: 90 C\nby: 120 N·m\n", "w.yaml").problems;
    expect(problems.map((p) => p.expected.replace(/^.*; /, ""))).toEqual([
      'did you mean "90 degC"?',
      'did you mean "120 Nm"?',
    ]);
  });

  it("is not guessed where nothing is near", () => {
    expect(said("4 x", "1 rpm/s")).toEqual(['a force, as "4 kN"']);
  });

  it("is no unit by a name that every object has", () => {
    expect(said("4 constructor", "1 rpm/s")).toHaveLength(1);
  });
});
