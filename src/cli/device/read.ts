/** A type's points read from a real unit, for people who look whether the type is right. */

import { WearoutError } from "../../base/error.js";
import { planBlocks } from "../../device/blocks.js";
import { compilePoints, type PointCodec } from "../../device/codec.js";
import type { DeviceType } from "../../device/device-type.js";
import { parameterValues } from "../../device/parameter.js";
import type { ReadRequest } from "../../device/request.js";
import type { Reply } from "../../line/line.js";
import { faultInWords } from "../../line/trace.js";
import { faultOf, type LineOptions, lineSpec, timingOf, unitOf } from "../line/options.js";
import { assignments } from "../option.js";
import { openToRead } from "../rig/rig-lines.js";
import type { Read } from "./identify.js";

export type DeviceOptions = LineOptions & { parameter: string[] };

/** Words of one point, or why there are none. */
export type PointWords = { name: string } & ({ words: number[] } | { fault: string });

export type BlockRead = { request: ReadRequest; names: string[]; reply: Reply };

/** Opens the line of the options, gives reads of the unit to `work`, closes it. */
export async function withUnit(
  options: LineOptions,
  type: DeviceType,
  work: (read: Read, unit: number) => Promise<number>,
): Promise<number> {
  const spec = lineSpec(options, type.link);
  const unit = unitOf(options, spec, type.link);
  const timing = timingOf(options, type.link);
  const line = await openToRead(spec);
  try {
    return await work((request) => line.exchange(unit, request, timing, "fast"), unit);
  } finally {
    await line.close();
  }
}

/**
 * Reads the points in planned blocks, over no hole, for here a device is met for the first time; a block
 * it refuses is read point by point.
 */
export async function readBlocks(
  type: DeviceType,
  names: Iterable<string>,
  read: Read,
): Promise<BlockRead[]> {
  const done: BlockRead[] = [];
  for (const { table, address, count, points } of planBlocks(type, names, { bridge: 0 })) {
    const request: ReadRequest = { kind: "read", table, address, count };
    const block = { request, names: points.map((p) => p.name), reply: await read(request) };
    const refused = !block.reply.ok && block.reply.fault === "exception";
    if (!refused || points.length === 1) done.push(block);
    else for (const { name } of points) done.push(...(await readBlocks(type, [name], read)));
  }
  return done;
}

/** Every point's own words, in the order of the type's file. */
export function pointWords(
  type: DeviceType,
  codecs: ReadonlyMap<string, PointCodec>,
  blocks: readonly BlockRead[],
): PointWords[] {
  const found = new Map<string, PointWords>();
  for (const { request, names, reply } of blocks) {
    for (const name of names) {
      const at = (type.points[name]?.address ?? 0) - request.address;
      const end = at + (codecs.get(name)?.registers ?? 1);
      const fault = reply.ok ? "" : faultInWords(reply);
      const words = reply.ok ? Array.from(reply.words).slice(at, end) : [];
      found.set(name, reply.ok ? { name, words } : { name, fault });
    }
  }
  return Object.keys(type.points).flatMap((name) => found.get(name) ?? []);
}

export function readablePoints(type: DeviceType): string[] {
  return Object.entries(type.points)
    .filter(([, { access }]) => access !== "write")
    .map(([name]) => name);
}

/** Codecs with the parameters given; one that is missing makes its points' values unknown (NaN). */
export function codecsOf(type: DeviceType, options: DeviceOptions) {
  const given = Object.fromEntries(assignments("--parameter", options.parameter));
  const { values, problems } = parameterValues(type, given);
  const missing = problems.filter(({ name }) => given[name] === undefined);
  const wrong = problems.find(({ name }) => given[name] !== undefined);
  if (wrong !== undefined) {
    const { name, found, expected } = wrong;
    throw new WearoutError("USAGE", `--parameter ${name}: found ${found}, expected ${expected}`);
  }
  const unknown = Object.fromEntries(missing.map(({ name }) => [name, Number.NaN]));
  const codecs = compilePoints(type, { ...values, ...unknown });
  return { codecs, given, missing: missing.map(({ name }) => name) };
}

/** The factor of a point scaled by another register; undefined where it needs none. */
export function factorFor(
  codec: PointCodec,
  codecs: ReadonlyMap<string, PointCodec>,
  points: readonly PointWords[],
): number | undefined {
  if (codec.scaleFrom === undefined) return undefined;
  const source = points.find(({ name }) => name === codec.scaleFrom);
  if (source === undefined || !("words" in source)) return Number.NaN;
  return codec.factorOf(codecs.get(codec.scaleFrom)?.raw(source.words, 0) ?? Number.NaN);
}

/** A unit that answers nothing at all is an error of its own, not a table of faults. */
export function failIfSilent(blocks: readonly BlockRead[], unit: number): void {
  const faults = blocks.flatMap(({ reply }) => (reply.ok ? [] : [reply]));
  const [first] = faults;
  if (first !== undefined && faults.length === blocks.length && first.fault !== "exception") {
    throw faultOf(first, unit);
  }
}
