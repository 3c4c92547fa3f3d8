/** harmonic-one whose meter counts turns too, in any way that a test says. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { parseText } from "../../../src/base/schema.js";
import type { DeviceType, Point } from "../../../src/device/device-type.js";
import { readDeviceType } from "../../../src/device/load.js";
import { RigFile } from "../../../src/rig/rig-file.js";
import { root } from "./bench.js";

const text = readFileSync(`${root}rigs/harmonic-one.yaml`, "utf8");
const names = ["delta/asda-a2", "ato/torque", "advantech/adam-4024", "omron/e5cc"];

const all = [...names, "witmotion/wtvb01-485", "eastron/sdm630"];
const known = all.map(
  (name) => [name, readDeviceType(`${root}devices/${name}.yaml`).value!] as const,
);

/** The device types of harmonic-one, whose meter also counts turns. */
export function typesWith(point: Partial<Point>): ReadonlyMap<string, DeviceType> {
  const types = new Map(known);
  const meter = types.get("eastron/sdm630")!;
  const count: Point = {
    ...{ table: "input", address: 400, as: "u16", unit: "turns", access: "read" },
    ...{ confidence: "manual", ...point },
  } as Point;
  return types.set("eastron/sdm630", { ...meter, points: { ...meter.points, count } });
}

export type Says = { point?: Partial<Point>; role?: string; exposure?: string; more?: string };

export function parsedWith({
  role = "{ unit: turns, read: meter.count }",
  exposure,
  more = "",
}: Says) {
  const says = exposure ?? "turns: count";
  const changed = text
    .replace("\nroles:\n", `\nroles:\n  count: ${role}\n${more}`)
    .replace("\nexposure:\n", `\nexposure:\n  ${says}\n`);
  const parsed = parseText(RigFile, changed, "rigs/harmonic-one.yaml");
  expect(parsed.problems).toEqual([]);
  return parsed;
}
