import type { RunMs } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import type { Column } from "../base/sample.js";
import type { BatchColumn } from "./batch.js";
import { columnsOf, heads } from "./block.js";
import { hashBytes, hashText } from "./canonical.js";
import { blockHash, chunkHash } from "./chunk.js";
import { decodeColumn } from "./column-code.js";
import { type ClockStep, Continuity, type Gap } from "./continuity.js";
import { packRollups, rollUp, rollupLevels } from "./rollup.js";
import type { RunFile, StoredBlock, StoredChunk } from "./run-file.js";

/** Something that is not what was written, and where. */
export type Finding = {
  table: string;
  /** Number of the row, or the name of the file. */
  row: number | string;
  what: string;
  /** Which samples it concerns, on the run's clock. */
  fromMs?: RunMs;
  toMs?: RunMs;
};

export type SampleVerification = {
  samples: number;
  chunks: number;
  blocks: number;
  findings: Finding[];
  gaps: readonly Gap[];
  clockSteps: readonly ClockStep[];
  lastAt: RunMs | null;
};

/** Told now and then: how many samples were looked at. */
export type Progress = (samples: number) => void;

/**
 * Computes every digest of the samples anew, decodes every column, and makes every rollup again from the
 * samples it was made of.
 */
export function verifySamples(
  file: RunFile,
  columns: readonly Column[],
  cycleMs: number,
  progress: Progress,
): SampleVerification {
  return new SampleCheck(file, columns, cycleMs, progress).run();
}

class SampleCheck {
  readonly #file: RunFile;
  readonly #columns: readonly Column[];
  readonly #levels: readonly number[];
  readonly #progress: Progress;
  readonly #continuity: Continuity;
  readonly #findings: Finding[] = [];
  #before: string;
  #samples = 0;
  #chunks = 0;
  #blocks = 0;
  #rollups = 0;

  constructor(file: RunFile, columns: readonly Column[], cycleMs: number, progress: Progress) {
    this.#file = file;
    this.#columns = columns;
    this.#levels = rollupLevels(cycleMs);
    this.#progress = progress;
    this.#continuity = new Continuity(cycleMs);
    this.#before = hashText(file.header());
  }

  run(): SampleVerification {
    try {
      for (const piece of this.#file.pieces(Number.NEGATIVE_INFINITY)) {
        if ("chunk" in piece) this.#chunk(piece.chunk);
        else this.#block(piece.block);
        this.#progress(this.#samples);
      }
      this.#strayRows();
    } catch (error) {
      if (!(error instanceof WearoutError)) throw error;
      this.#findings.push({ table: "run.db", row: "", what: error.message });
    }
    const { gaps, clockSteps, lastAt } = this.#continuity;
    const counted = { samples: this.#samples, chunks: this.#chunks, blocks: this.#blocks };
    return { ...counted, findings: this.#findings, gaps, clockSteps, lastAt };
  }

  #chunk(chunk: StoredChunk): void {
    const { fromMs, toMs, count } = chunk;
    const find = (table: string, row: number, what: string) =>
      this.#findings.push({ table, row, what, fromMs, toMs });
    this.#chunks++;
    if (chunk.chunk !== this.#chunks) {
      find("chunk", this.#chunks, `chunk ${this.#chunks} is missing before chunk ${chunk.chunk}`);
      this.#chunks = chunk.chunk;
    }
    const hashes: string[] = [];
    const read: (BatchColumn | undefined)[] = [];
    for (let place = 0; place < heads + this.#columns.length; place++) {
      const { hash, column } = this.#column(chunk, place);
      hashes.push(hash);
      read.push(column);
    }
    if (chunkHash(this.#before, chunk, hashes) !== chunk.hash) {
      find("chunk", chunk.chunk, "the row was changed or does not follow from the chunk before");
    }
    this.#before = chunk.hash;
    this.#samples += count;
    const [cycles, at, wall] = read.map((c) => c?.values);
    if (cycles !== undefined && at !== undefined && wall !== undefined) {
      this.#continuity.add(cycles, at, wall);
      this.#checkRollups(chunk, at, read);
    }
  }

  /** The hash that the chunk should have of it, and the column when it is as it was. */
  #column(chunk: StoredChunk, place: number): { hash: string; column: BatchColumn | undefined } {
    const stored = this.#file.chunkColumn(chunk.chunk, place);
    const { fromMs, toMs } = chunk;
    const row = chunk.chunk * 4096 + place;
    const find = (what: string) =>
      this.#findings.push({ table: "chunk_column", row, what, fromMs, toMs });
    const name = this.#nameOf(place);
    if (stored === undefined) {
      find(`the samples of ${name} are missing`);
      return { hash: "", column: undefined };
    }
    if (hashBytes(stored.data) !== stored.hash) {
      find(`the samples of ${name} are not those that were written`);
      return { hash: stored.hash, column: undefined };
    }
    return { hash: stored.hash, column: decodeColumn(stored.data, chunk.count) };
  }

  #nameOf(place: number): string {
    return ["cycle", "at", "wall"][place] ?? this.#columns[place - heads]?.name ?? "";
  }

  #checkRollups(
    { chunk, fromMs, toMs }: StoredChunk,
    at: Float64Array,
    read: readonly (BatchColumn | undefined)[],
  ): void {
    for (const levelMs of this.#levels) {
      for (let place = heads; place < read.length; place++) {
        const column = read[place];
        this.#rollups++;
        if (column === undefined) continue;
        const stored = this.#file.rollups(place, levelMs, chunk, chunk)[0]?.data;
        const made = packRollups(rollUp(at, column.values, column.quality, levelMs));
        if (stored !== undefined && Buffer.compare(stored, made) === 0) continue;
        const what = `the ${levelMs / 1000} s rollups of ${this.#nameOf(place)} are not those of its samples`;
        this.#findings.push({ table: "rollup", row: chunk, what, fromMs, toMs });
      }
    }
  }

  #block(block: StoredBlock): void {
    const { seq, fromMs, toMs, count } = block;
    this.#blocks++;
    this.#samples += count;
    const find = (what: string) =>
      this.#findings.push({ table: "sample_block", row: seq, what, fromMs, toMs });
    if (block.hash !== undefined && blockHash(block) !== block.hash) {
      find("the samples are not those that were written");
      return;
    }
    try {
      const [cycles, at, wall] = [0, 1, 2].map(
        (place) => columnsOf([block], this.#columns.length, place).values,
      );
      this.#continuity.add(cycles!, at!, wall!);
    } catch (error) {
      if (!(error instanceof WearoutError)) throw error;
      find("its length is not that of its samples");
    }
  }

  /** Rows that belong to no chunk. */
  #strayRows(): void {
    if (this.#file.layout < 2) return;
    const width = heads + this.#columns.length;
    const expected = { chunk_column: this.#chunks * width, rollup: this.#rollups };
    for (const [table, rows] of Object.entries(expected)) {
      const found = Number(this.#file.rows(`SELECT count(*) AS n FROM ${table}`)[0]?.["n"]);
      if (found === rows) continue;
      const what = `${found} rows, ${rows} belong to the chunks`;
      this.#findings.push({ table, row: "", what });
    }
  }
}
