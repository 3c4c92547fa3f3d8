import type { Block } from "./block.js";
import { heads } from "./block.js";

/** What the disk refuses waits in memory; beyond this it is thinned. */
const limitBytes = 64 * 1024 * 1024;

/**
 * Samples that a full disk refuses. When there are too many every second one is given up, again and
 * again: of a night without a disk an overview is left, not its first minutes.
 */
export class WaitingBlocks {
  readonly #columns: number;
  #blocks: Block[] = [];
  #bytes = 0;
  #given = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Samples given up since the start. */
  get lostSamples(): number {
    return this.#given;
  }

  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  add(block: Block): void {
    this.#blocks.push(block);
    this.#bytes += block.data.byteLength;
    if (this.#bytes > limitBytes) this.#thin();
  }

  /** They are on the disk. */
  written(): void {
    this.#blocks = [];
    this.#bytes = 0;
  }

  #thin(): void {
    const before = this.#count();
    this.#blocks = this.#blocks.map((block) => everySecond(block, this.#columns));
    this.#bytes = this.#blocks.reduce((sum, b) => sum + b.data.byteLength, 0);
    this.#given += before - this.#count();
  }

  #count(): number {
    return this.#blocks.reduce((sum, b) => sum + b.count, 0);
  }
}

/** The first sample of a block, the third, and so on; its cycle numbers tell what is missing. */
export function everySecond(block: Block, columns: number): Block {
  const count = Math.ceil(block.count / 2);
  const rowBytes = (heads + columns) * Float64Array.BYTES_PER_ELEMENT;
  const data = new Uint8Array(count * (rowBytes + columns));
  const qualityFrom = block.count * rowBytes;
  for (let i = 0; i < count; i++) {
    const row = block.data.subarray(2 * i * rowBytes, (2 * i + 1) * rowBytes);
    data.set(row, i * rowBytes);
    const quality = qualityFrom + 2 * i * columns;
    data.set(block.data.subarray(quality, quality + columns), count * rowBytes + i * columns);
  }
  const last = new DataView(data.buffer, (count - 1) * rowBytes + 8);
  return { ...block, count, toMs: last.getFloat64(0, true), data };
}
