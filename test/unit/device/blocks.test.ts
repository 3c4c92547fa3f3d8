import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planBlocks } from "../../../src/device/blocks.js";
import type { DeviceType, Point } from "../../../src/device/device-type.js";
import { encodingOf } from "../../../src/device/encoding.js";

type Slot = { table: Point["table"]; address: number; as: Point["as"] };

function typeOf(slots: readonly Slot[], link: Partial<DeviceType["link"]> = {}): DeviceType {
  const points = slots.map((slot, i): [string, Point] => [
    `p${i}`,
    { ...slot, unit: "1", access: "read", confidence: "manual" },
  ]);
  return {
    ...{ type: "a/b", maker: "a", model: "b", title: "t", source: [{ document: "d" }] },
    link: { framings: ["rtu"], ...link },
    ...{ identify: [], points: Object.fromEntries(points), examples: [{ from: "x" }] },
  };
}

const holding = (address: number, as: Point["as"] = "u16"): Slot => ({
  table: "holding",
  address,
  as,
});
const names = (type: DeviceType) => Object.keys(type.points);

describe("read blocks", () => {
  it("neighbours come in one read, other tables in another", () => {
    const type = typeOf([holding(2), holding(0, "f32"), { table: "input", address: 3, as: "u16" }]);
    expect(planBlocks(type, names(type))).toEqual([
      {
        table: "holding",
        address: 0,
        count: 3,
        points: [
          { name: "p1", offset: 0 },
          { name: "p0", offset: 2 },
        ],
      },
      { table: "input", address: 3, count: 1, points: [{ name: "p2", offset: 0 }] },
    ]);
  });

  it("a hole is bridged when it is short, unless the device is known to refuse it", () => {
    const slots = [holding(0), holding(5)];
    const counts = (link: Partial<DeviceType["link"]>, bridge?: number) => {
      const type = typeOf(slots, link);
      const limits = bridge === undefined ? {} : { bridge };
      return planBlocks(type, names(type), limits).map((block) => block.count);
    };
    expect(counts({})).toEqual([6]);
    expect(planBlocks(typeOf(slots), ["p0", "p1"], { bridge: 0 })).toHaveLength(2);
    expect(counts({ gaps: false })).toEqual([1, 1]);
    expect(counts({ gaps: true })).toEqual([6]);
    expect(counts({ gaps: true }, 3)).toEqual([1, 1]);
    expect(counts({ gaps: true, mostRegistersPerRead: 5 })).toEqual([1, 1]);
  });

  it("addresses of other readable points are no hole", () => {
    const slots = [holding(0, "f32"), holding(2, "f32"), holding(4, "f32")];
    const type = typeOf(slots, { gaps: false });
    expect(planBlocks(type, ["p0", "p2"]).map((block) => block.count)).toEqual([6]);
    type.points.p1!.access = "write";
    expect(planBlocks(type, ["p0", "p2"]).map((block) => block.count)).toEqual([2, 2]);
  });

  it("one register per read gives one read per register", () => {
    const type = typeOf([holding(0), holding(1), holding(2)], { mostRegistersPerRead: 1 });
    expect(planBlocks(type, names(type)).map((block) => block.count)).toEqual([1, 1, 1]);
  });

  it("a view of the same register needs no second read", () => {
    const type = typeOf([holding(7), { ...holding(7), as: "bit" }]);
    expect(planBlocks(type, names(type))).toMatchObject([{ address: 7, count: 1 }]);
  });

  it("every point is covered exactly once, whole, within all limits", () => {
    const slot = fc.record({
      table: fc.constantFrom("holding" as const, "input" as const),
      address: fc.integer({ min: 0, max: 120 }),
      as: fc.constantFrom("u16" as const, "u32" as const, "f64" as const),
    });
    const limits = fc.record({
      mostRegisters: fc.integer({ min: 4, max: 125 }),
      bridge: fc.nat(20),
    });
    const most = fc.integer({ min: 4, max: 125 });
    const slots = fc.array(slot, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(slots, most, fc.boolean(), limits, (all, mostRegistersPerRead, gaps, limit) => {
        const type = typeOf(all, { mostRegistersPerRead, gaps });
        const blocks = planBlocks(type, names(type), limit);
        const covered = blocks.flatMap((block) => block.points.map((p) => p.name));
        expect(covered.sort()).toEqual(names(type).sort());
        for (const block of blocks) {
          expect(block.count).toBeLessThanOrEqual(
            Math.min(mostRegistersPerRead, limit.mostRegisters),
          );
          const needed = new Set<number>();
          for (const { name, offset } of block.points) {
            const point = type.points[name]!;
            expect([point.table, point.address]).toEqual([block.table, block.address + offset]);
            for (let i = 0; i < encodingOf(point).registers; i++) needed.add(offset + i);
          }
          expect(Math.max(...needed)).toBe(block.count - 1);
          if (!gaps) expectNoUnnamed(type, block.table, block.address, block.count);
        }
      }),
    );
  });
});

function expectNoUnnamed(type: DeviceType, table: string, address: number, count: number): void {
  for (let at = address; at < address + count; at++) {
    const named = Object.values(type.points).some((p) => {
      return p.table === table && p.address <= at && at < p.address + encodingOf(p).registers;
    });
    expect(named, `${table} ${at}`).toBe(true);
  }
}
