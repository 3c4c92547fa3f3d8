/** Every number that register words may mean, for people who look which one it is. */
import { codecAs, orders } from "../line/raw-value.js";

/** `as` one register, or two in an order. */
export type Decoding = { as: "u16" | "s16" | "u32" | "s32" | "f32"; order?: string; value: number };

/**
 * One register as u16 and s16, two as u32, s32 and f32 in every byte order. Left out is what adds
 * nothing (a signed value equal to the unsigned one, an order that gives the number of another) and
 * floats that no quantity has.
 */
export function plausibleDecodings(words: readonly number[]): Decoding[] {
  if (words.length === 1) return numbers(words, ["u16", "s16"], "ABCD");
  if (words.length !== 2) return [];
  const seen = new Set<number>();
  return orders.flatMap((order) => {
    const read = numbers(words, ["u32", "s32", "f32"], order).map((d) => ({ ...d, order }));
    const whole = read[0]?.value ?? 0;
    if (seen.has(whole)) return [];
    seen.add(whole);
    return read;
  });
}

function numbers(
  words: readonly number[],
  encodings: readonly Decoding["as"][],
  order: (typeof orders)[number],
): Decoding[] {
  const all = encodings.map((as) => ({ as, value: codecAs("holding", as, order).raw(words, 0) }));
  const unsigned = all[0]?.value;
  return all.filter(({ as, value }) => {
    if (as === "f32") return plausibleFloat(value);
    return as.startsWith("u") || value !== unsigned;
  });
}

/** Words of whole numbers and texts, taken for floats, mostly fall far outside. */
function plausibleFloat(value: number): boolean {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-6 && size <= 1e9);
}

/** `ABCD u32 1130758144 f32 231.5; CDAB u32 2147501927 s32 -2147465369` */
export function decodingText(decodings: readonly Decoding[]): string {
  const used = [undefined, ...orders].map((order) => {
    const group = decodings.filter((d) => d.order === order);
    const values = group.map(({ as, value }) => `${as} ${Number(value.toPrecision(10))}`);
    return group.length === 0 ? "" : [order ?? "", ...values].join(" ").trim();
  });
  return used.filter((text) => text !== "").join("; ");
}
