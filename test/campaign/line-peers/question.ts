/** What a server tells of every question it was asked, and the values it serves: both name the question. */

/** `done`: carried out, whatever became of the answer. `lost`: never seen by the device. */
export type Outcome = "done" | "lost" | `exception ${number}`;

/** One request as a server saw it. */
export type Question = {
  /** 1, 2, 3, ... over everything this server was asked. */
  n: number;
  /** When it was read, on the machine's monotonic clock and on its wall clock. */
  atMs: number;
  wallMs: number;
  unit: number;
  code: number;
  address: number;
  count: number;
  /** Registers or bits served to a read, or what a write asked for. */
  values: number[];
  outcome: Outcome;
};

/** One line of a server's stdout. */
export type Said = { ready: string } | { question: Question };

export const meterUnit = 1;
/** Registers below are read only; from here on a master may write. */
export const firstWritable = 48;

/** What the meter serves from `address` on to question `n`: no two questions and no two addresses are alike for long. */
export function marks(code: number, address: number, count: number, n: number): number[] {
  const mark = code <= 2 ? bitMark : registerMark;
  return Array.from({ length: count }, (_, i) => mark(address + i, n));
}

/** Address above, number of the question below: readable in a trace. */
function registerMark(address: number, n: number): number {
  return ((address & 0x3f) << 10) | (n & 0x3ff);
}

/** Eight bits that lie together are a number of the question, another one for each eight. */
function bitMark(address: number, n: number): number {
  const byte = (n * 101 + (address >> 3) * 37) & 0xff;
  return (byte >> (address & 7)) & 1;
}
