import { afterEach, describe, expect, it, vi } from "vitest";
import type { Output } from "../../src/cli/output.js";
import { notActed, safeAtDefect } from "../../src/cli/rig/last-resort.js";
import type { ActuatorSafety } from "../../src/rig/safety.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const safety = (acted: boolean): ActuatorSafety => ({
  role: "speed",
  device: "drive",
  level: acted ? "acted" : "asked",
  best: "acted",
  acted,
  tookMs: 5000,
  isContested: false,
  detail: acted ? "stopped" : "no answer",
  next: acted ? "" : "open the isolator",
});

function rig(name: string) {
  let act: () => void = () => {};
  const acted = new Promise<void>((resolve) => {
    act = resolve;
  });
  let state = [safety(false)];
  const made = {
    name,
    isSafe: true,
    safe: vi.fn(async () => state),
    safety: () => state,
    whenActed: () => acted,
  };
  return {
    made,
    act: () => {
      state = [safety(true)];
      act();
    },
  };
}

/** The listeners that a defect would reach, without one. */
function defect(): void {
  const error = new Error("boom");
  for (const listener of process.listeners("uncaughtException").slice(-2)) {
    listener(error, "uncaughtException");
  }
}

describe("a defect that nobody caught", () => {
  it("makes every rig of the process safe, and ends it once all have acted", async () => {
    const said: string[] = [];
    const out = { talk: (text: string) => said.push(text) } as unknown as Output;
    const [a, b] = [rig("a"), rig("b")];
    const ended: number[] = [];
    const causes: string[] = [];
    const clock = new VirtualClock(0);
    for (const { made } of [a, b]) {
      const told = async (text: string) => void causes.push(`${made.name}: ${text}`);
      const end = (status: number) => void ended.push(status);
      closers.push(safeAtDefect(made, out, told, { clock, end }));
    }
    defect();
    await vi.waitFor(() => expect(b.made.safe).toHaveBeenCalledTimes(1));
    expect(a.made.safe).toHaveBeenCalledTimes(1);
    const cause = "a defect of Wearout: boom";
    expect(causes, "each run is told the cause").toEqual([`a: ${cause}`, `b: ${cause}`]);
    a.act();
    await vi.waitFor(() => expect(said.join("\n")).toMatch(/rig a: speed acted/));
    expect(ended).toEqual([]);
    b.act();
    await vi.waitFor(() => expect(ended).toEqual([1]));
  });
});

describe("an actuator that has not acted", () => {
  it("is named with since when and what to do", () => {
    expect(notActed("bench", [safety(true), safety(false)])).toEqual([
      "rig bench: speed NOT SAFE: asked for 5 s (no answer); open the isolator",
    ]);
  });
});
