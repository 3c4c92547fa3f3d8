/** A small run and a clock by hand; no test library, so that child processes can use it too. */
import type { Cancel, Clock } from "../../../src/base/clock.js";
import type { Column, RunSample } from "../../../src/base/sample.js";
import type { EventData, LivedExposure, RecordEvent } from "../../../src/record/document/event.js";
import type { RunHeader, RunSummary } from "../../../src/record/document/run.js";

export const epoch = Date.UTC(2026, 0, 1);

/** Time moves only by `advance`. */
export class ManualClock implements Clock {
  #now = 0;
  #sleepers: { due: number; wake: () => void; cancel: Cancel | undefined }[] = [];

  wall(): number {
    return epoch + this.#now;
  }

  elapsed(): number {
    return this.#now;
  }

  sleep(ms: number, cancel?: Cancel): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ due: this.#now + ms, wake, cancel }));
  }

  outside<T>(work: Promise<T>): Promise<T> {
    return work;
  }

  get sleeping(): number {
    return this.#sleepers.filter((s) => s.cancel?.cancelled !== true).length;
  }

  async advance(ms: number): Promise<void> {
    this.#now += ms;
    const due = this.#sleepers.filter((s) => s.due <= this.#now);
    this.#sleepers = this.#sleepers.filter((s) => s.due > this.#now);
    for (const sleeper of due) sleeper.wake();
    await Promise.resolve();
  }
}

export const columns: readonly Column[] = [
  { name: "speed", role: "speed", dimension: "speed", unit: "rpm" },
  { name: "load", role: "load", dimension: "force", unit: "kN" },
  {
    name: "s1.vibration",
    role: "vibration",
    station: "s1",
    dimension: "velocity",
    unit: "mm/s",
  },
];

export const header: Omit<RunHeader, "id"> = {
  rig: "bench",
  profile: "constant-load",
  simulated: true,
  seed: 7,
  software: "wearout 0.1.0",
  startedWall: epoch,
  cycleMs: 1000,
  columns,
  specimens: [{ station: "s1", specimen: "B-001", product: "6206" }],
  parameters: { load: "4 kN" },
  files: [
    { kind: "rig", name: "bench", text: "rig: bench\n" },
    { kind: "profile", name: "constant-load", text: "profile: constant-load # ≥ 1\n" },
  ],
};

/** Values that differ in every place, so that a mix-up shows. */
export function sampleOf(cycle: number): RunSample {
  return {
    cycle,
    at: cycle * 1000,
    wall: epoch + cycle * 1000,
    values: Float64Array.of(1500 + cycle / 7, 4000 - cycle / 3, Math.sin(cycle)),
    quality: Uint8Array.of(0, 0, 0),
  };
}

export function eventOf(cycle: number, text = `event after sample ${cycle}`): RecordEvent {
  // No run writes such data: a record keeps what it is given, to the byte.
  const data = { cycle, z: 1, a: [1, "ß"] } as unknown as EventData<"checkpoint">;
  return { kind: "checkpoint", at: cycle * 1000, cycle, text, data };
}

export const nothingLived: LivedExposure = {
  timeOnTestMs: [0, 0],
  timeAtStressMs: [0, 0],
  turns: [0, 0],
  loadCycles: [0, 0],
  energyJ: [0, 0],
};

export function summaryOf(id: string): RunSummary {
  return {
    id,
    rig: "bench",
    profile: "constant-load",
    simulated: true,
    seed: 7,
    state: "Aborted",
    outcome: "failed",
    reason: "vibration above 7.1 mm/s",
    startedWall: epoch,
    endedWall: epoch + 60_000,
    // As the kept records of earlier layouts have it.
    exposure: { turns: [1, 2] } as LivedExposure,
    stations: [],
    alarms: [],
    events: [],
  };
}
