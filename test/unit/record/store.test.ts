import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Block, BlockBuilder, columnsOf } from "../../../src/record/block.js";
import type { WriteRequest } from "../../../src/record/protocol.js";
import { RunFile } from "../../../src/record/run-file.js";
import { RunStore } from "../../../src/record/store.js";
import { everySecond } from "../../../src/record/waiting.js";
import { newRoot } from "./fixture.js";
import { epoch, eventOf, header, sampleOf } from "./run.js";

const request: WriteRequest = {
  id: 1,
  block: undefined,
  events: [],
  urgent: false,
  attachments: [],
  wall: epoch,
  summary: undefined,
  close: false,
};

function blockOf(firstCycle: number, bytes: number): Block {
  const at = firstCycle * 1000;
  return { firstCycle, count: 10, fromMs: at, toMs: at, data: new Uint8Array(bytes) };
}

/** A block that the table refuses (a time that is no number), as a full disk would. */
function refusedBlock(firstCycle: number, bytes: number): Block {
  return { ...blockOf(firstCycle, bytes), fromMs: Number.NaN };
}

function openStore(): { store: RunStore; folder: string } {
  const folder = join(newRoot(), "bench-1");
  mkdirSync(folder);
  return { store: RunStore.create(folder, { ...header, id: "bench-1" }), folder };
}

describe("a refused transaction", () => {
  it("keeps nothing of itself and does not use up event numbers", () => {
    const { store, folder } = openStore();
    store.write({ ...request, events: [eventOf(1)] });
    const refused = { ...request, block: refusedBlock(1, 100), events: [eventOf(2)] };
    expect(() => store.write(refused)).toThrow(/NOT NULL/);
    const file = new RunFile(folder);
    expect([...file.events()].map((e) => e.seq)).toEqual([1]);
    expect([...file.pieces(0)]).toEqual([]);
    file.close();
    store.close();
  });

  it("leaves its samples waiting, and beyond 64 MB keeps every second one and counts the others", () => {
    const { store, folder } = openStore();
    const count = 500_000;
    const rows = (from: number) => {
      const builder = new BlockBuilder(header.columns.length, count);
      for (let n = from; n < from + count; n++) builder.add(sampleOf(n));
      return builder.take()!;
    };
    const refused = rows(1);
    expect(() => store.write({ ...request, block: { ...refused, fromMs: Number.NaN } })).toThrow();
    expect(() => store.write({ ...request, block: rows(count + 1) })).toThrow();
    expect(store.lostSamples).toBe(0);
    expect(() => store.write({ ...request, block: rows(2 * count + 1) })).toThrow();
    expect(store.lostSamples).toBe(1.5 * count);
    store.close();
    expect(readdirSync(folder)).toContain("run.db");
  });

  it("thins a block to its first sample, its third and so on", () => {
    const builder = new BlockBuilder(header.columns.length, 5);
    for (let n = 1; n <= 5; n++) builder.add(sampleOf(n));
    const thin = everySecond(builder.take()!, header.columns.length);
    expect(thin).toMatchObject({ firstCycle: 1, count: 3, fromMs: 1000, toMs: 5000 });
    for (const [place, of] of [
      [0, (n: number) => n],
      [3, (n: number) => sampleOf(n).values[0]!],
    ] as const) {
      const { values, quality } = columnsOf([thin], header.columns.length, place);
      expect([...values]).toEqual([1, 3, 5].map(of));
      expect([...quality]).toEqual([0, 0, 0]);
    }
  });
});
