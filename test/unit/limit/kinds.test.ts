import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bad, good, held } from "../../../src/base/sample.js";
import { checkLimit, quiet, raised, returned, standing } from "../../../src/limit/check.js";
import { describeLimit } from "../../../src/limit/describe.js";
import { emptyLimitMemory, memoryFrom, namedMemory } from "../../../src/limit/memory.js";
import { columns, compiledFrom, kinds, Looking, proofs } from "./kinds.js";
import { lookAt } from "./limit.js";

const second = 1000;
const minute = 60 * second;

describe("every kind of condition", () => {
  const gaps = fc.array(
    fc.record({
      gap: fc.integer({ min: 1, max: 40_000 }),
      value: fc.double({ min: -100, max: 200, noNaN: true }),
      quality: fc.constantFrom(good, good, good, good, bad, held),
    }),
    { minLength: 1, maxLength: 60 },
  );

  it.each(kinds.filter(([kind]) => kind !== "stale"))(
    "of which %s is one raises and returns in turn, on good samples alone",
    (_, proof) => {
      fc.assert(
        fc.property(gaps, (list) => {
          const looking = new Looking(proof, 0);
          let at = 0;
          let stands = false;
          for (const { gap, value, quality } of list) {
            at += gap;
            const verdict = looking.look(at, { [proof.of]: value }, quality);
            if (verdict === raised || verdict === returned) {
              expect(quality).toBe(good);
              expect(stands).toBe(verdict === returned);
              stands = verdict === raised;
            } else expect(verdict).toBe(stands ? standing : quiet);
          }
        }),
        { numRuns: 60 },
      );
    },
  );

  it.each(kinds)("of which %s is one is raised no sooner for bad values in between", (_, proof) => {
    const bads = fc.array(fc.integer({ min: 0, max: 199 }), { maxLength: 60 });
    const first = (among: readonly number[]) => {
      const looking = new Looking(proof, 20 * second);
      for (let i = 0; i < 200; i++) {
        const isBad = among.includes(i);
        if (looking.look(i * 5 * second, {}, isBad ? bad : good) === raised) return i;
      }
      return 200;
    };
    const whole = first([]);
    expect(whole).toBeLessThan(200);
    fc.assert(
      fc.property(bads, (among) => {
        expect(first(among)).toBeGreaterThanOrEqual(proof.event === "silence" ? 0 : whole);
      }),
      { numRuns: 30 },
    );
  });

  it.each(kinds)(
    "of which %s is one goes on from a checkpoint as if nothing had been",
    (_, proof) => {
      const limits = [new Looking(proof, 0).limit];
      const verdicts = (restartAt: number) => {
        const looking = new Looking(proof, 20 * second);
        return Array.from({ length: 150 }, (_value, i) => {
          if (i === restartAt) {
            const kept = JSON.parse(JSON.stringify(namedMemory([...looking.memory], limits)));
            looking.remember(memoryFrom(kept, limits));
          }
          return looking.look(i * 5 * second);
        });
      };
      const whole = verdicts(-1);
      expect(whole).toContain(raised);
      for (const restartAt of [1, 3, 5, 15, 40, 65, 100])
        expect(verdicts(restartAt)).toEqual(whole);
    },
  );

  it.each(kinds)("of which %s is one says in two languages what it saw", (_, proof) => {
    const { condition } = compiledFrom(proof.written);
    const limit = { ...compiledFrom(proof.written), forMs: 7000 };
    const values = [50, 51, 49, 50, 1000, 10, 2, 0];
    const look = { ...lookAt({ at: 0, value: 0, setpoints: [1000] }), values };
    const quality = values.map(() => good);
    const column = columns[limit.column]!;
    const { en, zh } = describeLimit(limit, column, values[limit.column]!, { ...look, quality });
    expect(en).toContain(`proved: ${limit.role}`);
    expect(en).not.toMatch(/NaN|undefined|[一-龥]/);
    expect(zh).toMatch(/[一-龥]/);
    expect(zh).toContain(limit.role);
    const isSilence = condition.kind === "stale";
    expect([en.endsWith("for 7 s"), zh.endsWith("持续 7 s")]).toEqual([!isSilence, !isSilence]);
  });
});

/** The verdicts on values, one per second. */
function seen(
  written: Parameters<typeof compiledFrom>[0],
  values: readonly number[],
  stepMs = second,
) {
  const limit = compiledFrom(written);
  const memory = emptyLimitMemory([limit]);
  return values.map((value, i) => {
    const all = [value, 50, 50, 50, value, 10, value, value];
    const quality = all.map((v) => (Number.isNaN(v) ? bad : good));
    const look = { ...lookAt({ at: i * stepMs, value: 0 }), values: all, quality };
    return checkLimit(limit, memory, 0, look);
  });
}

