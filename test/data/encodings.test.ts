import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { compilePoint } from "../../src/device/codec.js";
import { writeRequest } from "../../src/device/command.js";
import type { Point } from "../../src/device/device-type.js";
import { encodeRequest, parseReply } from "../../src/device/rtu-frame.js";

const page = fileURLToPath(new URL("../../../docs/device-types.md", import.meta.url));
/** First unit, holding registers from 10H on, as the page says. */
const place = { table: "holding", address: 0x10 } as const;

/** The rows of the table under a heading of the page, cells without their backquotes. */
function rowsBelow(heading: string): string[][] {
  const text = readFileSync(page, "utf8").split(`### ${heading}\n`)[1]!.split("\n### ")[0]!;
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

function point(says: string): Point {
  const facts = parse(`{ ${says} }`) as Partial<Point>;
  return { ...place, unit: "1", access: "read-write", confidence: "manual", ...facts } as Point;
}

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));

describe("the frames of docs/device-types.md", () => {
  const reads = rowsBelow("Encodings");
  const writes = rowsBelow("Fields of a register that are written");

  it("show every encoding that is new to people", () => {
    const shown = new Set(reads.map(([says]) => point(says!).as));
    const wanted = ["u8", "s8", "bit", "u16", "s16", "u32", "u64", "s64", "bcd16", "bcd32"];
    for (const as of [...wanted, "sm16", "sm32", "m16e16"]) expect(shown).toContain(as);
  });

  it.each(reads)("%s: %s means %s, and is made of it", (says, frame, value) => {
    const codec = compilePoint(point(says!));
    const request = { kind: "read", ...place, count: codec.registers } as const;
    const reply = parseReply(1, request, bytes(frame!));
    if (!reply.ok) throw new Error(reply.detail);
    expect(codec.decode(reply.words, 0)).toEqual({ value: Number(value), quality: "good" });
    const image = [...reply.words];
    expect(codec.store(image, 0, Number(value))).toBeUndefined();
    expect(codec.decodeValue(image, 0)).toBe(Number(value));
  });

  it.each(writes)("%s = %s is sent as %s", (says, value, frame) => {
    const p = point(says!);
    const encoded = compilePoint(p).encode(Number(value));
    if (!encoded.ok) throw new Error(encoded.problem);
    expect(encodeRequest(1, writeRequest(p, encoded.words))).toEqual(bytes(frame!));
  });
});
