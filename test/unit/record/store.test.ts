import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Block } from "../../../src/record/block.js";
import type { WriteRequest } from "../../../src/record/protocol.js";
import { RunFile } from "../../../src/record/run-file.js";
import { RunStore } from "../../../src/record/store.js";
import { newRoot } from "./fixture.js";
import { epoch, eventOf, header } from "./run.js";

const request: WriteRequest = {
  id: 1,
  block: undefined,
  events: [],
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

  it("leaves its samples waiting, up to 64 MB, and then gives up the oldest and counts them", () => {
    const { store, folder } = openStore();
    const bytes = 20 * 1024 * 1024;
    expect(() => store.write({ ...request, block: refusedBlock(1, bytes) })).toThrow();
    expect(() => store.write({ ...request, block: blockOf(2, bytes) })).toThrow();
    expect(() => store.write({ ...request, block: blockOf(3, bytes) })).toThrow();
    expect(store.lostSamples).toBe(0);
    store.write({ ...request, block: blockOf(4, bytes), events: [eventOf(4)] });
    expect(store.lostSamples).toBe(10);
    const file = new RunFile(folder);
    const blocks = [...file.pieces(0)].map((p) => ("block" in p ? p.block.fromMs : "chunk"));
    expect(blocks).toEqual([2000, 3000, 4000]);
    expect([...file.events()].map((e) => e.seq)).toEqual([1]);
    file.close();
    store.close();
  });
});