describe("a rise", () => {
  const rises = { rises: { by: "15 K", within: "10 min" }, hysteresis: "5 K" };
  const ramp = (overMs: number, by: number) =>
    Array.from({ length: 40 }, (_, i) => 50 + Math.min(by, (by * i * minute) / overMs));

  it("that is slower than its time is none, however far it goes", () => {
    expect(seen(rises, ramp(20 * minute, 29.9), minute)).not.toContain(raised);
    expect(seen(rises, ramp(20 * minute, 33), minute)).toContain(raised);
  });

  it("is over when it comes to less than the hysteresis below, in its time", () => {
    const verdicts = seen(rises, [50, 66, ...Array.from({ length: 12 }, () => 66)], minute);
    expect(verdicts[1]).toBe(raised);
    expect(verdicts.slice(2, 11)).toEqual(Array.from({ length: 9 }, () => standing));
    expect(verdicts[11]).toBe(returned);
  });

  it("is seen where it takes fifteen sixteenths of its time, at any phase, and never beyond it", () => {
    const from = fc.integer({ min: 0, max: 1_000_000 });
    const length = fc.integer({ min: 60_000, max: 1_200_000 });
    fc.assert(
      fc.property(from, length, (fromMs, lengthMs) => {
        const values = Array.from({ length: 260 }, (_, i) => {
          const share = (i * 10 * second - fromMs) / lengthMs;
          return 50 + 15.1 * Math.max(0, Math.min(1, share));
        });
        const isSeen = seen({ rises: rises.rises }, values, 10 * second).includes(raised);
        if (lengthMs < (15 / 16) * 600_000 - 20_000) expect(isSeen).toBe(true);
        if (lengthMs * (15 / 15.1) > 600_000) expect(isSeen).toBe(false);
      }),
    );
  });

  it("does not count what was before nobody looked", () => {
    const masked = { ...rises, mask: { whileRamping: true } };
    const limit = compiledFrom(masked);
    const memory = emptyLimitMemory([limit]);
    const look = (at: number, value: number, ramping: boolean) => {
      const all = { values: [value], quality: [good] };
      return checkLimit(limit, memory, 0, { ...lookAt({ at, value, ramping }), ...all });
    };
    look(0, 50, false);
    look(minute, 80, true);
    expect(look(2 * minute, 80, false)).toBe(quiet);
  });
});

describe("a word or a bit", () => {
  it("is by its name in the device type, or by the number that is read", () => {
    const state = { role: "drive-state" };
    expect(seen({ ...state, is: "fault" }, [2, 5])).toEqual([quiet, raised]);
    expect(seen({ ...state, is: 5 }, [2, 5, 5, 2])).toEqual([quiet, raised, standing, returned]);
    expect(seen({ ...state, isNot: "ready" }, [2, 5])).toEqual([quiet, raised]);
    const flags = { role: "flags" };
    expect(seen({ ...flags, is: "oil-low" }, [0b10000, 0b11000])).toEqual([quiet, raised]);
    expect(seen({ ...flags, isNot: "door-open" }, [0b11000, 0b01000])).toEqual([quiet, raised]);
  });
});

describe("a reading compared with another", () => {
  const limit = (from: object) => compiledFrom({ differsFrom: { by: "5 K", ...from } });
  const look = (values: number[], from: object) => {
    const compiled = limit(from);
    const quality = values.map((v) => (Number.isNaN(v) ? bad : good));
    const all = { ...lookAt({ at: 0, value: 0, setpoints: [1000] }), values, quality };
    return checkLimit(compiled, emptyLimitMemory([compiled]), 0, all);
  };

  it("is with the median of what the other stations read, of at least two of them", () => {
    const others = { others: "median" } as const;
    expect(look([50, 51, 49, 90], others)).toBe(quiet);
    expect(look([60, 51, 49, 90], others)).toBe(raised);
    expect(look([60, 51, 49, Number.NaN], others)).toBe(raised);
    expect(look([60, 51, Number.NaN, Number.NaN], others)).toBe(quiet);
    expect(look([55.5, 50, 51, Number.NaN], others)).toBe(quiet);
    expect(look([55.6, 50, 51, Number.NaN], others)).toBe(raised);
  });

  it("is with another role by its name, and no evidence while that is not read", () => {
    const other = { role: "s2.temperature" };
    expect(look([56.1, 51, 0, 0], other)).toBe(raised);
    expect(look([45, 51, 0, 0], other)).toBe(raised);
    expect(look([56, 51, 0, 0], other)).toBe(quiet);
    expect(look([99, Number.NaN, 0, 0], other)).toBe(quiet);
  });
});

