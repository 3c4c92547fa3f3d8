import { type Chunk, foldBlocks, type NumberedBlock } from "./chunk.js";
import type { Scale } from "./scale.js";
import type { Thinning } from "./thinning.js";

/** Samples of one chunk at least: fewer compress worse, and one row per column has its price. */
const chunkSamples = 4096;
/** A chunk holds a minute at least, so that the fastest rigs are not folded all the time. */
const chunkMs = 60_000;
/** Beyond this many chunks' worth of waiting samples nobody else is let in between. */
const behindLimit = 2;

/**
 * Turns blocks on the disk into chunks, next to the writing: between two requests one column. A chunk that
 * is done waits for a transaction of samples to go with, so that folding costs no sync of its own and no
 * event waits for it.
 */
export class Folding {
  readonly #width: number;
  readonly #levels: readonly number[];
  readonly #scales: (Scale | undefined)[] = [];
  readonly #thinning: Thinning;
  /** On the disk, and not in a chunk that is on the disk. */
  #blocks: NumberedBlock[] = [];
  #samples = 0;
  #chunks: number;
  #work: Generator<void, Chunk> | undefined;
  #done: Chunk | undefined;

  constructor(width: number, levels: readonly number[], chunks: number, thinning: Thinning) {
    this.#width = width;
    this.#thinning = thinning;
    this.#levels = levels;
    this.#chunks = chunks;
  }

  /** Blocks that have just come to the disk. */
  add(blocks: readonly NumberedBlock[]): void {
    this.#blocks.push(...blocks);
    this.#samples += blocks.reduce((sum, b) => sum + b.count, 0);
  }

  /** A chunk to be written; the blocks up to its `lastBlock` then go. */
  get done(): Chunk | undefined {
    return this.#done;
  }

  /** `done` is on the disk. */
  written(): void {
    const { lastBlock, count } = this.#done!;
    this.#chunks++;
    this.#samples -= count;
    this.#blocks = this.#blocks.filter((b) => b.seq > lastBlock);
    this.#done = undefined;
  }

  /** One column's worth; true when there is more to do at once. */
  turn(): boolean {
    if (this.#done !== undefined) return false;
    this.#work ??= this.#begin(false);
    if (this.#work === undefined) return false;
    const { done, value } = this.#work.next();
    if (done !== true) return true;
    this.#done = value;
    this.#work = undefined;
    return false;
  }

  /** Samples wait faster than they are folded in between. */
  get isBehind(): boolean {
    return this.#samples > behindLimit * chunkSamples;
  }

  /** Folds to the end of what is begun, or of everything that waits; true when a chunk is to be written. */
  finish(all: boolean): boolean {
    if (this.#done === undefined) {
      this.#work ??= this.#begin(all);
      while (this.#work !== undefined) this.turn();
    }
    return this.#done !== undefined;
  }

  #begin(all: boolean): Generator<void, Chunk> | undefined {
    const enough = this.#enough();
    const count = enough === 0 && all ? this.#blocks.length : enough;
    if (count === 0) return undefined;
    const blocks = this.#blocks.slice(0, count);
    const number = this.#chunks + 1;
    return foldBlocks(number, blocks, this.#width, this.#levels, this.#scales, this.#thinning);
  }

  /** How many blocks make a chunk; none while there are too few, or while all of them must stay whole. */
  #enough(): number {
    const fromMs = this.#blocks[0]?.fromMs ?? 0;
    const untilMs = this.#thinning.until(this.#blocks.at(-1)?.toMs ?? 0);
    let samples = 0;
    for (const [i, block] of this.#blocks.entries()) {
      samples += block.count;
      if (samples < chunkSamples || block.toMs - fromMs < chunkMs) continue;
      return block.toMs <= untilMs ? i + 1 : 0;
    }
    return 0;
  }
}
