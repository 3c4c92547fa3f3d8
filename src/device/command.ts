/** What a write or a named command means in requests. */
import { assert, WearoutError } from "../base/error.js";
import { parseQuantity } from "../base/quantity.js";
import { suggest } from "../base/schema.js";
import type { PointCodec } from "./codec.js";
import type { DeviceType, Point } from "./device-type.js";
import { fieldMask, isField } from "./encoding.js";
import { pointValue } from "./point-value.js";
import { maskWrite, readWrite, type WriteRequest } from "./request.js";

export { pointValue } from "./point-value.js";

export type Codecs = ReadonlyMap<string, PointCodec>;
export type WritePlan = { ok: true; request: WriteRequest } | { ok: false; error: WearoutError };

/**
 * The request that writes a value (in the point's unit) or a word of its enum. Refused as a value,
 * with `WRITE_REFUSED`: unknown or read-only point, value out of range, a write the type forbids.
 */
export function planWrite(
  type: DeviceType,
  codecs: Codecs,
  pointName: string,
  value: number | string,
  factor?: number,
): WritePlan {
  const point = type.points[pointName];
  const codec = codecs.get(pointName);
  const what = `${type.type} ${pointName} = ${value}`;
  if (point === undefined || codec === undefined) {
    return refuse(`${what}: no such point, ${suggest(pointName, Object.keys(type.points))}`);
  }
  if (!isWritable(point)) return refuse(`${what}: this point is read only`);
  const encoded = codec.encode(value, factor);
  if (!encoded.ok) return refuse(`${what}: ${encoded.problem}`);
  const request = writeRequest(point, encoded.words);
  const why = forbiddenWhy(type, request);
  return why === undefined ? { ok: true, request } : refuse(`${what}: forbidden, ${why}`);
}

function refuse(message: string): WritePlan {
  return { ok: false, error: new WearoutError("WRITE_REFUSED", message) };
}

/** A field of a register (a bit, a byte, masked bits) can be written where the type says how. */
export function isWritable(point: Point): boolean {
  if (point.access === "read" || point.as === "ascii") return false;
  if (point.table === "coil") return true;
  if (point.table !== "holding") return false;
  if (!isField(point)) return true;
  const { function: code, readFirst } = point.write ?? {};
  return fieldMask(point) !== undefined && (code === maskWrite || readFirst === true);
}

/**
 * The request that brings words to a point: function 5 or 6 for one value, 15 or 16 for several, unless
 * the point names its function. A field of a register is a mask write, also where the type wants it read
 * first (`modified` makes that one): sent as it is, it leaves its neighbours alone or is refused.
 */
export function writeRequest(point: Point, values: readonly number[]): WriteRequest {
  const { function: code, address = point.address } = point.write ?? {};
  const table = point.table === "coil" ? "coil" : "holding";
  const mask = fieldMask(point);
  const plain = { kind: "write", table, address, values } as const;
  if (mask !== undefined) return { ...plain, single: code !== 16, mask };
  if (code === readWrite) {
    return { ...plain, single: false, reads: { address: point.address, count: values.length } };
  }
  return { ...plain, single: code === undefined ? values.length === 1 : code === 5 || code === 6 };
}

/** A mask write as a write of the whole register, which was just read as `word`. */
export function modified({ mask = 0xffff, ...request }: WriteRequest, word: number): WriteRequest {
  return { ...request, values: [(word & ~mask & 0xffff) | (request.values[0]! & mask)] };
}

/** Why the type forbids this write, or one that it may come to; undefined when it does not. */
export function forbiddenWhy(type: DeviceType, request: WriteRequest): string | undefined {
  const { mask = 0xffff } = request;
  for (const { table, address, last = address, values, why } of type.forbidden ?? []) {
    if (table !== request.table) continue;
    const hit = request.values.some((written, i) => {
      const at = request.address + i;
      if (at < address || at > last) return false;
      return values === undefined || values.some((value) => ((value ^ written) & mask) === 0);
    });
    if (hit) return why;
  }
  return undefined;
}

/** One step of a command, words and durations resolved; values in each point's unit. */
export type PlannedStep = {
  /** `remove` is always sent; `soften` is best effort and never keeps what follows from being sent. */
  does: "soften" | "remove";
  write: { point: string; value: number }[];
  expect: { point: string; value: number }[];
  /** How long `expect` may take to come true; of a step that softens, how long all of it may take. */
  withinMs: number;
  waitMs: number;
};

/** For `expect` without `within`. */
const usualWithinMs = 2000;

/** The steps of a named command. The command must exist (checked when the type was loaded). */
export function commandPlan(type: DeviceType, commandName: string): PlannedStep[] {
  const steps = type.commands?.[commandName];
  assert(steps !== undefined, `${type.type} has the command ${commandName}`);
  return steps.map((step) => ({
    does: step.does ?? "remove",
    write: resolve(type, step.write),
    expect: resolve(type, step.expect),
    withinMs: step.within === undefined ? usualWithinMs : milliseconds(step.within),
    waitMs: step.wait === undefined ? 0 : milliseconds(step.wait),
  }));
}

function resolve(type: DeviceType, values: Readonly<Record<string, number | string>> = {}) {
  return Object.entries(values).map(([point, value]) => {
    return { point, value: pointValue(type, point, value) };
  });
}

function milliseconds(text: string): number {
  const quantity = parseQuantity(text);
  assert(quantity?.dimension === "time", `${text} is a time`);
  return quantity.value;
}
