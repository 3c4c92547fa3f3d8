/**
 * The JSON Schema (draft-07) of a file kind, for editors. It says what the TypeBox schema says about
 * form; units, references between keys and everything else of meaning stays with `wearout check`.
 */
import { assert } from "./error.js";
import type { TSchema } from "./schema.js";

type Json = Record<string, unknown>;

/**
 * A plain object without TypeBox's marks. Formats of ours (`quantity:speed`) stay, each with the
 * description that says what they want: editors show the one and pass over the other. A schema that
 * contains itself moves to `definitions`, because a nested `$id` would change the base of every `$ref`
 * below it (draft-07, section 8.2).
 */
export function jsonSchemaOf(schema: TSchema): Json {
  const { $id, title } = schema;
  assert($id !== undefined && title !== undefined, "a file kind has an id and a title");
  const definitions: Json = {};
  const { $id: _, title: __, ...rest } = plain(schema, definitions, true) as Json;
  const head = { $schema: "http://json-schema.org/draft-07/schema#", $id: `urn:wearout:${$id}` };
  const tail = Object.keys(definitions).length === 0 ? {} : { definitions };
  return { ...head, title, ...rest, ...tail };
}

/** Symbols are left behind by `Object.entries`; ids of parts and references to them are rewritten. */
function plain(node: unknown, definitions: Json, isRoot = false): unknown {
  if (Array.isArray(node)) return node.map((item) => plain(item, definitions));
  if (typeof node !== "object" || node === null) return node;
  const { $id, $ref } = node as Json;
  if (typeof $ref === "string") return { $ref: pointer($ref) };
  const entries = Object.entries(node).filter(([key]) => isRoot || key !== "$id");
  const copy = () => Object.fromEntries(entries.map(([k, v]) => [k, plain(v, definitions)]));
  if (isRoot || typeof $id !== "string") return copy();
  definitions[$id] ??= copy();
  return { $ref: pointer($id) };
}

function pointer(id: string): string {
  return `#/definitions/${id}`;
}
