import type { RunMs } from "../base/clock.js";

/** The very texts that the hashes are made of. */
export interface StoredText {
  readonly layout: number;
  header(): string;
  /** The hash of the last chunk of samples; before the first, the header's. */
  lastChunkHash(): string;
  /** By name; undefined when there is none. */
  attachment(name: string): Uint8Array | undefined;
  /** Samples that are not folded yet. */
  hotSamples(): number;
  /** When the last sample on the disk was taken, on the run's clock. */
  lastSampleAt(): RunMs | undefined;
  /** The chunks that hold anything from `from` to `to`; undefined when none does. */
  chunksWithin(from: RunMs, to: RunMs): { first: number; last: number; toMs: RunMs } | undefined;
  /** Packed rollups (`rollup.ts`) of one column, a chunk each. */
  rollups(place: number, levelMs: number, first: number, last: number): { data: Uint8Array }[];
  /** Undefined until the run has ended; `hash` chains the summary to the last event. */
  end(): { summary: string; hash: string } | undefined;
  files(): readonly { kind: string; name: string; text: string; hash: string }[];
  events(afterSeq?: number): IterableIterator<{ seq: number; body: string; hash: string }>;
}
