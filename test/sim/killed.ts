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
          r.rig.sample = () => Promise.reject(new Error("killed"));
        },
      },
    ],
  });
  expect(run.error).toMatchObject({ message: "killed" });
  return run;
}
