/** Names that people choose: only what somebody wrote is there, whatever every object has of its own accord. */

/** What a record has under a name; never `constructor`, `toString` or the like of objects themselves. */
export function own<T>(
  record: Readonly<Record<string, T>> | undefined,
  name: string,
): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The same data in objects that have nothing but their own keys; lists stay lists. */
export function withoutPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (typeof value !== "object" || value === null) return value;
  const plain = Object.create(null) as Record<string, unknown>;
  for (const [key, entry] of Object.entries(value)) plain[key] = withoutPrototypes(entry);
  return plain;
}
