import { describe, expect, it } from "vitest";
import { exposureOf } from "../../../src/profile/exposure.js";
import { Bench } from "./bench.js";

const turning = [0, 600, 60, 1, 1, 1];
const standing = [0, 0, 60, 1, 1, 1];
const unread = [0, Number.NaN, 60, 1, 1, 1];

/** Aborted at 600 rpm, the safe values confirmed. */
function aborted(): Bench {
  const bench = Bench.started();
  bench.samples(5, turning);
  bench.command("abort");
  return bench;
}

describe("coming to rest", () => {
  it("lets no state be complete before the shaft stands, though its safe values are confirmed", () => {
    const bench = aborted();
    expect(bench.state.packml).toBe("Aborting");
    bench.samples(3, turning);
    expect(bench.state.packml).toBe("Aborting");
    bench.sample(1000, standing);
    expect(bench.state.packml).toBe("Aborted");
  });

  it("books what the shaft turns meanwhile as turns, not as time on test", () => {
    const bench = aborted();
    const before = exposureOf(bench.state.stations[0]!.book);
    bench.samples(3, turning);
    const after = exposureOf(bench.state.stations[0]!.book);
    expect(after.timeOnTestMs).toEqual(before.timeOnTestMs);
    expect(after.turns[0] - before.turns[0]).toBeCloseTo(30, 9);
  });

  it("asks for the safe values once, not again while it coasts", () => {
    const bench = Bench.started();
    bench.samples(5, turning);
    bench.command("hold");
    for (const rpm of [600, 400, 200, 100]) bench.sample(1000, [0, rpm, 60, 1, 1, 1]);
    expect(bench.state.packml).toBe("Holding");
    expect(bench.kinds("safe")).toHaveLength(1);
    bench.sample(1000, standing);
    expect(bench.state.packml).toBe("Held");
    expect(bench.kinds("safe")).toHaveLength(1);
    expect(bench.events.at(-1)?.kind).toBe("state");
  });

  it("waits 30 s at most for a speed that is not read, and says that no standstill was seen", () => {
    const bench = aborted();
    bench.samples(29, unread);
    expect(bench.state.packml).toBe("Aborting");
    bench.sample(1000, unread);
    expect(bench.state).toMatchObject({ packml: "Aborted", outcome: null });
    expect(bench.state.reason).toMatch(/a standstill was not seen$/);
  });

  it("does not wait where nothing turned", () => {
    const bench = Bench.started();
    bench.samples(2, standing);
    bench.command("abort");
    expect(bench.state.packml).toBe("Aborted");
  });

  it("goes on to abort when a trip comes while it coasts", () => {
    const bench = Bench.started();
    bench.samples(5, turning);
    bench.command("stop");
    bench.samples(3, turning);
    expect(bench.state.packml).toBe("Stopping");
    bench.input({ kind: "trip", at: bench.state.at, limit: "x", station: null, text: "tripped" });
    expect(bench.state.packml).toBe("Aborting");
    bench.sample(1000, standing);
    expect(bench.state).toMatchObject({ packml: "Aborted", reason: "tripped" });
  });
});
