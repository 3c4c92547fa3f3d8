/** What a profile learns of each specimen in a named window, to compare it with later. */
import { own } from "../base/own.js";
import { parseQuantity } from "../base/quantity.js";
import { suggest } from "../base/schema.js";
import type { Baseline, Segment } from "./program.js";
import { checkWatched, type Scope } from "./scope.js";

const usualSamples = 60;

/** The first time that the step is gone through. */
export function compileBaselines(scope: Scope, segments: readonly Segment[]): Baseline[] {
  return Object.entries(scope.profile.baselines ?? {}).flatMap(([name, written]) => {
    const path = ["baselines", name];
    const { role, step, after, samples, scatter } = written;
    const isWatched = checkWatched(scope, role, [...path, "role"], "a baseline");
    const segment = segments.find((s) => s.name === step);
    if (segment === undefined) {
      const names = [...new Set(segments.map((s) => s.name))];
      scope.problem([...path, "step"], `the unknown step "${step}"`, suggest(step, names));
    }
    const afterMs = parseQuantity(after ?? "0 s")?.value ?? 0;
    if (segment?.dwellMs !== undefined && afterMs >= segment.dwellMs) {
      scope.problem([...path, "after"], `${after}`, `less than the length of "${step}"`);
    }
    if (!isWatched || segment === undefined) return [];
    const most = parseQuantity(scatter)?.value ?? 0;
    const from = { segment: segment.index, afterMs };
    return [{ name, role, ...from, samples: samples ?? usualSamples, scatter: most }];
  });
}

/** Why a limit on `role` cannot be compared with that baseline; undefined where it can. */
export function wrongBaseline({ profile }: Scope, name: string, role: string) {
  const known = own(profile.baselines, name);
  if (known === undefined) {
    const names = Object.keys(profile.baselines ?? {});
    const expected =
      names.length === 0 ? "one under baselines: there are none" : suggest(name, names);
    return { found: `the unknown baseline "${name}"`, expected };
  }
  if (known.role === role) return undefined;
  return { found: `the baseline "${name}" of "${known.role}"`, expected: `one of "${role}"` };
}
