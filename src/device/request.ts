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
};

export type Request = ReadRequest | WriteRequest;

/** Modbus function code of a request (MODBUS Application Protocol V1.1b3, section 6). */
export function functionCode(request: Request): number {
  if (request.kind === "read") return readFunction[request.table];
  if (request.table === "coil") return request.single ? 5 : 15;
  return request.single ? 6 : 16;
}

const readFunction: Record<Table, number> = { coil: 1, discrete: 2, holding: 3, input: 4 };
