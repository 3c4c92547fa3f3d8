/** A short profile on the shipped bearing rig, and changes to shipped files, for tests of whole runs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../src/cli/site.js";
import { type EventKind, ofKind as eventsOfKind } from "../../src/record/document/event.js";
import type { Verb } from "../../src/record/document/input.js";
import type { Action, SimRun } from "./harness.js";

const head = `profile: short
title: Two short levels
for: [ball-bearing, roller-bearing]
product: ball-bearing/6206
roles: { speed: rpm, load: kN, housing-temperature: degC, vibration: mm/s }
`;

export const steps = `steps:
  - name: up
    ramp: { to: { speed: 1200 rpm, load: 2 kN }, over: 10 s }
  - name: low
    dwell: { time: 40 s }
  - name: higher
    set: { load: 4 kN }
  - name: high
    dwell: { time: 40 s }
`;

/** The short profile; `more` brings limits, other steps and an end. */
export function shortProfile(more = "", own = steps): string {
  return `${head}${more}${own}`;
}

/** The text of a shipped rig with some of it replaced; what is to be replaced must be there. */
export function changedRig(name: string, changes: Record<string, string>): string {
  let text = readFileSync(join(packageRoot, "rigs", `${name}.yaml`), "utf8");
  for (const [old, fresh] of Object.entries(changes)) {
    if (!text.includes(old)) throw new Error(`${name} has no "${old}"`);
    text = text.replace(old, fresh);
  }
  return text;
}

export const short = { rig: "bearing-four", profile: shortProfile(), specimens: ["a", "b", "c"] };

/** A person's command at a time of the run. */
export function at(atMs: number, verb: Verb, atCheckpoint = false): Action {
  return { atMs, act: (run) => run.test.pilot.command(verb, "person", "", atCheckpoint) };
}

/** The states a run went through. */
export function path(run: SimRun): string[] {
  return ofKind(run, "state").map((e) => e.data.to);
}

export function ofKind<K extends EventKind>(run: SimRun, kind: K) {
  return eventsOfKind(run.events, kind);
}
