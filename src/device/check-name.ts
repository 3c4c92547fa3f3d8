/** Names that every JavaScript object answers to are no names of points, commands, words or parameters. */
import type { Path } from "../base/schema.js";
import type { DeviceType } from "./device-type.js";
import type { Finding } from "./finding.js";

/** `constructor`, `toString`, `__proto__`, ...: what a look-up would find although no file says it. */
const inherited: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** The same type, whose look-ups by name find only what its file says: `points["constructor"]` is undefined. */
export function withOwnNames(type: DeviceType): DeviceType {
  const points = Object.entries(type.points).map(([name, point]) => {
    return [name, point.enum === undefined ? point : { ...point, enum: bare(point.enum) }] as const;
  });
  const { commands, parameters } = type;
  return {
    ...type,
    points: bare(Object.fromEntries(points)),
    ...(commands === undefined ? {} : { commands: bare(commands) }),
    ...(parameters === undefined ? {} : { parameters: bare(parameters) }),
  };
}

/** Has only its own names. */
export function bare<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  const without = Object.create(null) as Record<string, T>;
  for (const [name, value] of Object.entries(record)) without[name] = value;
  return without;
}

/** Every name that is given in the file and is one of them, at its place. */
export function checkNames(type: DeviceType): Finding[] {
  return namesIn(type, []).map((path) => {
    const found = `the name "${path.at(-1)}", which every object has`;
    return { path, found, expected: "another name" };
  });
}

function namesIn(value: unknown, path: Path): Path[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((inner, i) => namesIn(inner, [...path, i]));
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, key];
    return [...(inherited.has(key) ? [at] : []), ...namesIn(inner, at)];
  });
}
