/**
 * One command of `wearout` with its time and its memory: `node build/bench/record-export.js run export ID
 * --format parquet --output FILE --records DIR`. A process of its own, so that the memory is the command's.
 */
import { RealClock } from "../src/base/clock.js";
import { main } from "../src/cli/main.js";

function show(what: string, value: number, unit: string): void {
  process.stdout.write(`${what.padEnd(52)} ${value.toFixed(2).padStart(12)} ${unit}\n`);
}

const clock = new RealClock();
const before = process.resourceUsage().maxRSS / 1024;
const from = clock.elapsed();
process.exitCode = await main(process.argv);
show("export", (clock.elapsed() - from) / 1000, "s");
show("export, largest memory", process.resourceUsage().maxRSS / 1024, "MB");
show("export, memory before it begins", before, "MB");
