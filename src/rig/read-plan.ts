/** What a cycle reads: per device, the blocks that bring the roles' points and what those need. */
import { type Block, planBlocks } from "../device/blocks.js";
import type { DeviceType } from "../device/device-type.js";
import { type RoleColumn, splitBinding } from "./column.js";

/** The points of one device that the rig's roles read, each with its column. */
export function pointsRead(
  columns: readonly RoleColumn[],
  device: string,
): { column: RoleColumn; point: string }[] {
  return columns.flatMap((column) => {
    if (column.says.read === undefined) return [];
    const binding = splitBinding(column.says.read);
    return binding.device === device ? [{ column, point: binding.point }] : [];
  });
}

/** The blocks of one device: the roles' points, and the points that scale them or judge them. */
export function blocksOf(
  columns: readonly RoleColumn[],
  device: string,
  type: DeviceType,
): Block[] {
  const wanted = new Set<string>();
  for (const { point } of pointsRead(columns, device)) {
    wanted.add(point);
    const { scaleFrom, badWhen } = type.points[point] ?? {};
    if (scaleFrom !== undefined) wanted.add(scaleFrom.point);
    if (badWhen !== undefined) wanted.add(badWhen.point);
  }
  if (wanted.size === 0)
    for (const point of readableWritten(columns, device, type)) wanted.add(point);
  return planBlocks(type, wanted);
}

/** What a device that is only written to is asked, so that a cable pulled is seen before the next write. */
function readableWritten(
  columns: readonly RoleColumn[],
  device: string,
  type: DeviceType,
): string[] {
  const written = columns.flatMap(({ says }) => (says.write === undefined ? [] : [says.write]));
  return written
    .map(splitBinding)
    .filter((b) => b.device === device && type.points[b.point]?.access !== "write")
    .map(({ point }) => point);
}
