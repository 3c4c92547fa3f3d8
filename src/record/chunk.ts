import { type Block, columnsOf, heads } from "./block.js";
import { canonicalJson, chainHash, hashBytes } from "./canonical.js";
import { encodeColumn } from "./column-code.js";
import { packRollups, rollUp } from "./rollup.js";
import type { Scale } from "./scale.js";
import type { Thinning } from "./thinning.js";

/** A block with its number in the file. */
export type NumberedBlock = Block & { seq: number };

/** What is said of a chunk beside its columns; hashed with them. */
export type ChunkHead = {
  chunk: number;
  firstCycle: number;
  count: number;
  fromMs: number;
  toMs: number;
  /** The number of the last block that was folded into it. */
  lastBlock: number;
};

/** Samples of many blocks, column by column, compressed. */
export type Chunk = ChunkHead & {
  /** The columns of the header come after cycle, at and wall. */
  columns: { data: Uint8Array; hash: string }[];
  rollups: { place: number; levelMs: number; data: Uint8Array }[];
};

/** Where the row of a chunk's column stands in its table: room for this many columns a chunk. */
export const placesPerChunk = 4096;

/**
 * Folds whole blocks into one chunk, a column at each turn, so that whoever drives this can do something
 * more urgent in between. `scales` remembers the columns' scales from chunk to chunk; `thinning` says
 * which samples are kept.
 */
export function* foldBlocks(
  chunk: number,
  blocks: readonly NumberedBlock[],
  width: number,
  levels: readonly number[],
  scales: (Scale | undefined)[],
  thinning: Thinning,
): Generator<void, Chunk> {
  const [first, last] = [blocks[0]!, blocks.at(-1)!];
  const count = blocks.reduce((sum, b) => sum + b.count, 0);
  const head = { chunk, firstCycle: first.firstCycle, count, fromMs: first.fromMs };
  const columns: Chunk["columns"] = [];
  const rollups: Chunk["rollups"] = [];
  const at = columnsOf(blocks, width, 1).values;
  const keep = thinning.of(columnsOf(blocks, width, 0).values, at);
  for (let place = 0; place < heads + width; place++) {
    const column = columnsOf(blocks, width, place);
    const { quality } = column;
    const values = place < heads ? column.values : keep(place - heads, column);
    const { data, scale } = encodeColumn(values, quality, scales[place]);
    scales[place] = scale;
    columns.push({ data, hash: hashBytes(data) });
    for (const levelMs of place < heads ? [] : levels) {
      rollups.push({ place, levelMs, data: packRollups(rollUp(at, values, quality, levelMs)) });
    }
    yield;
  }
  return { ...head, toMs: last.toMs, lastBlock: last.seq, columns, rollups };
}

/** The chunk's link: over the chunk before, what is said of this one, and its columns' hashes. */
export function chunkHash(before: string, head: ChunkHead, columns: readonly string[]): string {
  const { chunk, firstCycle, count, fromMs, toMs, lastBlock } = head;
  const text = { chunk, firstCycle, count, fromMs, toMs, lastBlock, columns };
  return chainHash(before, canonicalJson(text));
}

/** The digest of a block of samples that is not folded yet. */
export function blockHash({ seq, firstCycle, count, fromMs, toMs, data }: NumberedBlock): string {
  return hashBytes(
    Buffer.from(`${canonicalJson({ seq, firstCycle, count, fromMs, toMs })}\n`),
    data,
  );
}
