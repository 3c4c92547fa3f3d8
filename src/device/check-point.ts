/** Checks of meaning on single points and on points together. */
import { type Path, show, suggest } from "../base/schema.js";
import { compilePoint, type PointCodec } from "./codec.js";
import { isWritable } from "./command.js";
import type { DeviceType, Point } from "./device-type.js";
import { encodingOf } from "./encoding.js";
import type { Finding } from "./finding.js";

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
  const bitTable = point.table === "coil" || point.table === "discrete";
  if (bitTable && point.as !== "bit") say(["as"], show(point.as), `"bit" in ${point.table}s`);
  if (bitTable && point.bit !== undefined) say(["bit"], show(point.bit), "no bit: a coil is one");
  if (!bitTable && point.as === "bit" && point.bit === undefined) {
    say(["as"], '"bit" without its number', "bit: 0 to 15 in a register table");
  }
  if (point.as !== "bit" && point.bit !== undefined)
    say(["bit"], show(point.bit), "as: bit with it");
  if ((point.as === "ascii") !== (point.length !== undefined)) {
    say(["length"], show(point.length ?? "nothing"), "a length for ascii, and only there");
  }
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
  if (bits.length > 0 && !["u16", "u32", "u64"].includes(point.as)) {
    say(["bits"], `bits of ${point.as}`, "bits of u16, u32 or u64");
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
    say(["access"], `"${point.access}" for ${what}`, '"read": there is no way to write it');
    return;
  }
  const code = point.write?.function;
  if (code === undefined) return;
  const codes = point.table === "coil" ? [5, 15] : [6, 16];
  if (!codes.includes(code)) {
    say(["write", "function"], show(code), `${codes.join(" or ")} for the ${point.table} table`);
  } else if (code === 6 && encodingOf(point).registers > 1) {
    say(["write", "function"], "6 for a point of several registers", "16: 6 carries one register");
  }
}

function checkReferences(type: DeviceType, name: string, point: Point, say: Say): void {
  const { scaleFrom, badWhen } = point;
  if (scaleFrom !== undefined) {
    const problem = readableProblem(type, scaleFrom.point);
    if (problem !== undefined) say(["scaleFrom", "point"], show(scaleFrom.point), problem);
    else if (scaleFrom.point === name) say(["scaleFrom", "point"], "itself", "another point");
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
  const views = [a, b].some((point) => point.bits !== undefined || point.bit !== undefined);
  const access = [a.access, b.access];
  return views || (access.includes("read") && access.includes("write"));
}
