import type { Clock } from "../base/clock.js";
import { type Random, randomStream } from "../base/random.js";
import { functionCode, type Request } from "../device/request.js";
import { crc16, encodeException, encodeReply, type ParsedRequest } from "../device/rtu-frame.js";
import { busyCode, type FaultKind, type Faults, noFaults } from "./fault.js";
import { Injector } from "./injector.js";
import { isUnheard } from "./ruin.js";
import type { DeviceAnswer, SimDevice } from "./sim-device.js";

export type Units = ReadonlyMap<number, SimDevice>;

/**
 * A whole RTU frame to send (a TCP server leaves its CRC away), none for silence, how much later than
 * at once, and the fault that the server itself has to bring about.
 */
export type Answer = {
  frame: Uint8Array | undefined;
  delayMs: number;
  fault: FaultKind | undefined;
};

/** What simulated devices and their faults make of a request that arrived whole, as bytes. */
export class Answerer {
  readonly injector: Injector;
  readonly #units: Units;

  constructor(
    units: Units,
    clock: Clock,
    faults: Faults = noFaults,
    random: Random = randomStream(0, "sim-server"),
  ) {
    this.#units = units;
    this.injector = new Injector(faults, random, clock);
  }

  knows(unit: number): boolean {
    return this.#units.has(unit);
  }

  /** The answer of the addressed unit, which must be known. */
  answer(parsed: ParsedRequest): Answer {
    const device = this.#units.get(parsed.unit);
    const fault = this.injector.next(parsed.unit, device);
    const delayMs = this.injector.delayMs(fault);
    if (isUnheard(fault)) return { frame: undefined, delayMs, fault };
    const frame = this.#frame(parsed, this.#refusal(fault));
    if (frame === undefined || !parsed.ok) return { frame, delayMs, fault };
    return { frame: misled(frame, parsed.unit, parsed.request, fault), delayMs, fault };
  }

  /** Every unit carries a write to unit 0 out, none answers (Modbus over Serial Line, 2.1). */
  broadcast(parsed: ParsedRequest): void {
    if (!parsed.ok || parsed.request.kind === "read") return;
    for (const device of this.#units.values()) device.handle(parsed.request);
  }

  #refusal(fault: FaultKind | undefined): number | undefined {
    if (fault === "busy") return busyCode;
    return fault === "exception" ? this.injector.faults.exceptionCode : undefined;
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

/** A well-formed frame that does not answer what was asked; others come back as they are. */
function misled(
  frame: Uint8Array,
  unit: number,
  request: Request,
  fault: FaultKind | undefined,
): Uint8Array {
  if (fault === "wrong-unit") return withByte(frame, 0, unit + 1);
  const isException = (frame[1]! & 0x80) !== 0;
  if (isException) return frame;
  // The low byte of the register for an even one, of the value or count for an odd one.
  if (fault === "echo" && request.kind === "write") {
    const at = request.address % 2 === 0 ? 3 : 5;
    return withByte(frame, at, frame[at]! ^ 1);
  }
  if (fault !== "byte-count" || request.kind === "write") return frame;
  const unitOfLength = request.table === "coil" || request.table === "discrete" ? 1 : 2;
  const change = frame[2]! > unitOfLength ? -unitOfLength : unitOfLength;
  const other = new Uint8Array(frame.length + change);
  other.set(frame.subarray(0, Math.min(frame.length, other.length) - 2));
  other[2] = frame[2]! + change;
  return sealed(other);
}

function withByte(frame: Uint8Array, at: number, byte: number): Uint8Array {
  const other = frame.slice();
  other[at] = byte;
  return sealed(other);
}

/** Puts the CRC that fits at the end. */
export function sealed(frame: Uint8Array): Uint8Array {
  const crc = crc16(frame, 0, frame.length - 2);
  frame[frame.length - 2] = crc;
  frame[frame.length - 1] = crc >>> 8;
  return frame;
}
