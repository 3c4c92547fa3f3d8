/**
 * Reads per second on a saturated serial line as a share of what the standard allows (request, T3.5,
 * answer, T3.5), beside modbus-serial, and beside libmodbus in C where gcc and libmodbus are installed:
 * `npm run bench:line -- [seconds] [rounds]`.
 */
import { replyLength, requestLength } from "../src/device/rtu-frame.js";
import { bitsPerCharOf, charMs, t35Ms } from "../src/device/wire-time.js";
import { compileLibmodbusMaster, startLibmodbus } from "./libmodbus.js";
import type { Job, RateResult } from "./line-master.js";
import { onPacedLine, quantile, runMaster } from "./line-run.js";
import type { PacedReport, PacedSpec } from "./paced-line.js";

const seconds = Number(process.argv[2] ?? 5);
const rounds = Number(process.argv[3] ?? 3);
const libmodbus = compileLibmodbusMaster();
if (libmodbus === undefined) console.log("libmodbus: not installed (gcc, libmodbus-dev)");

const masters = ["wearout", "modbus-serial", "libmodbus"] as const;
type RateJob = Job & { do: "rate" };
type Round = { result: RateResult; report: PacedReport };
type Figures = { share: number; cpu: number };

function run(master: (typeof masters)[number], spec: PacedSpec, job: RateJob): Promise<Round> {
  if (master !== "libmodbus") return runMaster<RateResult>(master, spec, job);
  return onPacedLine(spec, (path) => startLibmodbus(libmodbus!, path, spec, job));
}

function ceilingPerS(baud: number, format: string, count: number): number {
  const request = { kind: "read", table: "holding", address: 0, count } as const;
  const bits = bitsPerCharOf(format);
  const bytes = requestLength(request) + replyLength(request);
  return 1000 / (bytes * charMs(baud, bits) + 2 * t35Ms(baud, bits));
}

function figuresOf({ result }: Round, ceiling: number): Figures {
  const share = (100 * result.reads) / result.seconds / ceiling;
  return { share, cpu: result.cpuMs / result.seconds / 10 };
}

function lineOf(master: string, { share, cpu }: Figures, { result, report }: Round): string {
  const [p50, p99] = [quantile(report.idleMs, 0.5), quantile(report.idleMs, 0.99)];
  const early = `${report.gapViolations} of ${report.idleMs.length} inside T3.5`;
  const idle = `idle p50 ${p50.toFixed(2)} p99 ${p99.toFixed(2)} ms`;
  const figures = `${share.toFixed(1)} %, CPU ${cpu.toFixed(1)} %`;
  return `  ${master.padEnd(14)} ${figures}, ${early}, ${idle}, ${result.failures} failed`;
}

function middle(of: keyof Figures, figures: readonly Figures[]): number {
  return quantile(
    figures.map((f) => f[of]),
    0.5,
  );
}

async function compare(baud: number, registers: number): Promise<void> {
  const spec = { baud, format: "8E1" };
  const ceiling = ceilingPerS(baud, spec.format, registers);
  console.log(`\n${baud} 8E1, ${registers} registers: the standard allows ${ceiling.toFixed(1)}/s`);
  const job: RateJob = { do: "rate", registers, seconds, warmUp: baud > 19_200 ? 1500 : 100 };
  let ours: Figures[] | undefined;
  for (const master of masters) {
    if (master === "libmodbus" && libmodbus === undefined) continue;
    const figures: Figures[] = [];
    for (let round = 0; round < rounds; round++) {
      const done = await run(master, spec, job);
      figures.push(figuresOf(done, ceiling));
      console.log(lineOf(master, figures.at(-1)!, done));
    }
    ours ??= figures;
    if (ours === figures) continue;
    const [share, cpu] = (["share", "cpu"] as const).map(
      (of) => middle(of, ours!) / middle(of, figures),
    );
    console.log(
      `  ratio of medians, wearout to ${master}: reads ${share!.toFixed(2)}, CPU ${cpu!.toFixed(2)}`,
    );
  }
}

for (const baud of [19_200, 115_200])
  for (const registers of [10, 120]) await compare(baud, registers);
