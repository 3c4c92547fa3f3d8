/**
 * Points per second of a line with 16 equal devices, read in planned blocks and one read per
 * point, over the simulated line (wire time, T3.5 and turnaround of 5 ms; no collisions, no machine):
 * `npm run bench:coalesce`.
 */
import { planBlocks } from "../src/device/blocks.js";
import type { DeviceType } from "../src/device/device-type.js";
import { loadDeviceType } from "../src/device/load.js";
import type { ReadRequest } from "../src/device/request.js";
import { LineQueue } from "../src/line/queue.js";
import { SimDevice } from "../src/sim/sim-device.js";
import { simTransport } from "../src/sim/sim-line.js";
import { VirtualClock } from "../src/sim/virtual-clock.js";

/** A meter with holes between its floats, and an input module whose channels stand side by side. */
const cases = [
  { name: "eastron/sdm630", table: "input" },
  { name: "advantech/adam-4117", table: "holding" },
] as const;
const units = Array.from({ length: 16 }, (_, i) => i + 1);
const timing = { turnaroundMs: 5, silenceMs: 0 };
const cycles = 20;
const mostPoints = 20;

function requestsFor(type: DeviceType, groups: readonly (readonly string[])[]): ReadRequest[] {
  return groups.flatMap((names) =>
    planBlocks(type, names).map(({ table, address, count }) => ({
      ...{ kind: "read", table, address, count },
    })),
  ) as ReadRequest[];
}

/** How long one look at all sixteen devices takes. */
async function cycleMs(type: DeviceType, requests: ReadRequest[], baud: number): Promise<number> {
  const clock = new VirtualClock(0);
  const devices = new Map(units.map((unit) => [unit, new SimDevice(type, {}, unit)]));
  const wire = simTransport(devices, clock, { baud, bitsPerChar: 11 });
  const line = new LineQueue("bench", wire, clock);
  for (let cycle = 0; cycle < cycles; cycle++) {
    for (const unit of units) {
      for (const request of requests) await line.exchange(unit, request, timing, "fast");
    }
  }
  return clock.elapsed() / cycles;
}

for (const { name, table } of cases) {
  const type = loadDeviceType(name, ["devices"]);
  const points = Object.entries(type.points)
    .filter(([, point]) => point.table === table && point.access !== "write")
    .map(([point]) => point)
    .slice(0, mostPoints);
  const blocks = requestsFor(type, [points]);
  const single = requestsFor(
    type,
    points.map((point) => [point]),
  );
  const all = units.length * points.length;
  console.log(`${points.length} points of ${name}: ${blocks.length} reads, not ${single.length}`);
  for (const baud of [9600, 19_200, 115_200]) {
    const [ours, theirs] = [await cycleMs(type, blocks, baud), await cycleMs(type, single, baud)];
    const rates = [ours, theirs].map((ms) => `${((all * 1000) / ms).toFixed(0)} points/s`);
    console.log(`  ${baud} 8E1: ${rates.join(" against ")}, ratio ${(theirs / ours).toFixed(1)}`);
  }
}