describe("a value that must be reached", () => {
  const reaches = { reachesWithin: { above: "60 degC", within: "5 s" } };

  it("counts from the step, and once reached it may go back", () => {
    expect(seen(reaches, [50, 50, 61, 50, 50, 50, 50, 50])).not.toContain(raised);
    expect(seen(reaches, [50, 50, 50, 50, 50, 50, 50]).indexOf(raised)).toBe(6);
    expect(seen(reaches, [50, 50, 50, 50, 50, 50, 50, 61]).at(-1)).toBe(returned);
  });

  it("that nothing good was said of is not said to be missed", () => {
    const none = Array.from({ length: 20 }, () => Number.NaN);
    expect(seen(reaches, [...none, 61])).not.toContain(raised);
    expect(seen(reaches, [...none, 50]).at(-1)).toBe(raised);
  });
});

describe("a run-down", () => {
  const restWithin = (notBefore?: string) => {
    const rest = { below: "10 rpm", within: "30 s" };
    return compiledFrom({
      role: "speed",
      atRestWithin: notBefore === undefined ? rest : { ...rest, notBefore },
    });
  };
  const run = (limit: ReturnType<typeof compiledFrom>, speeds: number[], setpoints: number[]) => {
    const memory = emptyLimitMemory([limit]);
    return speeds.map((value, i) => {
      const values = [0, 0, 0, 0, value];
      const look = lookAt({ at: i * 10 * second, value: 0, setpoints: [setpoints[i]!] });
      const quality = values.map((v) => (Number.isNaN(v) ? bad : good));
      return checkLimit(limit, memory, 0, { ...look, values, quality });
    });
  };

  it("that ends too soon is raised when it ends, and returns with the next drive", () => {
    const speeds = [1000, 1000, 5, 0, 0, 500];
    const setpoints = [1000, 0, 0, 0, 0, 1000];
    const seizing = run(restWithin("25 s"), speeds, setpoints);
    expect(seizing).toEqual([quiet, quiet, raised, standing, standing, returned]);
    // It took 10 to 20 s: nobody knows that it was less than 15.
    expect(run(restWithin("15 s"), speeds, setpoints)).not.toContain(raised);
  });

  it("that takes too long is raised while it still turns", () => {
    const setpoints = [1000, 0, 0, 0, 0, 0, 0];
    expect(run(restWithin(), [1000, 900, 800, 700, 600, 500, 0], setpoints).indexOf(raised)).toBe(
      5,
    );
    expect(run(restWithin(), [1000, 900, 800, 5, 0, 0, 0], setpoints)).not.toContain(raised);
  });

  it("of what did not turn is none", () => {
    expect(run(restWithin("25 s"), [0, 0, 0, 0], [1000, 0, 0, 0])).not.toContain(raised);
  });
});

describe("a dose", () => {
  const dose = { integral: { above: "80 degC", by: "10 K", during: "10 s" } };

  it("adds up over stretches, and stands", () => {
    const values = [85, 85, 85, 20, 20, ...Array.from({ length: 12 }, () => 90), 20];
    const verdicts = seen(dose, values);
    // 10 K s before, then 10 K s a second: more than 100 K s after the tenth second behind the first reading.
    expect(verdicts.indexOf(raised)).toBe(15);
    expect(verdicts.at(-1)).toBe(standing);
  });

  it("is kept under a mask and while nobody looks, and does not grow there", () => {
    const limit = compiledFrom({ ...dose, mask: { whileRamping: true } });
    const memory = emptyLimitMemory([limit]);
    const look = (at: number, value: number, ramping = false) =>
      checkLimit(limit, memory, 0, lookAt({ at: at * second, value, ramping }));
    look(0, 90);
    look(9, 90);
    look(100, 90, true);
    expect(look(101, 90)).toBe(quiet);
    expect(look(102, 90)).toBe(quiet);
    expect(look(103, 90)).toBe(raised);
  });
});

describe("a stall", () => {
  it("needs both, and either alone is enough to know that it is none", () => {
    const limit = compiledFrom(proofs.stall.written);
    const look = (speed: number, torque: number) => {
      const values = [0, 0, 0, 0, speed, torque];
      const quality = values.map((v) => (Number.isNaN(v) ? bad : good));
      const all = { ...lookAt({ at: 0, value: 0 }), values, quality };
      return checkLimit(limit, emptyLimitMemory([limit]), 0, all);
    };
    expect(look(0, 60)).toBe(raised);
    expect(look(-10, -60)).toBe(raised);
    expect(look(0, 10)).toBe(quiet);
    expect(look(1000, 60)).toBe(quiet);
    expect(look(0, Number.NaN)).toBe(quiet);
    expect(look(Number.NaN, 60)).toBe(quiet);
  });
});
