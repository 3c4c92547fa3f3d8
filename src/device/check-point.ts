/** Checks of meaning on single points and on points together. */
import { type Path, show, suggest } from "../base/schema.js";
import { compilePoint, type PointCodec } from "./codec.js";
import { isWritable } from "./command.js";
import type { DeviceType, Point } from "./device-type.js";
import { encodingOf, fieldMask, isField } from "./encoding.js";
import type { Finding } from "./finding.js";
import { maskWrite, readWrite } from "./request.js";

type Say = (path: Path, found: string, expected: string) => void;

export function checkPoints(type: DeviceType): Finding[] {
  const findings: Finding[] = [];
  for (const [name, point] of Object.entries(type.points)) {
    const say: Say = (path, found, expected) =>
      findings.push({ path: ["points", name, ...path], found, expected });
    checkForm(point, say);
    checkExtent(type, point, say);
    checkScale(type, point, say);
    checkRawValues(point, say);
    checkWrite(point, say);
    checkReferences(type, name, point, say);
  }
  return [...findings, ...checkOverlaps(type)];
}

/** A codec for checks: parameters without a value count as 1. */
export function codecForCheck(type: DeviceType, point: Point): PointCodec {
  const names = Object.keys(type.parameters ?? {});
  const times = point.times === undefined ? [] : [point.times];
  return compilePoint(point, Object.fromEntries([...names, ...times].map((n) => [n, 1])));
}

function checkForm(point: Point, say: Say): void {
  const { table, as, bit } = point;
  const bitTable = table === "coil" || table === "discrete";
  if (bitTable && as !== "bit") say(["as"], show(as), `"bit" in ${table}s`);
  if (bitTable && bit !== undefined) say(["bit"], show(bit), "no bit: a coil is one");
  if (!bitTable && as === "bit" && bit === undefined) {
    say(["as"], '"bit" without its number', "bit: 0 to 15 in a register table");
  }
  if (as !== "bit" && bit !== undefined) say(["bit"], show(bit), "as: bit with it");
  if ((as === "ascii") !== (point.length !== undefined)) {
    say(["length"], show(point.length ?? "nothing"), "a length for ascii, and only there");
  }
  checkField(point, say);
}

function checkField({ as, byte, mask, order }: Point, say: Say): void {
  const isByte = as === "u8" || as === "s8";
  if (isByte !== (byte !== undefined)) {
    say(["byte"], show(byte ?? "nothing"), "high or low for u8 and s8, and only there");
  }
  if (isByte && order !== undefined) say(["order"], show(order), "none: byte says which half");
  if (mask === undefined) return;
  const bits = as === "u16" || as === "s16" ? 16 : as === "u32" || as === "s32" ? 32 : 0;
  const shifted = mask / lowestBit(mask);
  if (bits === 0) say(["mask"], `a mask of ${as}`, "a mask of u16, s16, u32 or s32");
  else if (mask >= 2 ** bits) say(["mask"], show(mask), `a mask of ${bits} bits`);
  else if (!Number.isInteger(Math.log2(shifted + 1))) {
    say(["mask"], `0x${mask.toString(16)}`, "bits that stand together");
  }
}

function lowestBit(mask: number): number {
  let bit = 1;
  while (mask % (2 * bit) === 0) bit *= 2;
  return bit;
}

function checkExtent(type: DeviceType, point: Point, say: Say): void {
  const { registers } = encodingOf(point);
  const end = Math.max(point.address, point.write?.address ?? 0) + registers;
  if (end > 65536) say(["address"], `${registers} registers up to ${end - 1}`, "at most 65535");
  const mostRead = type.link.mostRegistersPerRead ?? 125;
  if (point.access !== "write" && registers > mostRead) {
    say(["as"], `${registers} registers`, `at most ${mostRead}: the device reads no more at once`);
  }
  const mostWrite = type.link.mostRegistersPerWrite ?? 123;
  if (point.access !== "read" && registers > mostWrite) {
    say(
      ["as"],
      `${registers} registers`,
      `at most ${mostWrite}: the device writes no more at once`,
    );
  }
}

function checkScale(type: DeviceType, point: Point, say: Say): void {
  const scaled = ["scale", "offset", "scaleFrom"] as const;
  const used = scaled.filter((key) => point[key] !== undefined);
  if (point.scale === 0) say(["scale"], "0", "a number other than 0");
  if (point.linear !== undefined && used.length > 0) {
    say(["linear"], `linear together with ${used.join(", ")}`, "one or the other");
  }
  const lines = [...used, ...(["linear", "times"] as const).filter((key) => point[key])];
  if (point.enum !== undefined && lines.length > 0) {
    say(["enum"], `enum together with ${lines.join(", ")}`, "words of raw values only");
  }
  if (point.linear !== undefined) checkTable(point, point.linear, say);
  if (point.range !== undefined && !(point.range[0] < point.range[1])) {
    say(["range"], show(point.range), "lower end first");
  }
  const names = Object.keys(type.parameters ?? {});
  if (point.times !== undefined && !names.includes(point.times)) {
    say(["times"], show(point.times), `a parameter, ${suggest(point.times, names)}`);
  }
}

function checkTable(point: Point, pairs: readonly [number, number][], say: Say): void {
  const rises = (i: 0 | 1) => pairs.every((p, n) => n === 0 || p[i] > pairs[n - 1]![i]);
  const falls = pairs.every((p, n) => n === 0 || p[1] < pairs[n - 1]![1]);
  if (!rises(0)) say(["linear"], show(pairs), "raw values that rise");
  if (point.access !== "read" && !rises(1) && !falls) {
    say(["linear"], show(pairs), "values that only rise or only fall, to be written");
  }
}

