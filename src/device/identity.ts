/** Is the device at an address of the type it is taken for? Decided from reads only. */
import type { DeviceType, Point } from "./device-type.js";
import { valueWords } from "./value-words.js";

type Check = DeviceType["identify"][number];

/**
 * Why a raw value is not what the type's identity check expects; undefined when it is. In the words of the
 * point's enum or bits, where it is given.
 */
export function identityMismatch(check: Check, raw: number, point?: Point): string | undefined {
  const seen = check.mask === undefined ? raw : masked(raw, check.mask);
  const [lowest, highest] = check.rawRange ?? [check.raw ?? seen, check.raw ?? seen];
  if (seen >= lowest && seen <= highest) return undefined;
  const said = { ...(point ?? {}), unit: "1" };
  const words = (value: number) => valueWords(said, value);
  const wanted = lowest === highest ? words(lowest) : `${words(lowest)} to ${words(highest)}`;
  return `${check.point} is ${words(seen)}, expected ${wanted}`;
}

/** Masks of 32-bit identities do not fit JavaScript's signed bit operators. */
function masked(raw: number, mask: number): number {
  return Number(BigInt(Number.isInteger(raw) ? raw : 0) & BigInt(mask));
}
