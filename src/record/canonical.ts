import { createHash, hash } from "node:crypto";
import type { Json } from "../base/json.js";

/**
 * One text for one value: keys sorted by UTF-16 code units, no spaces, numbers as ECMAScript writes
 * them (RFC 8785, JSON Canonicalization Scheme). A number that is not finite becomes null, as in JSON.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const object = value as { readonly [k: string]: Json };
  const keys = Object.keys(object).filter((key) => object[key] !== undefined);
  const pairs = keys.sort().map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key]!)}`);
  return `{${pairs.join(",")}}`;
}

/** SHA-256 of the text in UTF-8, lower-case hex. */
export function hashText(text: string): string {
  return hash("sha256", text);
}

/** SHA-256 of the parts one after another, lower-case hex. */
export function hashBytes(...parts: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** The next link of the chain: SHA-256 over the hash before (hex), a line feed, and the text. */
export function chainHash(before: string, text: string): string {
  return hashText(`${before}\n${text}`);
}
