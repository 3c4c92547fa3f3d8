/** The JSON Schemas in `schema/`: fresh, valid draft-07, and in agreement with the shipped files. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv, type ValidateFunction } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { schemaFiles } from "../../src/cli/schema.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const howToRefresh = "stale: run `node bin/wearout.js schema export` and commit schema/";

const folders: Record<string, string> = {
  devices: "device-type.json",
  rigs: "rig.json",
  profiles: "profile.json",
  products: "product.json",
};

function shipped(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => join(folder, name))
    .sort();
}

/** An independent validator, in its strict mode: a keyword or reference it does not know throws. */
function validator(name: string): ValidateFunction {
  const text = readFileSync(join(root, "schema", name), "utf8");
  const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
  for (const [, format] of text.matchAll(/"format": "([^"]+)"/g)) ajv.addFormat(format ?? "", true);
  return ajv.compile(JSON.parse(text));
}

function errorsOf(validate: ValidateFunction, value: unknown): string[] {
  validate(value);
  return (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);
}

describe("JSON Schemas", () => {
  it("are as the sources say", () => {
    for (const { name, text } of schemaFiles()) {
      const path = join(root, "schema", name);
      const kept = existsSync(path) ? readFileSync(path, "utf8") : "";
      expect(kept === text, `schema/${name} is ${howToRefresh}`).toBe(true);
    }
    const names = schemaFiles().map(({ name }) => name);
    expect(readdirSync(join(root, "schema")).sort()).toEqual([...names].sort());
  });

  it("say draft-07, an id and a title, and keep the words for every unit", () => {
    for (const { text } of schemaFiles()) {
      const schema = JSON.parse(text) as Record<string, string>;
      expect(schema["$schema"]).toBe("http://json-schema.org/draft-07/schema#");
      expect(schema["$id"]).toMatch(/^urn:wearout:[a-z-]+$/);
      expect(schema["title"]).toMatch(/^[a-z ]+$/);
      const formats = nodes(schema).filter((node) => typeof node["format"] === "string");
      expect(formats.filter((node) => node["description"] === undefined)).toEqual([]);
    }
  });

  for (const [folder, schema] of Object.entries(folders)) {
    const files = shipped(folder);
    it(`accept every file in ${folder}, and each names its schema on line 1`, () => {
      expect(files.length).toBeGreaterThan(0);
      const validate = validator(schema);
      for (const file of files) {
        const text = readFileSync(join(root, file), "utf8");
        const path = relative(dirname(resolve(root, file)), join(root, "schema", schema));
        const line = /.*/.exec(text)?.[0];
        expect(line, file).toBe(`# yaml-language-server: $schema=${path}`);
        expect(errorsOf(validate, parse(text)), file).toEqual([]);
      }
    });
  }

  it("refuse what the files may not say, inside nested steps too", () => {
    const validate = validator("profile.json");
    const text = readFileSync(join(root, "profiles/bearing-constant-load.yaml"), "utf8");
    const nested = (step: object) => ({
      ...(parse(text) as object),
      steps: [{ repeat: 2, steps: [{ repeat: 2, steps: [step] }] }],
    });
    expect(errorsOf(validate, nested({ dwell: { time: "1 h" } }))).toEqual([]);
    expect(errorsOf(validate, nested({ dwel: { time: "1 h" } }))).toEqual([
      "/steps/0/steps/0/steps/0 must NOT have additional properties",
    ]);
    expect(errorsOf(validate, nested({ repeat: 0 }))).toEqual([
      "/steps/0/steps/0/steps/0/repeat must be >= 1",
    ]);
  });
});

/** Every object of a tree. */
function nodes(value: unknown): Record<string, unknown>[] {
  if (typeof value !== "object" || value === null) return [];
  const own = Array.isArray(value) ? [] : [value as Record<string, unknown>];
  return [...own, ...Object.values(value).flatMap(nodes)];
}
