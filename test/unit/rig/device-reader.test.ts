import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Reply } from "../../../src/line/line.js";
import { DeviceReader, splitBlock } from "../../../src/rig/device-reader.js";
import type { DevicePlan, Reader } from "../../../src/rig/sampler.js";

/** A plan with one read from `base`; the values are [offset, registers]. */
function planOf(values: readonly (readonly [number, number])[], base = 100): DevicePlan {
  const readers = values.map(([offset, registers]) => {
    return { codec: { registers }, block: 0, offset } as unknown as Reader;
  });
  const count = Math.max(...values.map(([offset, registers]) => offset + registers));
  const request = { kind: "read", table: "holding", address: base, count } as const;
  const session = { forget: () => {} } as unknown as DevicePlan["session"];
  return { session, requests: [request], readers };
}

const spans = ({ requests }: DevicePlan) => requests.map((r) => [r.address, r.count]);
const addresses = ({ requests, readers }: DevicePlan) =>
  readers.map((r) => (requests[r.block]?.address ?? Number.NaN) + r.offset);

const silent: Reply = { ok: false, fault: "timeout", detail: "no answer", at: 1 };
const refused: Reply = { ok: false, fault: "exception", exception: 2, detail: "address", at: 1 };
const answered: Reply = { ok: true, words: [], at: 1 };

describe("a block that was read over holes", () => {
  it("is split at them, and a part without any into its values", () => {
    const once = splitBlock(
      planOf([
        [6, 1],
        [0, 2],
        [2, 1],
        [7, 2],
      ]),
      0,
    );
    expect(spans(once)).toEqual([
      [100, 3],
      [106, 3],
    ]);
    expect(spans(splitBlock(once, 0))).toEqual([
      [100, 2],
      [106, 3],
      [102, 1],
    ]);
  });

  it("gives every value from the register it was read from before, and reads no register twice", () => {
    const value = fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 4 }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 12 }), (others) => {
        const values = [[0, 1] as const, ...others];
        const plan = planOf(values);
        const split = splitBlock(plan, 0);
        expect(addresses(split)).toEqual(addresses(plan));
        if (split.requests.length === 1) return;
        const wanted = new Set(
          values.flatMap(([at, n]) => Array.from({ length: n }, (_, i) => at + i)),
        );
        const read = spans(split).reduce((sum, [, count]) => sum + count!, 0);
        if (wanted.size < plan.requests[0]!.count) expect(read).toBe(wanted.size);
      }),
    );
  });
});

describe("a device read in blocks", () => {
  const holey = () =>
    new DeviceReader(
      planOf([
        [0, 1],
        [4, 1],
      ]),
    );

  it("that refuses a read, or never answered it, is read over no hole from the next cycle on", () => {
    for (const reply of [refused, silent]) {
      const reader = holey();
      reader.look(0, reply);
      expect(spans(reader.plan)).toEqual([[100, 5]]);
      reader.begin(1000);
      expect(spans(reader.plan)).toEqual([
        [100, 1],
        [104, 1],
      ]);
    }
  });

  it("that answered a read once is only silent when it is silent", () => {
    const reader = holey();
    reader.look(0, answered);
    reader.begin(1000);
    reader.look(0, silent);
    reader.begin(2000);
    expect(spans(reader.plan)).toEqual([[100, 5]]);
  });

  it("that is silent is not read value by value for it", () => {
    const reader = new DeviceReader(
      planOf([
        [0, 1],
        [1, 1],
      ]),
    );
    reader.look(0, silent);
    reader.begin(1000);
    expect(spans(reader.plan)).toEqual([[100, 2]]);
  });
});
