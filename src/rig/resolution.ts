/** How finely the rig reads: what one step of a register hides. */
import { encodingOf } from "../device/encoding.js";
import { derivedOrder, inputOf, type RoleColumn, splitBinding } from "./column.js";
import type { LoadedDevice } from "./device.js";
import type { LoadedRig } from "./loaded-rig.js";
import { Mapping } from "./mapping.js";

/**
 * By column, how far a value may be from what was measured only because its register knows whole steps, in
 * the role's canonical unit; 0 where the device tells real numbers or nobody knows.
 */
export function resolutionsOf({ columns, devices }: LoadedRig): readonly number[] {
  const found = columns.map((column) => {
    const { device, point } = splitBinding(column.says.read ?? "");
    const loaded = devices.get(device);
    return loaded === undefined ? 0 : stepOf(column, loaded, point);
  });
  for (const column of derivedOrder(columns).order)
    found[column.column] = derived(columns, column, found);
  return found;
}

/** A multiple is as fine as its input times the factor; means and differences as their coarsest input. */
function derived(
  columns: readonly RoleColumn[],
  column: RoleColumn,
  known: readonly number[],
): number {
  const derive = column.says.derive;
  if (derive === undefined) return 0;
  const inputs = derive.of.map((name) => known[inputOf(columns, column, name)?.column ?? -1] ?? 0);
  if (derive.by === "multiple") return (inputs[0] ?? 0) * Math.abs(derive.factor ?? 1);
  if (derive.by === "difference") return inputs.reduce((a, b) => a + b, 0);
  return derive.by === "mean" || derive.by === "maximum" ? Math.max(0, ...inputs) : 0;
}

/** Where on the scale a step is tried: pairs of straight lines have steps of several lengths. */
const shares = [0, 0.25, 0.5, 0.75, 1];

function stepOf(column: RoleColumn, { type, codecs }: LoadedDevice, name: string): number {
  const point = type.points[name];
  const codec = codecs.get(name);
  if (point === undefined || codec === undefined) return 0;
  const { whole, registers, highest, write } = encodingOf(point);
  if (!whole || Number.isNaN(highest)) return 0;
  const mapping = new Mapping(column.says, point.unit);
  const factors = Object.values(point.scaleFrom?.factors ?? {});
  const factor = factors.length === 0 ? undefined : Math.max(...factors);
  const words = new Array<number>(registers).fill(0);
  const read = (raw: number) => {
    write(words, 0, raw);
    return mapping.toRole(codec.decodeValue(words, 0, factor));
  };
  const steps = shares.map((share) => {
    const raw = Math.max(0, Math.round(share * highest) - 2);
    return Math.abs(read(raw + 1) - read(raw));
  });
  return Math.max(0, ...steps.filter((step) => Number.isFinite(step)));
}
