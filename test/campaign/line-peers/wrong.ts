/** What goes wrong between a slave's answer and the wire. */
import { setTimeout as pause } from "node:timers/promises";
import { monotonicMs } from "../../plant/config.js";
import { type Cut, parse, replyPdu } from "../../plant/wire.js";
import type { Fault, Late } from "./faults.js";
import { marks, meterUnit } from "./question.js";
import type { Connection } from "./sockets.js";

/** In the middle of a cycle of a run that reads 4, 3 or 2 times. */
const onceAt = 14;
/** What a device needs for any answer. */
const answerMs = 12;
/** Our own answer comes so long after the second master has had its own. */
const afterMasterMs = 15;

export class Wrong {
  readonly #fault: Fault;
  #asked = 0;
  #last: { cut: Cut; connection: Connection } | undefined;
  /** Answers go out in the order of their questions. */
  #order: Promise<void> = Promise.resolve();

  constructor(fault: Fault) {
    this.#fault = fault;
    const { secondMasterMs } = fault;
    if (secondMasterMs === undefined) return;
    setInterval(() => {
      if (this.#last !== undefined) secondMaster(this.#last.cut, this.#last.connection);
    }, secondMasterMs);
  }

  /** The question never gets to the device. */
  swallows({ openedAtMs, questions }: Connection, nowMs: number): boolean {
    const { warmUpMs = 0, deafAfter = Number.POSITIVE_INFINITY } = this.#fault;
    return nowMs < openedAtMs + warmUpMs || questions > deafAfter;
  }

  answer(cut: Cut, connection: Connection, pdu: Buffer, n: number): void {
    const { late, echo, secondMasterEvery, cutEvery = 0 } = this.#fault;
    const isMeter = cut.request.unit === meterUnit;
    if (isMeter) this.#asked++;
    // For whoever asks in his own time: a read of the same form as ours.
    if (isMeter && cut.request.values.length === 0) this.#last = { cut, connection };
    if (echo === true) connection.send(cut.frame(cut.request.pdu));
    const whole = cut.frame(pdu);
    const frame = cutEvery > 0 && n % cutEvery === 0 ? whole.subarray(0, whole.length - 2) : whole;
    const send = () => this.#send(connection, frame);
    if (secondMasterEvery !== undefined && isMeter && this.#asked % secondMasterEvery === 0) {
      secondMaster(cut, connection);
      setTimeout(send, afterMasterMs);
    } else if (late !== undefined && isMeter) this.#sendLate(late, send);
    else setTimeout(send, answerMs);
  }

  #send(connection: Connection, frame: Buffer): void {
    connection.send(frame);
    if (this.#fault.closes === true) connection.end();
  }

  #sendLate(late: Late, send: () => void): void {
    const ms = answerMs + (this.#isLate(late) ? late.ms : 0);
    if (late.stray === true) {
      setTimeout(send, ms);
      return;
    }
    const dueMs = monotonicMs() + ms;
    this.#order = this.#order.then(async () => {
      const waitMs = dueMs - monotonicMs();
      if (waitMs > 0) await pause(waitMs);
      send();
    });
  }

  #isLate({ when }: Late): boolean {
    if (when === "always") return true;
    return when === "once" ? this.#asked === onceAt : this.#asked % 7 === 0;
  }
}

/** Another master's question of the same form as ours, for other registers of the same unit, and its answer. */
function secondMaster({ request, frame }: Cut, connection: Connection): void {
  if (request.values.length > 0) return;
  const address = (request.address + 24) & 0x3f;
  const pdu = Buffer.from(request.pdu);
  pdu.writeUInt16BE(address, 1);
  const foreign = parse(request.unit, pdu);
  const served = marks(request.code, address, request.count, 0x3ff);
  connection.send(frame(pdu));
  connection.send(frame(replyPdu(foreign, served)));
}
