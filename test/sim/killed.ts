import { expect } from "vitest";
import { type SimRun, type SimSpec, simulate } from "./harness.js";
import { short } from "./short.js";

/** The controller ends in the middle of the second step, its record stays open. */
export async function killed(atMs = 30_300, spec: Partial<SimSpec> = {}): Promise<SimRun> {
  const run = await simulate({
    ...short,
    ...spec,
    script: [
      ...(spec.script ?? []),
      {
        atMs,
        act: (r) => {
          const die = () => {
            // Who is dead does nothing more: no safe values, and no word in the record.
            r.rig.safe = () => {
              r.rig.safe = () => Promise.resolve([]);
              throw new Error("killed");
            };
            throw new Error("killed");
          };
          r.rig.sample = die;
        },
      },
    ],
  });
  expect(run.error).toMatchObject({ message: "killed" });
  return run;
}
