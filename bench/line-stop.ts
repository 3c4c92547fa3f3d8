/**
 * How late a stop is while its line is saturated with polls: from the decision to its first byte on the
 * wire, and how many of 60 reached the device. Beside modbus-serial as it is used without a queue (the
 * stop is written at once, beside the poll): `npm run bench:stop -- [stops] [word of a situation]`.
 */
import { masters, type StopResult } from "./line-master.js";
import { quantile, runMaster } from "./line-run.js";
import type { PacedSpec } from "./paced-line.js";

const stops = Number(process.argv[2] ?? 60);
const wanted = process.argv[3] ?? "";

const situations = [
  { what: "10-register polls", registers: 10, deadTimeoutMs: 0, busyPool: false },
  { what: "120-register polls", registers: 120, deadTimeoutMs: 0, busyPool: false },
  {
    what: "dead unit polled with a timeout of 1 s",
    registers: 10,
    deadTimeoutMs: 1000,
    busyPool: false,
  },
  { what: "thread pool busy", registers: 10, deadTimeoutMs: 0, busyPool: true },
];

for (const { what, ...job } of situations) {
  if (!what.includes(wanted)) continue;
  console.log(`\n115200 8E1, ${what}, ${stops} stops`);
  for (const master of masters) {
    // One moment in which the model is held back is a collision: it must not need a core for itself.
    const spec: PacedSpec = { baud: 115_200, format: "8E1", looks: "napping" };
    const { result, report } = await runMaster<StopResult>(master, spec, {
      do: "stops",
      count: stops,
      ...job,
    });
    const arrived = new Map(report.writes.map(({ value, atMs }) => [value, atMs]));
    const delays = result.decided.flatMap(({ value, atMs }) => {
      const at = arrived.get(value);
      return at === undefined ? [] : [at - atMs];
    });
    const confirmed = result.decided.filter((stop) => stop.confirmed).length;
    const [p50, p99] = [quantile(delays, 0.5), quantile(delays, 0.99)];
    const late = `first byte after p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
    const counted = `${report.collisions} collisions, ${report.gapViolations} inside T3.5, model late by ${report.lateMs.toFixed(1)} ms at most`;
    console.log(
      `  ${master.padEnd(14)} ${delays.length} of ${stops} delivered, ${confirmed} confirmed, ${late}, ${counted}`,
    );
  }
}
