/** From roles to what a cycle does: requests and readers per device, derived columns in order. */
import { assert } from "../base/error.js";
import type { Block } from "../device/blocks.js";
import { derivedOrder, inputOf, type RoleColumn } from "./column.js";
import { type DerivedColumn, derivations } from "./derive.js";
import type { LoadedDevice } from "./device.js";
import type { DevicePlan, LinePlan, Place, Reader } from "./line-plan.js";
import type { LoadedRig } from "./loaded-rig.js";
import { Mapping } from "./mapping.js";
import { blocksOf, pointsRead } from "./read-plan.js";
import type { DeviceSession } from "./session.js";

/** Per line the devices that are read, in file order. */
export function planLines(
  { rig, columns }: LoadedRig,
  sessions: ReadonlyMap<string, DeviceSession>,
): LinePlan[] {
  return Object.keys(rig.lines)
    .map((line) => {
      const on = [...sessions.values()].filter((s) => s.device.line === line);
      const plans = on.map((s) => planDevice(columns, s));
      return { line, devices: plans.filter((p) => p.requests.length > 0) };
    })
    .filter(({ devices }) => devices.length > 0);
}

function planDevice(columns: readonly RoleColumn[], session: DeviceSession): DevicePlan {
  const { device } = session;
  const blocks = blocksOf(columns, device.name, device.type);
  const requests = blocks.map(({ table, address, count }) => {
    return { kind: "read" as const, table, address, count };
  });
  const readers = pointsRead(columns, device.name).map(({ column, point }) => {
    return readerOf(device, blocks, column, point);
  });
  return { session, requests, readers };
}

function readerOf(
  device: LoadedDevice,
  blocks: readonly Block[],
  column: RoleColumn,
  name: string,
): Reader {
  const point = device.type.points[name];
  assert(point !== undefined, `${device.name} has the point ${name}`);
  const { scaleFrom, badWhen } = point;
  const factor = scaleFrom === undefined ? undefined : placeOf(device, blocks, scaleFrom.point);
  const judge = badWhen === undefined ? undefined : device.type.points[badWhen.point]?.bits;
  const bits = (badWhen?.bits ?? []).map((bit) => judge?.[bit] ?? 0);
  const quality =
    badWhen === undefined ? undefined : { ...placeOf(device, blocks, badWhen.point), bits };
  const mapping = new Mapping(column.says, point.unit);
  return { ...placeOf(device, blocks, name), column: column.column, mapping, factor, quality };
}

function placeOf(device: LoadedDevice, blocks: readonly Block[], name: string): Place {
  const codec = device.codecs.get(name);
  const block = blocks.findIndex((b) => b.points.some((p) => p.name === name));
  const offset = blocks[block]?.points.find((p) => p.name === name)?.offset;
  assert(codec !== undefined && offset !== undefined, `${name} is in a block`);
  return { codec, block, offset };
}

/** The derived columns, inputs before their uses. */
export function planDerived(columns: readonly RoleColumn[]): DerivedColumn[] {
  return derivedOrder(columns).order.flatMap((column) => {
    const derive = column.says.derive;
    if (derive === undefined) return [];
    const at = derive.of.map((name) => {
      const input = inputOf(columns, column, name);
      assert(input !== undefined, `the input ${name} was checked`);
      return input.column;
    });
    return [{ column: column.column, by: derivations[derive.by], at, factor: derive.factor ?? 1 }];
  });
}
