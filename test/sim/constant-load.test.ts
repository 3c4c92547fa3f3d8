/** A rig whose load nothing moves and nothing measures: a dead weight on every bearing. */
import { afterAll, expect, it } from "vitest";
import { removeFolders, simulate } from "./harness.js";
import { at, changedRig, shortProfile } from "./short.js";

afterAll(removeFolders);

const steps = `steps:
  - name: up
    ramp: { to: { speed: 1200 rpm }, over: 10 s }
  - name: level
    dwell: { time: 1 h }
`;

/** bearing-four with 2 kN that hang on it, and no hydraulic unit. */
function deadWeight(): string {
  return changedRig("bearing-four", {
    "  hydraulics: { type: advantech/adam-4024, line: io, unit: 31, turnaround: 50 ms }\n": "",
    "    write: hydraulics.output-0\n    read: hydraulics.output-0\n": "    constant: 2 kN\n",
    '    linear: [["4 mA", "0 kN"], ["20 mA", "12 kN"]]\n': "",
    "  load:\n    ceiling: 12 kN\n    safe: 0 kN\n    ramp: 1 kN/s\n": "",
    "    # The load goes first: a bearing that still turns survives without load, not the other way round.\n    safeOrder: 1\n    safeWithin: 2 s\n    onRelease: nothing\n":
      "",
    "  - name: load-off\n    role: load\n    differsFromSetpoint: 300 N\n    for: 5 s\n    mask: { whileRamping: true }\n    reaction: warn\n    protects: test\n    message: The load is not what the profile asks for; exposure of this time is doubtful.\n":
      "",
    "atStress:\n  speed: 5 %\n  load: 5 %\n": "atStress:\n  speed: 5 %\n",
  });
}

it("has an upper bound of damage after a stop: the weight is the most that its load can be", async () => {
  const run = await simulate({
    rig: deadWeight(),
    profile: shortProfile("", steps),
    specimens: ["a", "b"],
    script: [at(120_000, "stop")],
  });
  expect(run.error).toBeUndefined();
  const exposure: Record<string, unknown> = { ...run.summary?.stations[0]?.exposure };
  const [least, most] = exposure["damage"] as [number, number | null];
  expect(least).toBeGreaterThan(0);
  expect(most).not.toBeNull();
  expect(most).toBeLessThan(1.1 * least);
  const worn = run.truths.at(-1)!.truth.stations.find(({ specimen }) => specimen === "a")!;
  expect(worn.spentFraction, "the simulated bearing carries the weight too").toBeGreaterThan(0);
});
