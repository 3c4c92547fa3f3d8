import modbusSerial from "modbus-serial";
import { functionCode, type Request, wordsAnswered } from "../device/request.js";
import { exceptionText, type ParsedReply } from "../device/rtu-frame.js";
import type { Port } from "./port.js";

/** An answer as modbus-serial gives it: registers or bits of a read, the echo of a write. */
type Answer = { data?: readonly (number | boolean)[] };
/** Its errors: exceptions carry `modbusCode`, some have an `errno`, none of it is in its types. */
type Failure = { modbusCode?: number; errno?: string; message?: string };

type Next = (error: unknown, answer: unknown) => void;

/**
 * The one place that speaks modbus-serial 8: codec and API over our own `Port`. Its typings do not
 * fit NodeNext modules (the class is `default.default`), and its errors come in four shapes; both end
 * here.
 */
export class ModbusClient {
  readonly #modbus: InstanceType<typeof modbusSerial.default>;

  constructor(port: Port) {
    this.#modbus = new modbusSerial.default(port);
    this.#modbus.open(() => {});
    // Without a listener an error event would end the process.
    this.#modbus.on("error", () => {});
  }

  /** Sends a request; `done` gets the answer. There is no timeout here: the transport gives up. */
  exchange(unit: number, request: Request, done: (reply: ParsedReply) => void): void {
    const next: Next = (error, answer) => {
      done(error ? failed(error as Failure) : answered(request, answer as Answer));
    };
    if (request.kind === "read") this.#read(unit, request, next);
    else this.#write(unit, request, next);
  }

  #read(unit: number, request: Request & { kind: "read" }, next: Next): void {
    const { address, count } = request;
    if (request.table === "coil") this.#modbus.writeFC1(unit, address, count, next);
    else if (request.table === "discrete") this.#modbus.writeFC2(unit, address, count, next);
    else if (request.table === "holding") this.#modbus.writeFC3(unit, address, count, next);
    else this.#modbus.writeFC4(unit, address, count, next);
  }

  #write(unit: number, request: Request & { kind: "write" }, next: Next): void {
    const { address, values, mask, reads } = request;
    const code = functionCode(request);
    if (mask !== undefined) {
      this.#modbus.writeFC22(unit, address, ~mask & 0xffff, values[0]!, next);
      return;
    }
    if (reads !== undefined) {
      const { address: from, count } = reads;
      this.#modbus.writeFC23(unit, from, count, address, values.length, [...values], next);
      return;
    }
    if (code === 5) this.#modbus.writeFC5(unit, address, values[0] !== 0, next);
    else if (code === 6) this.#modbus.writeFC6(unit, address, values[0]!, next);
    else if (code === 15) this.#modbus.writeFC15(unit, address, values.map(Boolean), next);
    else this.#modbus.writeFC16(unit, address, [...values], next);
  }
}

/** Coils come as whole bytes; the padding is cut off. */
function answered(request: Request, { data = [] }: Answer): ParsedReply {
  const count = wordsAnswered(request);
  if (data.length < count) {
    return { ok: false, fault: "length", detail: `${data.length} values for ${count}` };
  }
  return { ok: true, words: data.slice(0, count).map(Number) };
}

function failed({ modbusCode, message = "" }: Failure): ParsedReply {
  if (modbusCode !== undefined) {
    const detail = exceptionText(modbusCode);
    return { ok: false, fault: "exception", exception: modbusCode, detail };
  }
  if (message.includes("CRC")) return { ok: false, fault: "crc", detail: message };
  if (message.includes("length")) return { ok: false, fault: "length", detail: message };
  return { ok: false, fault: "foreign", detail: message };
}
