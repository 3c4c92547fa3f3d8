/**
 * The one way a file becomes a typed value: TypeBox describes the kind, `yaml` keeps the positions,
 * and every problem is reported with file, line, column, field, what was found and what would be right.
 */
import {
  FormatRegistry,
  type Static,
  type TSchema,
  type TUnsafe,
  Type,
  TypeRegistry,
} from "@sinclair/typebox";
import { type ValueError, ValueErrorType } from "@sinclair/typebox/errors";
import { Value } from "@sinclair/typebox/value";
import {
  isMap,
  isNode,
  isPair,
  LineCounter,
  parseDocument,
  type Document as YamlDocument,
} from "yaml";
import { deepest, tooDeepAt } from "./depth.js";
import type { Problem } from "./error.js";
import { suggest } from "./nearest.js";
import { withoutPrototypes } from "./own.js";
import {
  type Dimension,
  dimensionOf,
  exampleOf,
  nearestQuantity,
  parseQuantity,
  unitNames,
} from "./quantity.js";
import { type SoundPart, soundPart } from "./sound-part.js";

export { type Static, suggest, type TSchema, Type };

export type Path = readonly (string | number)[];

/** A parsed file: its value when it fits the schema, its problems, and where each path stands. */
export type Parsed<T> = {
  file: string;
  text: string;
  value: T | undefined;
  problems: Problem[];
  /** Where the form is wrong, the part whose form is right (`judgeParts`); undefined where too little is left. */
  part?: SoundPart | undefined;
  /** A problem at a path of this file, for checks of meaning. */
  problem(path: Path, found: string, expected: string): Problem;
};

/** Files people write are small; a larger one is a mistake (a log, a data table, a disk image). */
const largestFileBytes = 1_000_000;

/** Strings such as `1500 rpm`; `rate` means per time (`5 kN/min`). */
export function QuantityOf(dimension: Dimension, rate = false): TUnsafe<string> {
  const format = `quantity:${dimension}${rate ? " rate" : ""}`;
  if (!FormatRegistry.Has(format)) {
    FormatRegistry.Set(format, (text) => isQuantity(text, dimension, rate));
  }
  return Type.Unsafe<string>(Type.String({ format, description: describe(dimension, rate) }));
}

function isQuantity(text: string, dimension: Dimension, rate: boolean): boolean {
  const q = parseQuantity(text);
  return q !== undefined && q.dimension === dimension && q.perSecond === rate;
}

/** A unit name that we know (`rpm`, `kN`). */
export function UnitName(): TUnsafe<string> {
  if (!FormatRegistry.Has("unit")) {
    FormatRegistry.Set("unit", (text) => dimensionOf(text) !== undefined);
  }
  return Type.Unsafe<string>(Type.String({ format: "unit", description: "a unit, as rpm or kN" }));
}

/** An object that admits no other keys than its own. */
export function Strict<P extends Record<string, TSchema>>(properties: P, options: object = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** Names that people give to entries, and what is expected in place of another one. */
const names = {
  "^[a-z][a-z0-9-]*$": "a name of small letters, digits and hyphens, as s1",
  "^[A-Za-z][A-Za-z0-9-]*$": "a name of letters, digits and hyphens, as C0",
  "^[0-9]+$": "a whole number",
  "^-?[0-9]+$": "a whole number",
} as const;

/** A mapping whose keys are names of this pattern, and no others. */
export function Named<V extends TSchema>(pattern: keyof typeof names, value: V, options = {}) {
  const strict = { additionalProperties: false, ...options };
  return Type.Record(Type.String({ pattern }), value, strict);
}

/** One of these words. */
export function OneOf<const W extends readonly string[]>(words: W, options: object = {}) {
  return Type.Unsafe<W[number]>({ type: "string", enum: [...words], ...options, ...enumKind });
}

const enumKind = { [Symbol.for("TypeBox.Kind")]: "WordEnum" };

TypeRegistry.Set("WordEnum", (schema: { enum: string[] }, value) =>
  schema.enum.includes(value as string),
);

/** Reads YAML (or JSON) text against a schema. Never throws for what the text says. */
export function parseText<T extends TSchema>(
  schema: T,
  text: string,
  file: string,
): Parsed<Static<T>> {
  const counter = new LineCounter();
  const early = refuseEarly(text, file, schema);
  if (early !== undefined) return failed(file, text, [early]);
  const deepAt = tooDeepAt(text);
  if (deepAt !== undefined) return failed(file, text, [tooDeep(text, file, deepAt)]);
  const doc = parseDocument(text, { lineCounter: counter, uniqueKeys: true, version: "1.2" });
  const parsed = failed<Static<T>>(file, text, []);
  parsed.problem = (path, found, expected) => {
    const { line, col } = counter.linePos(offsetOf(doc, path));
    return { file, line, column: col, field: formatPath(path), found, expected };
  };
  for (const error of doc.errors) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
    const [found, expected] = describeSyntax(error.code, error.message, text, error.pos[0]);
    parsed.problems.push({ file, line, column: col, field: "", found, expected });
  }
  if (doc.errors.length > 0) return parsed;
  const value = plainValue(doc);
  if (value instanceof Error) {
    const expected = "plain values: anchors and aliases are not used here";
    parsed.problems.push(parsed.problem([], firstLine(value.message), expected));
    return parsed;
  }
  if (value === null || value === undefined) {
    parsed.problems.push(parsed.problem([], "an empty file", whatIs(schema)));
    return parsed;
  }
  const wrong = schemaProblems(schema, value, parsed);
  parsed.problems.push(...wrong.map(({ said }) => said));
  if (wrong.length === 0) parsed.value = value as Static<T>;
  else {
    const places = wrong.map(({ path }) => path);
    parsed.part = soundPart(schema, value, places);
  }
  return parsed;
}

