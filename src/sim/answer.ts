import { type Random, randomStream } from "../base/random.js";
import { functionCode } from "../device/request.js";
import { crc16, encodeException, encodeReply, type ParsedRequest } from "../device/rtu-frame.js";
import { drawFault, type Faults, noFaults } from "./fault.js";
import type { DeviceAnswer, SimDevice } from "./sim-device.js";

export type Units = ReadonlyMap<number, SimDevice>;

/** A whole RTU frame to send (a TCP server leaves its CRC away) and how much later than at once. */
export type Answer = { frame: Uint8Array; lateMs: number };

/** What simulated devices and their faults make of a request that arrived whole, as bytes. */
export class Answerer {
  readonly #units: Units;
  readonly #faults: Faults;
  readonly #random: Random;

  constructor(units: Units, faults: Faults = noFaults, random = randomStream(0, "sim-server")) {
    this.#units = units;
    this.#faults = faults;
    this.#random = random;
  }

  knows(unit: number): boolean {
    return this.#units.has(unit);
  }

  /** The answer of the addressed unit, which must be known; undefined for silence. */
  answer(parsed: ParsedRequest): Answer | undefined {
    const { unit } = parsed;
    const fault = drawFault(this.#faults, this.#random, unit);
    if (fault === "dead" || fault === "timeout") return undefined;
    const { lateMs, exceptionCode } = this.#faults;
    const frame = this.#frame(parsed, fault === "exception" ? exceptionCode : undefined);
    if (frame === undefined) return undefined;
    if (fault === "crc") frame[frame.length - 1]! ^= 0xff;
    const sent = fault === "wrong-unit" ? withUnit(frame, (unit + 1) & 0xff) : frame;
    return { frame: sent, lateMs: fault === "late" ? lateMs : 0 };
  }

  /** Every unit carries a write to unit 0 out, none answers (Modbus over Serial Line, 2.1). */
  broadcast(parsed: ParsedRequest): void {
    if (!parsed.ok || parsed.request.kind === "read") return;
    for (const device of this.#units.values()) device.handle(parsed.request);
  }

  #frame(parsed: ParsedRequest, forced: number | undefined): Uint8Array | undefined {
    const { unit } = parsed;
    if (!parsed.ok) {
      if (parsed.exception === undefined) return undefined;
      return encodeException(unit, parsed.functionCode, parsed.exception);
    }
    const { request } = parsed;
    const device = this.#units.get(unit);
    const answer: DeviceAnswer =
      forced !== undefined ? { exception: forced } : (device?.handle(request) ?? { silent: true });
    if ("words" in answer) return encodeReply(unit, request, answer.words);
    if ("silent" in answer) return undefined;
    return encodeException(unit, functionCode(request), answer.exception);
  }
}

function withUnit(frame: Uint8Array, unit: number): Uint8Array {
  const other = frame.slice();
  other[0] = unit;
  const crc = crc16(other, 0, other.length - 2);
  other[other.length - 2] = crc;
  other[other.length - 1] = crc >>> 8;
  return other;
}
