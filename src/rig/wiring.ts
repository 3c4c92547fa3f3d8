/** What a simulated plant must be wired to, taken from the roles: no second list to keep in step. */
import { type RoleColumn, splitBinding } from "./column.js";
import type { LoadedRig } from "./loaded-rig.js";
import { Mapping } from "./mapping.js";

/** One plant signal at one point. `in`: from the controller to the plant; `out`: measured. */
export type Wire = {
  device: string;
  point: string;
  /** The role's column name: `speed`, `s1.vibration`. */
  signal: string;
  direction: "in" | "out";
  /** From the role's canonical value to the point's unit, and back. */
  toPoint(canonical: number): number;
  fromPoint(value: number): number;
};

/** Written roles are the plant's inputs, read ones its outputs; derived ones are nobody's. */
export function simulationWiring(loaded: LoadedRig): Wire[] {
  return loaded.columns.flatMap((column) => {
    const { read, write } = column.says;
    const wires: Wire[] = [];
    if (write !== undefined) wires.push(wire(loaded, column, write, "in"));
    // A role that reads back what it writes measures nothing.
    if (read !== undefined && read !== write) wires.push(wire(loaded, column, read, "out"));
    return wires;
  });
}

function wire(
  { devices }: LoadedRig,
  column: RoleColumn,
  binding: string,
  direction: "in" | "out",
): Wire {
  const { device, point } = splitBinding(binding);
  const unit = devices.get(device)?.type.points[point]?.unit ?? column.unit;
  const mapping = new Mapping(column.says, unit);
  return {
    device,
    point,
    signal: column.name,
    direction,
    toPoint: (canonical) => mapping.toPoint(canonical),
    fromPoint: (value) => mapping.toRole(value),
  };
}
