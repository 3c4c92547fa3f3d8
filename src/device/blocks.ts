/** Which reads bring the wanted points: as few as the device's limits allow. */
import { assert } from "../base/error.js";
import type { DeviceType, Point } from "./device-type.js";
import { encodingOf } from "./encoding.js";
import type { Table } from "./request.js";

/** One read; `offset` is where a point's first word (or bit) stands in the answer. */
export type Block = {
  table: Table;
  address: number;
  count: number;
  points: { name: string; offset: number }[];
};

export type BlockLimits = {
  /** Fewer than the device allows, to keep an exchange short. */
  mostRegisters?: number;
  /** Longest hole a read may run over, in registers; 0: over none. */
  bridge?: number;
};

/** A hole of up to this many registers costs less wire time than a second exchange: about 16 bytes. */
const usualBridge = 8;
const bitsPerRegister = 16;

/**
 * Reads covering every named point exactly once, by table and address. A point is never split. A
 * hole is bridged when it is short, unless the device is known to refuse it: `link.gaps` is false, and
 * not every address in it belongs to a readable point of the type. Where `gaps` is left out nobody
 * knows; who reads must be ready for a refusal or silence, and read what lies between holes by itself.
 */
export function planBlocks(
  type: DeviceType,
  pointNames: Iterable<string>,
  limits: BlockLimits = {},
): Block[] {
  const named = namedAddresses(type);
  const blocks: Block[] = [];
  for (const part of sortedParts(type, pointNames)) {
    const most = mostPerRead(type, part.table, limits);
    assert(part.end - part.address <= most, `${part.name} fits one read`);
    const last = blocks.at(-1);
    if (last !== undefined && joins(type, last, part, most, limits, named)) extend(last, part);
    else blocks.push(startOf(part));
  }
  return blocks;
}

type Part = { name: string; table: Table; address: number; end: number };

function sortedParts(type: DeviceType, pointNames: Iterable<string>): Part[] {
  const parts = [...new Set(pointNames)].map((name) => {
    const point = type.points[name];
    assert(point !== undefined && point.access !== "write", `${name} is a readable point`);
    return partOf(name, point);
  });
  return parts.sort(
    (a, b) => tables.indexOf(a.table) - tables.indexOf(b.table) || a.address - b.address,
  );
}

const tables: readonly Table[] = ["coil", "discrete", "holding", "input"];

function partOf(name: string, point: Point): Part {
  const { table, address } = point;
  return { name, table, address, end: address + encodingOf(point).registers };
}

function joins(
  type: DeviceType,
  block: Block,
  part: Part,
  most: number,
  limits: BlockLimits,
  named: ReadonlySet<string>,
): boolean {
  if (block.table !== part.table || part.end - block.address > most) return false;
  const from = block.address + block.count;
  const hole = part.address - from;
  if (hole <= 0) return true;
  const bits = part.table === "coil" || part.table === "discrete";
  if (hole > (limits.bridge ?? usualBridge) * (bits ? bitsPerRegister : 1)) return false;
  if (type.link.gaps !== false) return true;
  for (let at = from; at < part.address; at++) {
    if (!named.has(`${part.table} ${at}`)) return false;
  }
  return true;
}

function extend(block: Block, part: Part): void {
  block.points.push({ name: part.name, offset: part.address - block.address });
  block.count = Math.max(block.count, part.end - block.address);
}

function startOf({ name, table, address, end }: Part): Block {
  return { table, address, count: end - address, points: [{ name, offset: 0 }] };
}

/** Registers (or bits) one read may ask for: the device's limit, the caller's, Modbus' own. */
function mostPerRead(type: DeviceType, table: Table, limits: BlockLimits): number {
  const registers = Math.min(limits.mostRegisters ?? 125, type.link.mostRegistersPerRead ?? 125);
  return table === "coil" || table === "discrete" ? registers * bitsPerRegister : registers;
}

function namedAddresses(type: DeviceType): ReadonlySet<string> {
  const named = new Set<string>();
  for (const [name, point] of Object.entries(type.points)) {
    const part = partOf(name, point);
    if (point.access === "write") continue;
    for (let at = part.address; at < part.end; at++) named.add(`${part.table} ${at}`);
  }
  return named;
}
