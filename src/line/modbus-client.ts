import modbusSerial from "modbus-serial";
import { functionCode, type Request, wordsAnswered } from "../device/request.js";
import { exceptionText, type ParsedReply } from "../device/rtu-frame.js";
import type { Port } from "./port.js";

/** An answer as modbus-serial gives it: the registers of function 23, or the echo of a write. */
type Answer = { data?: readonly (number | boolean)[] };
/** Its errors: exceptions carry `modbusCode`, some have an `errno`, none of it is in its types. */
type Failure = { modbusCode?: number; errno?: string; message?: string };

type Next = (error: unknown, answer: unknown) => void;

/**
 * The one place that speaks modbus-serial 8. Writes are built by it and held against our own encoding before a byte
 * goes out (`Port`), and their confirmations are read by it as well as by our framer: what moves a rig has passed two
 * codecs that know nothing of each other. Reads go straight through the port: its two extra parses would only double
 * what the framer has judged (docs/decisions.md). Its typings do not fit NodeNext modules (the class is
 * `default.default`), and its errors come in four shapes; both end here.
 */
export class ModbusClient {
  readonly #modbus: InstanceType<typeof modbusSerial.default>;
  readonly #port: Port;

  constructor(port: Port) {
    this.#port = port;
    this.#modbus = new modbusSerial.default(port);
    this.#modbus.open(() => {});
    // Without a listener an error event would end the process.
    this.#modbus.on("error", () => {});
  }

  /** Sends a request; `done` gets the answer. There is no timeout here: the transport gives up. */
  exchange(unit: number, request: Request, done: (reply: ParsedReply) => void): void {
    if (request.kind === "read") {
      this.#port.read(unit, request, done);
      return;
    }
    this.#port.writes({ unit, request });
    this.#write(unit, request, (error, answer) => {
      done(error ? failed(error as Failure) : answered(request, answer as Answer));
    });
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

/** Registers where the write also reads (function 23), else none. */
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
