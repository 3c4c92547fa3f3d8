/** Is the device at an address of the type it is taken for? Decided from reads only. */
import type { DeviceType } from "./device-type.js";

type Check = DeviceType["identify"][number];

/** Why a raw value is not what the type's identity check expects; undefined when it is. */
export function identityMismatch(check: Check, raw: number): string | undefined {
  const seen = check.mask === undefined ? raw : masked(raw, check.mask);
  const [lowest, highest] = check.rawRange ?? [check.raw ?? seen, check.raw ?? seen];
  if (seen >= lowest && seen <= highest) return undefined;
  const wanted = lowest === highest ? `${lowest}` : `${lowest} to ${highest}`;
  return `${check.point} is ${seen}, expected ${wanted}`;
}

/** Masks of 32-bit identities do not fit JavaScript's signed bit operators. */
function masked(raw: number, mask: number): number {
  return Number(BigInt(Number.isInteger(raw) ? raw : 0) & BigInt(mask));
}
