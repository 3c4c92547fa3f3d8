/** Modbus tables by their usual names; addresses are those on the wire, zero-based. */
export type Table = "coil" | "discrete" | "holding" | "input";

/** Read `count` bits or registers from `address` on. */
export type ReadRequest = { kind: "read"; table: Table; address: number; count: number };

/**
 * Write bits or registers. `single` asks for function 5 or 6 (exactly one value); else 15 or 16.
 * Bits are 0 or 1.
 */
export type WriteRequest = {
  kind: "write";
  table: "coil" | "holding";
  address: number;
  values: readonly number[];
  single: boolean;
  /**
   * Only these bits of the one register are written, the others stay as they are (function 22); bits
   * of the value outside of them have no effect.
   */
  mask?: number;
  /** Registers read after the write, in the same exchange (function 23). */
  reads?: { address: number; count: number };
};

export type Request = ReadRequest | WriteRequest;

/** Modbus function code of a request (MODBUS Application Protocol V1.1b3, section 6). */
export function functionCode(request: Request): number {
  if (request.kind === "read") return readFunction[request.table];
  if (request.mask !== undefined) return maskWrite;
  if (request.reads !== undefined) return readWrite;
  if (request.table === "coil") return request.single ? 5 : 15;
  return request.single ? 6 : 16;
}

/** Registers (or bits) that the answer carries; 0 for a write that is only confirmed. */
export function wordsAnswered(request: Request): number {
  return request.kind === "read" ? request.count : (request.reads?.count ?? 0);
}

/** Mask Write Register, Read/Write Multiple registers. */
export const maskWrite = 22;
export const readWrite = 23;

const readFunction: Record<Table, number> = { coil: 1, discrete: 2, holding: 3, input: 4 };
