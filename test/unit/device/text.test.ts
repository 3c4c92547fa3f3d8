import { describe, expect, it } from "vitest";
import type { Point } from "../../../src/device/device-type.js";
import { decodeText, encodeText } from "../../../src/device/text.js";

const plain: Point = {
  ...{ table: "holding", address: 0, as: "ascii", length: 4, unit: "1" },
  ...{ access: "read", confidence: "manual" },
} as Point;

describe("texts in registers", () => {
  it("two characters to a word, zeros and blanks at the end dropped", () => {
    expect(decodeText(plain, [0, 0x4d44, 0x3239, 0x3000, 0x2000], 1)).toBe("MD290");
    expect(encodeText(plain, "MD290")).toEqual([0x4d44, 0x3239, 0x3000, 0]);
  });

  it("bytes swapped where the order says so", () => {
    const swapped: Point = { ...plain, order: "BADC" };
    expect(decodeText(swapped, [0x444d, 0, 0, 0], 0)).toBe("MD");
    expect(encodeText(swapped, "MD")).toEqual([0x444d, 0, 0, 0]);
  });

  it("too long or not printable cannot be encoded; unprintable bytes read as ?", () => {
    expect(encodeText(plain, "123456789")).toBeUndefined();
    expect(encodeText(plain, "é")).toBeUndefined();
    expect(decodeText(plain, [0x41ff, 0, 0, 0], 0)).toBe("A?");
  });
});
