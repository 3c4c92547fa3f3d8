/** Meaning judged in the same round as form: where a part of a file has the right form, its meaning is judged. */
import { formatProblem, type Problem } from "./error.js";
import type { Parsed, Path } from "./schema.js";
import type { SoundPart } from "./sound-part.js";

/**
 * What `judge` says of the file, or, where its form is wrong, of the part whose form is right. What could be
 * said only because the rest is missing is not told: it waits until the form is right.
 */
export function judgeParts<T>(
  parsed: Parsed<T>,
  judge: (part: Parsed<T>) => readonly Problem[],
): readonly Problem[] {
  const { part } = parsed;
  if (parsed.value !== undefined || part === undefined) return judge(parsed);
  const doubtful = new Set<string>();
  const problem: Parsed<T>["problem"] = (path, found, expected) => {
    const origin = part.origin(path);
    const said = parsed.problem(origin, found, expected);
    if (isDoubtful(part, origin, said)) doubtful.add(formatProblem(said));
    return said;
  };
  const said = judge({ ...parsed, value: part.value as T, problems: [], problem });
  return said.filter((p) => !doubtful.has(formatProblem(withoutSeverity(p))));
}

/** What is said of a place that was cut off, of what held it, or that speaks of a name given there. */
function isDoubtful({ hidden, names }: SoundPart, origin: Path, said: Problem): boolean {
  const within = (inner: Path, outer: Path) => outer.every((key, i) => inner[i] === key);
  if (hidden.some((place) => within(origin, place) || within(place, origin))) return true;
  const words = `${origin.join(" ")} ${said.found} ${said.expected}`.split(/[^A-Za-z0-9_-]+/);
  return words.some((word) => names.has(word));
}

function withoutSeverity({ severity: _, ...rest }: Problem): Problem {
  return rest;
}
