/** The words of a point's enum as numbers. */
import { assert } from "../base/error.js";

/** As much of a device type as its words need. */
export type PointWords = {
  points: Readonly<Record<string, { enum?: Readonly<Record<string, number>> | undefined }>>;
};

/** The number a word of a point's enum stands for; numbers stay. */
export function pointValue(type: PointWords, pointName: string, value: number | string): number {
  if (typeof value === "number") return value;
  const raw = type.points[pointName]?.enum?.[value];
  assert(raw !== undefined, `${pointName} knows the word ${value}`);
  return raw;
}