/** Aliases without an anchor, or that multiply without bound, only show when the value is made. */
function plainValue(doc: YamlDocument): unknown {
  try {
    return withoutPrototypes(doc.toJS());
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function failed<T>(file: string, text: string, problems: Problem[]): Parsed<T> {
  const problem = (path: Path, found: string, expected: string): Problem => ({
    file,
    line: 1,
    column: 1,
    field: formatPath(path),
    found,
    expected,
  });
  return { file, text, value: undefined, problems, problem };
}

function refuseEarly(text: string, file: string, schema: TSchema): Problem | undefined {
  const at = { file, line: 1, column: 1, field: "" };
  const expected = `${whatIs(schema)} as YAML text`;
  if (text.length > largestFileBytes) {
    const found = `a file of ${(text.length / 1e6).toFixed(1)} MB`;
    return { ...at, found, expected: `${expected} of at most ${largestFileBytes / 1e6} MB` };
  }
  if (text.includes("\0") || text.includes("\uFFFD"))
    return { ...at, found: "binary data", expected };
  if (text.trim() === "") return { ...at, found: "an empty file", expected };
  return undefined;
}

function whatIs(schema: TSchema): string {
  return schema.title === undefined ? "a value" : `a ${schema.title}`;
}

function tooDeep(text: string, file: string, offset: number): Problem {
  const before = text.slice(0, offset).split("\n");
  const at = { file, line: before.length, column: before.at(-1)!.length + 1, field: "" };
  const found = `mappings and lists nested deeper than ${deepest}`;
  return { ...at, found, expected: `at most ${deepest} inside each other` };
}

function describeSyntax(code: string, message: string, text: string, at: number): [string, string] {
  if (code === "DUPLICATE_KEY") {
    const key = /^[^:\n]*/.exec(text.slice(at))?.[0] ?? "";
    return [`the key "${key.trim()}" a second time`, "every key once"];
  }
  return [`"${/.*/.exec(text.slice(at, at + 40))?.[0] ?? ""}"`, `YAML (${firstLine(message)})`];
}

function firstLine(text: string): string {
  return /.*/.exec(text)?.[0] ?? text;
}

function schemaProblems<T>(schema: TSchema, value: unknown, parsed: Parsed<T>) {
  const problems: { path: Path; said: Problem }[] = [];
  const seen = new Set<string>();
  for (const error of Value.Errors(schema, value)) {
    // TypeBox reports a missing property twice (missing, then wrong type of undefined).
    if (seen.has(error.path)) continue;
    seen.add(error.path);
    const path = pathOf(error.path, value);
    const [found, expected] = describeError(error, path);
    problems.push({ path, said: parsed.problem(path, found, expected) });
  }
  return problems;
}

/** What is wrong with a value that came from no file, a sentence each: `forMs: found nothing, expected a number`. */
export function valueProblems(schema: TSchema, value: unknown): string[] {
  if (Value.Check(schema, value)) return [];
  const problems = schemaProblems(schema, value, failed("", "", []));
  return problems.map(({ said: { field, found, expected } }) => {
    return `${field === "" ? "" : `${field}: `}found ${found}, expected ${expected}`;
  });
}

function describeError(error: ValueError, path: Path): [string, string] {
  const schema = error.schema;
  const key = String(path.at(-1) ?? "");
  if (error.type === ValueErrorType.ObjectAdditionalProperties) {
    const [pattern] = Object.keys((schema.patternProperties as object | undefined) ?? {});
    const name = pattern === undefined ? undefined : names[pattern as keyof typeof names];
    if (name !== undefined) return [show(key), name];
    const known = Object.keys((schema.properties as object | undefined) ?? {});
    return [`the unknown key "${key}"`, suggest(key, known)];
  }
  if (error.value === undefined) return ["nothing", expectedOf(schema)];
  const strange = strangeKey(schema, error.value);
  if (strange !== undefined) return strange;
  return [show(error.value), expectedOf(schema, error.value)];
}

/** Of a mapping where one of several forms is wanted: the key that its form does not know. */
function strangeKey({ anyOf }: TSchema, value: unknown): [string, string] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const forms = ((anyOf ?? []) as TSchema[]).map((form) => Object.keys(form.properties ?? {}));
  const known = forms.flat();
  const key = Object.keys(value).find((k) => !known.includes(k));
  if (key === undefined || known.length === 0) return undefined;
  return [`the unknown key "${key}"`, suggest(key, known)];
}

function expectedOf(schema: TSchema, value?: unknown): string {
  if (Array.isArray(schema.enum)) return wordOf(schema.enum as string[], value);
  const anyOf = schema.anyOf as TSchema[] | undefined;
  if (anyOf !== undefined)
    return schema.description ?? anyOf.map((s) => expectedOf(s)).join(" or ");
  if (schema.const !== undefined) return show(schema.const);
  if (schema.format === "unit") return suggest(wordIn(value), unitNames);
  if (typeof schema.format === "string") return quantityOf(schema, value);
  if (schema.pattern !== undefined && typeof value === "string" && schema.description !== undefined)
    return schema.description;
  const range = rangeOf(schema);
  const kind = typeWords[schema.type as string] ?? String(schema.type ?? "a value");
  return `${kind}${range}${schema.description === undefined ? "" : ` (${schema.description})`}`;
}

/** What a person may have meant: a list or a mapping is no word. */
function wordIn(value: unknown): string {
  return typeof value === "object" || value === undefined ? "" : String(value);
}

/** `a force, as "4 kN"; did you mean "7 kN"?` */
function quantityOf({ format, description }: TSchema, value: unknown): string {
  const expected = description ?? String(format);
  const [, dimension, rate] = /^quantity:(.*?)( rate)?$/.exec(String(format)) ?? [];
  if (dimension === undefined) return expected;
  return quantityExpected(expected, wordIn(value), dimension as Dimension, rate !== undefined);
}

/** What is expected, with what a person most likely meant by `text`, or that a bare number wants its unit. */
export function quantityExpected(
  expected: string,
  text: string,
  dimension: Dimension,
  rate = false,
): string {
  if (/^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/.test(text)) return `${expected}; the unit is missing`;
  const meant = nearestQuantity(text, dimension, rate);
  return meant === undefined ? expected : `${expected}; did you mean "${meant}"?`;
}

/** Some words are numbers to YAML when they stand without quotes: 8E1 is 80. */
function wordOf(words: readonly string[], value: unknown): string {
  const meant = words.find((word) => typeof value === "number" && Number(word) === value);
  if (meant !== undefined) return `"${meant}" in quotes (without them YAML reads a number)`;
  const numeric = typeof value === "number" && words.some((word) => !Number.isNaN(Number(word)));
  return suggest(wordIn(value), words) + (numeric ? ", in quotes" : "");
}

const typeWords: Record<string, string> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  object: "a mapping (key: value)",
  array: "a list",
};

