import { describe, expect, it } from "vitest";
import type { Sample } from "../../../src/base/sample.js";
import { entersState, ofKind, type RecordEvent } from "../../../src/record/document/event.js";
import type { RecordWriter } from "../../../src/record/writer-port.js";
import type { Rig } from "../../../src/rig/rig.js";
import { Pilot } from "../../../src/run/pilot.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { Bench, sampleOf } from "./bench.js";
import { fly } from "./keep.js";

/** A pilot with a perfect rig, and a record that says what a test wants it to say. */
function setUp(say: (cycle: number) => { short?: string; lostSamples?: number }) {
  const clock = new VirtualClock(0);
  const { context, state } = new Bench();
  const events: RecordEvent[] = [];
  let cycle = 0;
  const rig = {
    sample: async (n: number): Promise<Sample> => {
      cycle = n;
      return { ...sampleOf(n, 0, [0, 0, 100, 1, 1, 1]), at: clock.elapsed() };
    },
    write: async () => [],
    identify: async () => [],
    start: async () => [],
    safe: async () => [],
  } as unknown as Rig;
  const record = {
    sample: () => {},
    pressure: () => undefined,
    append: (more: RecordEvent[]) => void events.push(...more),
    commit: async (more: RecordEvent[]) => void events.push(...more),
    failing: undefined,
    get short() {
      return say(cycle).short;
    },
    get lostSamples() {
      return say(cycle).lostSamples ?? 0;
    },
  } as unknown as RecordWriter;
  const made = new Pilot({ rig, record, clock, context, initial: state });
  void clock.sleep(60_000).then(() => made.command("stop", "test"));
  const run = () => fly(made, rig, clock);
  return { made, run, events };
}

describe("a disk with little room", () => {
  it("suspends the run while there is room to say so, and lets it go on when there is space", async () => {
    const { made, run, events } = setUp((cycle) => {
      return cycle >= 10 && cycle < 20 ? { short: "40 MB are left on the disk of the record" } : {};
    });
    await run();
    const states = ofKind(events, "state").map((e) => e.data.to);
    const around = ["Suspending", "Suspended", "Unsuspending", "Execute"];
    expect(states).toEqual(expect.arrayContaining(around));
    expect(states.indexOf("Suspending")).toBeLessThan(states.lastIndexOf("Execute"));
    expect(events.find((e) => entersState(e, "Suspending"))?.text).toMatch(/40 MB are left/);
    expect(made.state.outcome).toBe("stopped");
    expect(made.state.interruptions).toBe(1);
  });

  it("tells how many samples were given up, each once", async () => {
    const { run, events } = setUp((cycle) => ({
      lostSamples: cycle < 10 ? 0 : cycle < 20 ? 7 : 9,
    }));
    await run();
    const told = events.filter((e) => e.kind === "fault").map((e) => e.text);
    expect(told).toEqual([
      "the record gave up 7 samples: the disk refuses them",
      "the record gave up 2 samples: the disk refuses them",
    ]);
  });
});
