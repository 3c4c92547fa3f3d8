/**
 * Setpoints stand in one order: that of the rig's actuators; of a profile without a rig, as it first names them. One
 * is read by its place, and only the order gives places.
 */

/** The roles that are written, each once. */
export type SetpointOrder = readonly string[];

/** Where a role stands in the order. */
export type SetpointPlace = number & { readonly placeOf: "setpoint" };

/** Of a role that is not written. */
export const noPlace = -1 as SetpointPlace;

/** One value for each role of the order (canonical units); a typed array that nobody indexes by accident. */
export interface Setpoints extends Iterable<number> {
  readonly length: number;
}

export function placeOf(order: SetpointOrder, role: string): SetpointPlace {
  return order.indexOf(role) as SetpointPlace;
}

export function placesOf(order: SetpointOrder): readonly SetpointPlace[] {
  return order.map((_, place) => place as SetpointPlace);
}

/** NaN where there is no such place. */
export function setpointAt(setpoints: Setpoints, place: SetpointPlace): number {
  return (setpoints as Setpoints & ArrayLike<number>)[place] ?? Number.NaN;
}

/** As many setpoints as these, each by its place. */
export function mapSetpoints(
  { length }: Setpoints,
  value: (place: SetpointPlace) => number,
): Setpoints {
  const made = new Float64Array(length);
  for (let place = 0; place < length; place++) made[place] = value(place as SetpointPlace);
  return made;
}
