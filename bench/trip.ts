/**
 * A trip by a limit without `for`: from the last answer of the cycle that shows it to the first byte of the stop on the
 * wire. Each round is a run of its own, as `wearout run start` makes it, with its record; the plant is another process
 * and stamps each request when it has come in whole. `npm run bench:trip -- --rounds 100`.
 */
import { parseArgs } from "node:util";
import { monotonicMs, type Stamp } from "../test/plant/config.js";
import { isStop, isUnload, patienceMs, Scene } from "../test/plant/scene.js";
import type { Wishes } from "../test/plant/site.js";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "100" } } });
const rounds = Number(values.rounds);

/** Above 19200 baud the standard's T3.5 is 1.75 ms (Modbus over serial line V1.02, 2.5.1.1). */
const t35Ms = 1.75;
const boundMs = t35Ms + 2;

/** The request before the stop has its answer at once: what lies between is ours, and two ways over the wire. */
async function trip(wishes: Wishes): Promise<number> {
  const scene = await Scene.make(wishes);
  try {
    await scene.running();
    const at = monotonicMs();
    await scene.plant.order({ do: "pv", unit: "thermometer-1", degC: 140 });
    const isSafe = (stamp: Stamp) => isUnload(stamp) || isStop(stamp);
    const stop = await scene.plant.write("a stop", isSafe, at, patienceMs);
    const before = (await scene.plant.stamps(at - 1000)).filter(({ atMs }) => atMs < stop.atMs);
    return stop.atMs - Math.max(...before.map(({ atMs }) => atMs));
  } finally {
    await scene.close();
  }
}

function print(what: string, took: readonly number[]): void {
  const sorted = [...took].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
  const [p50, p99, most] = [at(0.5), at(0.99), at(1)].map((ms) => ms.toFixed(2));
  const verdict = at(0.99) <= boundMs ? "within" : "NOT within";
  console.log(
    `${what}: ${took.length} trips, p50 ${p50} ms, p99 ${p99} ms, most ${most} ms; p99 ${verdict} T3.5 + 2 ms`,
  );
}

for (const lines of ["serial", "rtu-tcp", "tcp"] satisfies Wishes["lines"][]) {
  const took: number[] = [];
  for (let i = 0; i < rounds; i++) took.push(await trip({ lines }));
  print(lines, took);
}
