/**
 * Reads per second on a saturated serial line as a share of what the standard allows (request, T3.5,
 * answer, T3.5), beside modbus-serial, and libmodbus where it is installed: `npm run bench:line`.
 */
import { replyLength, requestLength } from "../src/device/rtu-frame.js";
import { bitsPerCharOf, charMs, t35Ms } from "../src/device/wire-time.js";
import type { RateResult } from "./line-master.js";
import { quantile, runMaster } from "./line-run.js";

const seconds = Number(process.argv[2] ?? 5);
const rounds = Number(process.argv[3] ?? 3);

function ceilingPerS(baud: number, format: string, count: number): number {
  const request = { kind: "read", table: "holding", address: 0, count } as const;
  const bits = bitsPerCharOf(format);
  const bytes = requestLength(request) + replyLength(request);
  return 1000 / (bytes * charMs(baud, bits) + 2 * t35Ms(baud, bits));
}

for (const baud of [19_200, 115_200]) {
  for (const registers of [10, 120]) {
    const spec = { baud, format: "8E1" };
    const ceiling = ceilingPerS(baud, spec.format, registers);
    console.log(
      `\n${baud} 8E1, ${registers} registers: the standard allows ${ceiling.toFixed(1)}/s`,
    );
    for (const master of ["wearout", "modbus-serial"] as const) {
      const shares: string[] = [];
      for (let round = 0; round < rounds; round++) {
        const { result, report } = await runMaster<RateResult>(master, spec, {
          do: "rate",
          registers,
          seconds,
          warmUp: baud > 19_200 ? 1500 : 100,
        });
        const share = (100 * result.reads) / result.seconds / ceiling;
        const cpu = result.cpuMs / result.seconds / 10;
        const early = `${report.gapViolations} of ${report.idleMs.length} inside T3.5`;
        const idle = `idle p50 ${quantile(report.idleMs, 0.5).toFixed(2)} p99 ${quantile(report.idleMs, 0.99).toFixed(2)} ms`;
        shares.push(
          `  ${master.padEnd(14)} ${share.toFixed(1)} %, CPU ${cpu.toFixed(1)} %, ${early}, ${idle}, ${result.failures} failed`,
        );
      }
      console.log(shares.join("\n"));
    }
  }
}
