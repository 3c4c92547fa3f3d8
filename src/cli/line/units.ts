/** Who answers on a line: one harmless read per unit, then the identity reads of the site's types. */
import type { DeviceType } from "../../device/device-type.js";
import type { ReadRequest } from "../../device/request.js";
import { replyLength, requestLength } from "../../device/rtu-frame.js";
import { timingOf } from "../../device/timing.js";
import { bitsPerCharOf, replyTimeoutMs, t35Ms } from "../../device/wire-time.js";
import type { DeviceTiming, Line, Reply } from "../../line/line.js";
import { type LineSpec, wireMs } from "../../line/open.js";
import { faultInWords } from "../../line/trace.js";
import { identify } from "../device/identify.js";

export type Candidate = { type: string; sure: boolean };
export type Found = {
  baud: number | null;
  format: string | null;
  unit: number;
  /** `holding 0 = 00C8` or the exception it answered with. */
  answer: string;
  maybe: Candidate[];
};

export type ScanResult = {
  found: Found[];
  asked: number;
  of: number;
  /** Units of whose answers only damaged bytes came: wrong baud or format, or two of one address. */
  garbled: { baud: number | null; format: string | null; unit: number; fault: string }[];
  /** Why the scan ended before its end. */
  ended?: string;
};

export type ScanJob = {
  specs: readonly LineSpec[];
  units: readonly number[];
  types: readonly DeviceType[];
  turnaroundMs: number;
};

/** Both reads of a unit; single registers exist on nearly every device, and a refusal is an answer. */
export const scanReads: readonly ReadRequest[] = [
  { kind: "read", table: "holding", address: 0, count: 1 },
  { kind: "read", table: "input", address: 0, count: 1 },
];

/** What a gateway says of a unit that is not there (Modbus Application Protocol V1.1b3, 7). */
const gatewaySays: readonly number[] = [10, 11];
/** What a TCP line adds to a device's turnaround. */
const networkMs = 120;

/** How long it takes where nobody answers; reads of who does, connections and late answers come on top. */
export function silentMs({ specs, units, turnaroundMs }: ScanJob): number {
  const perUnit = (spec: LineSpec) => {
    const times = scanReads.map((request) => {
      if ("tcp" in spec) return turnaroundMs + networkMs;
      const silence = t35Ms(spec.baud, bitsPerCharOf(spec.format));
      const reply = replyTimeoutMs(turnaroundMs, wireMs(spec, replyLength(request)));
      return silence + wireMs(spec, requestLength(request)) + reply;
    });
    return times.reduce((sum, ms) => sum + ms, 0);
  };
  return units.length * specs.reduce((sum, spec) => sum + perUnit(spec), 0);
}

export type ScanPort = {
  open(spec: LineSpec): Promise<Line>;
  /** Asked before every unit. */
  stopped(): boolean;
  progress(share: number, found: number): void;
};

/** Never writes. Rejects only when the first line cannot be opened. */
export async function scan(job: ScanJob, port: ScanPort): Promise<ScanResult> {
  const of = job.specs.length * job.units.length;
  const result: ScanResult = { found: [], asked: 0, of, garbled: [] };
  for (const spec of job.specs) {
    if (result.ended !== undefined) break;
    await scanLine(spec, job, port, result);
  }
  return result;
}

async function scanLine(
  spec: LineSpec,
  job: ScanJob,
  port: ScanPort,
  result: ScanResult,
): Promise<void> {
  let line = await opened(spec, port, result);
  for (const unit of job.units) {
    if (line === undefined) return;
    if (port.stopped()) {
      result.ended = "interrupted";
      break;
    }
    const lost = await scanUnit(line, spec, unit, job, result);
    result.asked++;
    port.progress(result.asked / result.of, result.found.length);
    if (!lost) continue;
    // Some gateways hang up on a unit they do not know; whether the line is gone shows here.
    await line.close();
    line = await opened(spec, port, result);
  }
  await line?.close();
}

/** What was found before the line went is worth keeping; with nothing asked yet it is an error. */
async function opened(
  spec: LineSpec,
  port: ScanPort,
  result: ScanResult,
): Promise<Line | undefined> {
  try {
    return await port.open(spec);
  } catch (error) {
    if (result.asked === 0) throw error;
    result.ended = error instanceof Error ? error.message : String(error);
    return undefined;
  }
}

/** True when the connection was lost over it. */
async function scanUnit(
  line: Line,
  spec: LineSpec,
  unit: number,
  job: ScanJob,
  result: ScanResult,
): Promise<boolean> {
  const { baud, format } = "tcp" in spec ? { baud: null, format: null } : spec;
  const timing: DeviceTiming = { turnaroundMs: job.turnaroundMs, silenceMs: 0 };
  let damaged: string | undefined;
  for (const request of scanReads) {
    const reply = await line.exchange(unit, request, timing, "probe");
    const answer = answerOf(request, reply);
    if (answer !== undefined) {
      const maybe = await candidates(line, unit, job);
      result.found.push({ baud, format, unit, answer, maybe });
      return false;
    }
    if (!reply.ok && reply.fault === "closed") return true;
    if (!reply.ok && reply.fault !== "timeout" && reply.fault !== "exception") {
      damaged ??= faultInWords(reply);
    }
  }
  if (damaged !== undefined) result.garbled.push({ baud, format, unit, fault: damaged });
  return false;
}

function answerOf({ table, address }: ReadRequest, reply: Reply): string | undefined {
  if (reply.ok) return `${table} ${address} = ${reply.words[0]}`;
  if (reply.fault !== "exception" || gatewaySays.includes(reply.exception ?? 0)) return undefined;
  return `${table} ${address}: ${reply.detail}`;
}

/** Types whose identity reads pass; the same read is sent once for all types. */
async function candidates(line: Line, unit: number, job: ScanJob): Promise<Candidate[]> {
  const known = new Map<string, Reply>();
  const maybe: Candidate[] = [];
  for (const type of job.types) {
    const asked = { turnaround: `${job.turnaroundMs} ms` };
    const said = timingOf({ ...asked, ...type.link });
    const turnaroundMs = Math.max(job.turnaroundMs, said.turnaroundMs);
    const timing: DeviceTiming = { ...said, turnaroundMs };
    const { is } = await identify(type, async (request) => {
      const key = `${request.table} ${request.address} ${request.count}`;
      const reply = known.get(key) ?? (await askTwice(line, unit, request, timing));
      known.set(key, reply);
      return reply;
    });
    if (is === "right" || is === "weak") maybe.push({ type: type.type, sure: is === "right" });
  }
  return maybe.sort((a, b) => Number(b.sure) - Number(a.sure));
}

/** Somebody is there: one lost answer must not cost him his name. */
async function askTwice(
  line: Line,
  unit: number,
  request: ReadRequest,
  timing: DeviceTiming,
): Promise<Reply> {
  const reply = await line.exchange(unit, request, timing, "probe");
  if (reply.ok || reply.fault === "exception") return reply;
  return line.exchange(unit, request, timing, "probe");
}
