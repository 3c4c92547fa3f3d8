/**
 * Points per second of a line with 16 devices, read in planned blocks and one read per point, over the
 * simulated line (8E1, wire time, T3.5 and turnaround of 5 ms; no collisions, no machine): a line of
 * sixteen types mixed, and sixteen of each shipped type. Always all its readable points, for a choice of
 * points would choose the ratio. `npm run bench:coalesce`.
 */
import { planBlocks } from "../src/device/blocks.js";
import type { DeviceType } from "../src/device/device-type.js";
import { listDeviceTypes, loadDeviceType } from "../src/device/load.js";
import { parameterValues } from "../src/device/parameter.js";
import type { ReadRequest } from "../src/device/request.js";
import { LineQueue } from "../src/line/queue.js";
import { SimDevice } from "../src/sim/sim-device.js";
import { simTransport } from "../src/sim/sim-line.js";
import { VirtualClock } from "../src/sim/virtual-clock.js";

const bauds = [9600, 19_200, 115_200];
const unitCount = 16;
const turnaroundMs = 5;
const cycles = 5;

function readable(type: DeviceType): string[] {
  const points = Object.entries(type.points).filter(([, point]) => point.access !== "write");
  return points.map(([name]) => name);
}

function requestsFor(type: DeviceType, groups: readonly (readonly string[])[]): ReadRequest[] {
  return groups.flatMap((names) =>
    planBlocks(type, names).map(({ table, address, count }) => ({
      ...{ kind: "read", table, address, count },
    })),
  ) as ReadRequest[];
}

/** Any full scale will do: what is read does not depend on it. */
function parametersOf(type: DeviceType): Record<string, number> {
  const scales = Object.entries(type.parameters ?? {}).map(([name, { unit }]) => [
    name,
    `1 ${unit}`,
  ]);
  return { ...parameterValues(type, Object.fromEntries(scales)).values };
}

const inBlocks = (type: DeviceType) => requestsFor(type, [readable(type)]);
const oneByOne = (type: DeviceType) =>
  requestsFor(
    type,
    readable(type).map((point) => [point]),
  );

/** How long one look at all devices of the line takes. */
async function cycleMs(
  types: readonly DeviceType[],
  requestsOf: (type: DeviceType) => ReadRequest[],
  baud: number,
): Promise<number> {
  const clock = new VirtualClock(0);
  const devices = new Map(
    types.map((type, i) => [i + 1, new SimDevice(type, parametersOf(type), i + 1)]),
  );
  const wire = simTransport(devices, clock, { baud, bitsPerChar: 11 });
  const line = new LineQueue("bench", wire, clock);
  for (let cycle = 0; cycle < cycles; cycle++) {
    for (const [unit, { type }] of devices) {
      for (const request of requestsOf(type)) {
        await line.exchange(unit, request, { turnaroundMs, silenceMs: 0 }, "fast");
      }
    }
  }
  return clock.elapsed() / cycles;
}

async function compare(what: string, types: readonly DeviceType[]): Promise<void> {
  const sum = (of: (type: DeviceType) => readonly unknown[]) =>
    types.reduce((count, type) => count + of(type).length, 0);
  const all = sum(readable);
  const perDevice = (count: number) => (count / types.length).toFixed(1).replace(/\.0$/, "");
  const shares = await Promise.all(
    bauds.map(async (baud) => {
      const [ours, theirs] = [
        await cycleMs(types, inBlocks, baud),
        await cycleMs(types, oneByOne, baud),
      ];
      const rates = [ours, theirs].map((ms) => ((all * 1000) / ms).toFixed(0));
      return `${(theirs / ours).toFixed(1)} (${rates.join(" against ")}/s)`;
    }),
  );
  const reads = `${perDevice(sum(inBlocks))} reads for ${perDevice(all)} points`;
  console.log(`${what.padEnd(24)} ${reads.padEnd(27)} ${shares.join(", ")}`);
}

const names = listDeviceTypes(["devices"]).map(({ name }) => name);
const types = names.map((name) => loadDeviceType(name, ["devices"]));
console.log(`times the points per second at ${bauds.join(", ")} baud`);
await compare("sixteen types mixed", types.slice(0, unitCount));
for (const type of types) await compare(type.type, new Array<DeviceType>(unitCount).fill(type));