function checkRawValues(point: Point, say: Say): void {
  const { lowest, highest, registers } = encodingOf(point);
  const fits = (raw: number) => raw >= lowest && raw <= highest;
  const within = `a raw value of ${point.as}, ${lowest} to ${highest}`;
  for (const [word, raw] of Object.entries(point.enum ?? {})) {
    if (!fits(raw)) say(["enum", word], show(raw), within);
  }
  const raws = Object.values(point.enum ?? {});
  if (new Set(raws).size < raws.length) say(["enum"], "two words of one value", "one word each");
  point.sentinels?.forEach((raw, i) => {
    const pattern = lowest < 0 && raw > highest ? raw + 2 * lowest : raw;
    if (!fits(pattern)) say(["sentinels", i], show(raw), within);
  });
  const bits = Object.entries(point.bits ?? {});
  // Flags above 2^53 could not be told: 64 of them are two points.
  if (bits.length > 0 && (!["u16", "u32"].includes(point.as) || point.mask !== undefined)) {
    const found = `bits of ${point.mask === undefined ? point.as : "a masked value"}`;
    say(["bits"], found, "bits of a whole u16 or u32");
  }
  for (const [bit, index] of bits) {
    if (index >= 16 * registers) say(["bits", bit], show(index), `0 to ${16 * registers - 1}`);
  }
}

function checkWrite(point: Point, say: Say): void {
  if (point.access === "read") {
    if (point.write !== undefined) say(["write"], "write facts of a read-only point", "none");
    return;
  }
  if (!isWritable(point)) {
    const what = `${point.as} in the ${point.table} table`;
    const how = "write: { function: 22 } or { readFirst: true } for a field of one register";
    const none = '"read": there is no way to write it';
    const isOne = point.table === "holding" && fieldMask(point) !== undefined;
    say(["access"], `"${point.access}" for ${what}`, isOne ? how : none);
    return;
  }
  checkFunction(point, say);
  checkReadFirst(point, say);
}

function checkFunction(point: Point, say: Say): void {
  const code = point.write?.function;
  if (code === undefined) return;
  const codes = functionsFor(point);
  const found = show(code);
  if (!codes.includes(code)) {
    const of = isField(point) ? "a field of a register" : `the ${point.table} table`;
    say(["write", "function"], found, `${codes.join(" or ")} for ${of}`);
  } else if (code === 6 && encodingOf(point).registers > 1) {
    say(["write", "function"], "6 for a point of several registers", "16: 6 carries one register");
  } else if (code === readWrite && point.access !== "read-write") {
    say(["write", "function"], found, "read-write: the function reads it again");
  }
}

function functionsFor(point: Point): readonly number[] {
  if (point.table === "coil") return [5, 15];
  if (!isField(point)) return [6, 16, readWrite];
  return point.write?.readFirst === true ? [6, 16] : [maskWrite];
}

/** A read that got lost must cost nothing but the write, and its answer must be where it is written. */
function checkReadFirst({ write, access, ...point }: Point, say: Say): void {
  if (write?.readFirst === undefined) return;
  const path = ["write", "readFirst"];
  if (!isField({ access, ...point }))
    say(path, "it", "none: the point has its registers to itself");
  else if (access !== "read-write") say(path, `${access} only`, "read-write: it is read first");
  else if (write.address !== undefined && write.address !== point.address) {
    say(path, "another address to write to", "one address: what is read there is written there");
  }
}

function checkReferences(type: DeviceType, name: string, point: Point, say: Say): void {
  const { scaleFrom, badWhen } = point;
  if (scaleFrom !== undefined) {
    const problem = readableProblem(type, scaleFrom.point);
    if (problem !== undefined) say(["scaleFrom", "point"], show(scaleFrom.point), problem);
    else if (scaleFrom.point === name) say(["scaleFrom", "point"], "itself", "another point");
    if ((scaleFrom.factors === undefined) === (scaleFrom.powerOf === undefined)) {
      say(["scaleFrom"], "factors and powerOf both or neither", "one of them");
    }
  }
  if (badWhen === undefined) return;
  const problem = readableProblem(type, badWhen.point);
  if (problem !== undefined) {
    say(["badWhen", "point"], show(badWhen.point), problem);
    return;
  }
  const bits = Object.keys(type.points[badWhen.point]?.bits ?? {});
  badWhen.bits.forEach((bit, i) => {
    if (!bits.includes(bit)) say(["badWhen", "bits", i], show(bit), suggest(bit, bits));
  });
}

/** What is expected instead, when the name is no readable point. */
export function readableProblem(type: DeviceType, name: string): string | undefined {
  const point = type.points[name];
  if (point === undefined) return `a point, ${suggest(name, Object.keys(type.points))}`;
  return point.access === "write" ? "a point that can be read" : undefined;
}

/** Two points may share an address as number and bits, or as what is read and what is written. */
function checkOverlaps(type: DeviceType): Finding[] {
  const points = Object.entries(type.points).map(([name, point]) => {
    return { name, point, end: point.address + encodingOf(point).registers };
  });
  const findings: Finding[] = [];
  points.forEach((a, i) => {
    for (const b of points.slice(i + 1)) {
      if (a.point.table !== b.point.table || intended(a.point, b.point)) continue;
      if (a.end <= b.point.address || b.end <= a.point.address) continue;
      const found = `registers ${b.point.address} to ${b.end - 1}, which "${a.name}" has too`;
      findings.push({
        path: ["points", b.name, "address"],
        found,
        expected: "registers of its own",
      });
    }
  });
  return findings;
}

function intended(a: Point, b: Point): boolean {
  if (a.address !== b.address || encodingOf(a).registers !== encodingOf(b).registers) return false;
  const views = [a, b].some((point) => point.bits !== undefined || isField(point));
  const access = [a.access, b.access];
  return views || (access.includes("read") && access.includes("write"));
}
