import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { jsonSchemaOf } from "../../../src/base/json-schema.js";
import { allVerbs, verbDocuments, verbNamed } from "../../../src/verb/all.js";

const named = (wanted: (spec: (typeof allVerbs)[number]) => boolean) =>
  allVerbs.filter(wanted).map(({ verb }) => verb);

describe("the verbs of a kept rig", () => {
  it("have each its own name of a noun and a verb", () => {
    const names = named(() => true);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^(run|rig|alarm|limit) [a-z-]+$/);
    expect(verbNamed("run hold")?.kind).toBe("command");
    expect(verbNamed("run jump")).toBeUndefined();
  });

  it("need a person at the rig where they may set something in motion or take a guard away", () => {
    const starting = [
      ...["run start", "run resume", "rig clear", "rig reset", "rig take", "rig return"],
      "limit bypass",
    ];
    expect(named(({ presence }) => presence)).toEqual(starting);
  });

  it("let hold, abort and safe through from anywhere, whatever their sender saw", () => {
    const always = allVerbs.filter((spec) => spec.always);
    expect(always.map(({ verb }) => verb)).toEqual(["run hold", "run abort", "rig safe"]);
    expect(always.filter(({ presence, bound }) => presence || bound)).toEqual([]);
  });

  it("have schemas that a validator by another hand understands", () => {
    for (const document of verbDocuments) {
      const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTuples: false });
      expect(() => ajv.compile(jsonSchemaOf(document)), document.$id).not.toThrow();
    }
  });

  it("ask for nothing that must be given where a hand must be quick", () => {
    for (const name of ["run hold", "run abort", "rig safe", "run stop", "rig status"]) {
      const accepts = new Ajv().compile(jsonSchemaOf(titled(name)));
      expect(accepts({}), name).toBe(true);
      expect(accepts({ reson: "typo" }), name).toBe(false);
    }
  });
});

describe("docs/verbs.md", () => {
  it("says of every verb what its specification says", () => {
    const file = fileURLToPath(new URL("../../../../docs/verbs.md", import.meta.url));
    const rows = readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => /^\| `[a-z]+ [a-z]/.test(line));
    const mark = (is: boolean) => (is ? " yes |" : " |");
    const expected = allVerbs.map(({ verb, says, presence, bound }) => {
      return `| \`${verb}\` | ${says} |${mark(presence)}${mark(bound)}`;
    });
    expect(rows).toEqual(expected);
  });
});

function titled(name: string) {
  return { ...verbNamed(name)!.input, $id: "input", title: "input" };
}
