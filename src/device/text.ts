/** Texts in registers: two characters each, padded with zeros (`as: ascii`). */
import type { Point } from "./device-type.js";

/** The text without its padding; characters outside printable ASCII become `?`. */
export function decodeText(point: Point, words: ArrayLike<number>, at: number): string {
  let text = "";
  for (let i = 0; i < (point.length ?? 1); i++) {
    const word = inOrder(point, words[at + i]!);
    text += character(word >>> 8) + character(word & 0xff);
  }
  return text.trimEnd();
}

/** The words of a text, or undefined when it is too long or not printable ASCII. */
export function encodeText(point: Point, text: string): number[] | undefined {
  const length = point.length ?? 1;
  if (text.length > 2 * length || !/^[ -~]*$/.test(text)) return undefined;
  const code = (i: number) => (i < text.length ? text.charCodeAt(i) : 0);
  return Array.from({ length }, (_, i) => inOrder(point, (code(2 * i) << 8) | code(2 * i + 1)));
}

function character(code: number): string {
  if (code === 0) return "";
  return code >= 0x20 && code <= 0x7e ? String.fromCharCode(code) : "?";
}

function inOrder(point: Point, word: number): number {
  const swaps = point.order === "BADC" || point.order === "DCBA";
  return swaps ? ((word & 0xff) << 8) | (word >>> 8) : word;
}
