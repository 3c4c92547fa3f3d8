/**
 * Of a document with problems of form, the part that can still be judged for its meaning: entries of mappings by
 * name and items of lists that hold no such problem. What is cut off is remembered, for nothing may be said
 * falsely because of it.
 */
import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { type Dimension, exampleOf } from "./quantity.js";

type Key = string | number;
type Place = readonly Key[];

export type SoundPart = {
  /** Fits the schema. */
  value: unknown;
  /** Places that were cut off, or that hold a stand-in. */
  hidden: readonly Place[];
  /** Names given in what was cut off: who speaks of them cannot be judged. */
  names: ReadonlySet<string>;
  /** Where a place of `value` is in the whole document: lists have lost items. */
  origin(place: Place): Place;
};

/** `bad`: where the problems of form are. Undefined where too little is left. */
export function soundPart(
  schema: TSchema,
  whole: unknown,
  bad: readonly Place[],
): SoundPart | undefined {
  if (!isMapping(whole)) return undefined;
  const first = build(schema, whole, cutsOf(schema, whole, bad));
  if (first === undefined || Value.Check(schema, first.value)) return first;
  // A list that lost all its items, a pair that lost one: the whole section is left out.
  const left = [...Value.Errors(schema, first.value)].map((e) => e.path.split("/")[1] ?? "");
  const cuts = [...first.hidden, ...left.map((section) => [section])];
  const second = build(schema, whole, cuts);
  return second !== undefined && Value.Check(schema, second.value) ? second : undefined;
}

/** Each problem takes the outermost named entry or list item that holds it, else its section. */
function cutsOf(schema: TSchema, whole: unknown, bad: readonly Place[]): Place[] {
  return bad.map((place) => {
    let at: TSchema | undefined = schema;
    let value = whole;
    for (const [depth, key] of place.entries()) {
      if (Array.isArray(value) || isRecord(at)) return place.slice(0, depth + 1);
      at = propertiesOf(at)[key];
      value = isMapping(value) ? value[key] : undefined;
    }
    return place.slice(0, 1);
  });
}

function build(schema: TSchema, whole: Mapping, cuts: readonly Place[]): SoundPart | undefined {
  const isCut = new Set(cuts.map(textOf));
  const kept = new Map<string, number[]>();
  const copy = (value: unknown, place: Place): unknown => {
    if (Array.isArray(value)) {
      const places = [...value.keys()].filter((i) => !isCut.has(textOf([...place, i])));
      kept.set(textOf(place), places);
      return places.map((i) => copy(value[i], [...place, i]));
    }
    if (!isMapping(value)) return value;
    const entries = Object.entries(value).filter(([key]) => !isCut.has(textOf([...place, key])));
    return mapping(entries.map(([key, entry]) => [key, copy(entry, [...place, key])]));
  };
  const value = copy(whole, []) as Mapping;
  for (const section of requiredOf(schema)) {
    if (value[section] !== undefined) continue;
    const instead = standIn(propertiesOf(schema)[section]);
    if (instead === undefined) return undefined;
    value[section] = instead;
  }
  const names = new Set(cuts.flatMap((place) => namesAt(schema, whole, place)));
  return { value, hidden: cuts, names, origin: (place) => originOf(place, kept) };
}

function originOf(place: Place, kept: ReadonlyMap<string, readonly number[]>): Place {
  const found: Key[] = [];
  for (const key of place) {
    found.push(typeof key === "number" ? (kept.get(textOf(found))?.[key] ?? key) : key);
  }
  return found;
}

/**
 * The name of the entry or section itself, and every key below it that the schema does not know. A number is no name:
 * nobody speaks of it by that, and any sentence may hold it.
 */
function namesAt(schema: TSchema, whole: unknown, place: Place): string[] {
  let at: TSchema | undefined = schema;
  let value = whole;
  for (const key of place) {
    at = entryOf(at, key);
    value = isMapping(value) || Array.isArray(value) ? (value as Mapping)[key] : undefined;
  }
  const own = typeof place.at(-1) === "string" ? [String(place.at(-1))] : [];
  return [...own, ...meant(schema, whole, place), ...keysBelow(at, value)];
}

/** A section that is not known may be meant for any of those that are not there. */
function meant(schema: TSchema, whole: unknown, [section, ...rest]: Place): string[] {
  const known = propertiesOf(schema);
  if (rest.length > 0 || known[section!] !== undefined) return [];
  return Object.keys(known).filter((key) => !Object.hasOwn(whole as Mapping, key));
}

function keysBelow(schema: TSchema | undefined, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((v, i) => keysBelow(entryOf(schema, i), v));
  if (!isMapping(value)) return [];
  const known = propertiesOf(schema);
  return Object.entries(value).flatMap(([key, entry]) => {
    const own = known[key] === undefined && !/^-?\d+$/.test(key) ? [key] : [];
    return [...own, ...keysBelow(entryOf(schema, key), entry)];
  });
}

type Mapping = Record<string, unknown>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapping(entries: readonly (readonly [string, unknown])[]): Mapping {
  return Object.assign(Object.create(null) as Mapping, Object.fromEntries(entries));
}

/** A mapping whose keys are names that people give. */
function isRecord(schema: TSchema | undefined): boolean {
  return schema?.patternProperties !== undefined;
}

function propertiesOf(schema: TSchema | undefined): Record<Key, TSchema | undefined> {
  return (schema?.properties ?? {}) as Record<Key, TSchema | undefined>;
}

function requiredOf(schema: TSchema): readonly string[] {
  return (schema.required ?? []) as readonly string[];
}

function entryOf(schema: TSchema | undefined, key: Key): TSchema | undefined {
  if (typeof key === "number") {
    const items = schema?.items;
    return Array.isArray(items) ? (items[key] as TSchema) : (items as TSchema | undefined);
  }
  if (!isRecord(schema)) return propertiesOf(schema)[key];
  return Object.values(schema?.patternProperties as Record<string, TSchema>)[0];
}

/** Something of the right form for a section that gives no names to the rest; what is said of it is not told. */
function standIn(schema: TSchema | undefined): unknown {
  if (schema === undefined || isRecord(schema)) return undefined;
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.type === "array") return (schema.minItems ?? 0) === 0 ? [] : oneItem(schema);
  if (schema.type === "number" || schema.type === "integer") return schema.minimum ?? 1;
  if (schema.type === "boolean") return false;
  if (schema.type === "string") return textLike(schema);
  if (schema.type !== "object") return undefined;
  const entries = requiredOf(schema).map(
    (key) => [key, standIn(propertiesOf(schema)[key])] as const,
  );
  return entries.some(([, value]) => value === undefined) ? undefined : mapping(entries);
}

function textLike({ format, pattern }: TSchema): string {
  const [, dimension, rate] = /^quantity:(.*?)( rate)?$/.exec(String(format)) ?? [];
  if (dimension !== undefined) return exampleOf(dimension as Dimension, rate !== undefined);
  return pattern === undefined || new RegExp(String(pattern)).test("x") ? "x" : "x/x";
}

function oneItem(schema: TSchema): unknown[] | undefined {
  const item = standIn(entryOf(schema, 0));
  return item === undefined ? undefined : [item];
}

function textOf(place: Place): string {
  return place.join("\0");
}
