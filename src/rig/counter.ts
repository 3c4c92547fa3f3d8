/** The role that counts turns or load cycles: after how much its register begins again. */
import { parseQuantity } from "../base/quantity.js";
import { compilePoint } from "../device/codec.js";
import { encodingOf } from "../device/encoding.js";
import { columnNamed, inputOf, type RoleColumn, splitBinding } from "./column.js";
import type { LoadedDevice } from "./device.js";
import type { LoadedRig } from "./loaded-rig.js";
import { Mapping } from "./mapping.js";

type Parts = Pick<LoadedRig, "rig" | "columns" | "devices">;

/**
 * The role that counts, and after how much of its canonical unit it begins again (infinite: never); undefined where
 * the rig has none. For a checked rig.
 */
export function counterOf(parts: Parts): { role: string; wrapsAt: number } | undefined {
  const { turns: role, wrapsAt } = parts.rig.exposure;
  if (role === undefined) return undefined;
  const said = parseQuantity(wrapsAt ?? "")?.value;
  return { role, wrapsAt: said ?? spanOf(parts, columnNamed(parts.columns, role)) };
}

/** How much a column counts until its register has been through all its values. */
function spanOf({ columns, devices }: Parts, column: RoleColumn | undefined): number {
  if (column === undefined) return Number.NaN;
  const { source, factor } = sourceOf(columns, column);
  const { device, point } = splitBinding(source.says.read ?? "");
  const loaded = devices.get(device);
  return loaded === undefined ? Number.NaN : factor * registerSpan(source, loaded, point);
}

/** The bound role that a `multiple` of it counts, and the factor between them. */
export function sourceOf(
  columns: readonly RoleColumn[],
  column: RoleColumn,
): { source: RoleColumn; factor: number } {
  let source = column;
  let factor = 1;
  while (source.says.derive?.by === "multiple") {
    factor *= source.says.derive.factor ?? 1;
    const input = inputOf(columns, source, source.says.derive.of[0] ?? "");
    if (input === undefined || input === column) break;
    source = input;
  }
  return { source, factor };
}

function registerSpan(column: RoleColumn, { type, parameters }: LoadedDevice, name: string) {
  const point = type.points[name];
  if (point === undefined) return Number.NaN;
  const { lowest, highest, registers, write } = encodingOf(point);
  // Sixty-four bits outlast every rig.
  if (highest >= Number.MAX_SAFE_INTEGER) return Number.POSITIVE_INFINITY;
  const codec = compilePoint(point, parameters);
  const mapping = new Mapping(column.says, point.unit);
  const words = new Array<number>(registers).fill(0);
  const read = (raw: number) => {
    write(words, 0, raw);
    return mapping.toRole(codec.decodeValue(words, 0));
  };
  // Near zero, where numbers are finest.
  return (read(2) - read(1)) * (highest - lowest + 1);
}