function rangeOf(schema: TSchema): string {
  const { minimum, maximum, minItems } = schema;
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  if (maximum !== undefined) return ` of at most ${maximum}`;
  if (minItems === undefined) return "";
  return ` with at least ${minItems} ${minItems === 1 ? "entry" : "entries"}`;
}

function describe(dimension: Dimension, rate: boolean): string {
  return `a ${dimension}${rate ? " per time" : ""}, as "${exampleOf(dimension, rate)}"`;
}

export function show(value: unknown): string {
  const text = typeof value === "string" ? `"${value}"` : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** TypeBox gives JSON pointers; list positions become numbers again. */
function pathOf(pointer: string, root: unknown): Path {
  let at: unknown = root;
  return pointer
    .split("/")
    .slice(1)
    .map((raw) => {
      const key = raw.replaceAll("~1", "/").replaceAll("~0", "~");
      const step = Array.isArray(at) ? Number(key) : key;
      at = (at as Record<string | number, unknown> | undefined)?.[step];
      return step;
    });
}

/** `steps[2].ramp.speed` */
export function formatPath(path: Path): string {
  return path.map((p, i) => (typeof p === "number" ? `[${p}]` : i === 0 ? p : `.${p}`)).join("");
}

/** Offset of the key at a path, else of the nearest node above it that exists. */
function offsetOf(doc: YamlDocument, path: Path): number {
  for (let n = path.length; n > 0; n--) {
    const parent = n === 1 ? doc.contents : doc.getIn(path.slice(0, n - 1), true);
    const key = path[n - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((i) => isPair(i) && keyText(i.key) === String(key));
      if (pair !== undefined && isNode(pair.key) && pair.key.range) return pair.key.range[0];
    }
    const node = doc.getIn(path.slice(0, n), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return isNode(doc.contents) && doc.contents.range ? doc.contents.range[0] : 0;
}

function keyText(key: unknown): string {
  return String(isNode(key) ? key.toJSON() : key);
}
