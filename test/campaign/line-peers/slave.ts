/**
 * A hand-written slave as a process: `slave.js '{"kind":"rtu","fault":{...},"drives":true}'`. Unit 1 is a
 * meter whose every value names its address and question, units 2 and 3 are a drive and an analogue output.
 * Each question is told on stdout. It shares no code with the program under test.
 */
import { openCarrier } from "../../plant/carriers.js";
import { monotonicMs } from "../../plant/config.js";
import { makeUnit } from "../../plant/make-unit.js";
import { Shaft } from "../../plant/shaft.js";
import type { Unit } from "../../plant/unit.js";
import { type Cut, exceptionPdu, type Request, replyPdu } from "../../plant/wire.js";
import type { Fault, LinkKind } from "./faults.js";
import { firstWritable, marks, meterUnit, type Outcome, type Said } from "./question.js";
import { type Connection, listen } from "./sockets.js";
import { Wrong } from "./wrong.js";

export type SlaveConfig = { kind: LinkKind; fault: Fault; drives: boolean };

const tickMs = 10;

type Answer = { outcome: Outcome; values: number[]; pdu?: Buffer };

function tell(said: Said): void {
  process.stdout.write(`${JSON.stringify(said)}\n`);
}

class Slave {
  readonly #fault: Fault;
  readonly #wrong: Wrong;
  readonly #units = new Map<number, Unit>();
  #n = 0;

  constructor({ fault, drives }: SlaveConfig) {
    this.#fault = fault;
    this.#wrong = new Wrong(fault);
    if (drives) this.#addDrives();
  }

  #addDrives(): void {
    const shaft = new Shaft(2000, 200);
    const line = "";
    const spindle = { name: "spindle", kind: "md", line, unit: 2, fullRpm: 6000 } as const;
    this.#units.set(
      2,
      makeUnit(spindle, () => shaft),
    );
    this.#units.set(
      3,
      makeUnit({ name: "hydraulics", kind: "adam", line, unit: 3 }, () => shaft),
    );
    let tickedAtMs = monotonicMs();
    setInterval(() => {
      const now = monotonicMs();
      for (const unit of this.#units.values()) unit.tick((now - tickedAtMs) / 1000, now);
      tickedAtMs = now;
    }, tickMs);
  }

  take(cut: Cut, connection: Connection): void {
    const atMs = monotonicMs();
    const wallMs = Date.now();
    const n = ++this.#n;
    const { unit, code, address, count } = cut.request;
    const isLost = this.#wrong.swallows(connection, atMs);
    const answer = isLost ? lost : this.#answer(cut.request, n, atMs);
    const { values, outcome, pdu } = answer;
    tell({ question: { n, atMs, wallMs, unit, code, address, count, values, outcome } });
    if (pdu !== undefined) this.#wrong.answer(cut, connection, pdu, n);
  }

  #answer(request: Request, n: number, atMs: number): Answer {
    const { exception } = this.#fault;
    if (exception !== undefined && n % exception.every === 0)
      return refused(request, exception.code);
    if (request.unit === meterUnit) return this.#meter(request, n);
    const unit = this.#units.get(request.unit);
    if (unit === undefined) return lost;
    const { outcome, pdu } = unit.answer(request, atMs);
    const said: Outcome = outcome.startsWith("exception") ? (outcome as Outcome) : "done";
    return { outcome: said, values: request.values, ...(pdu === undefined ? {} : { pdu }) };
  }

  #meter(request: Request, n: number): Answer {
    const { code, address, count, values } = request;
    if (values.length > 0) {
      if (this.#fault.refusesWrites === true) return refused(request, 4);
      if (address < firstWritable) return refused(request, 2);
      return { outcome: "done", values, pdu: replyPdu(request, []) };
    }
    if (code < 1 || code > 4) return refused(request, 1);
    const served = marks(code, address, count, n);
    return { outcome: "done", values: served, pdu: replyPdu(request, served) };
  }
}

const lost: Answer = { outcome: "lost", values: [] };

function refused(request: Request, code: number): Answer {
  const { values } = request;
  return { outcome: `exception ${code}`, values, pdu: exceptionPdu(request, code) };
}

async function run(config: SlaveConfig): Promise<void> {
  const slave = new Slave(config);
  if (config.kind !== "rtu") {
    tell({ ready: await listen(config.kind, (cut, connection) => slave.take(cut, connection)) });
    return;
  }
  const wire = { openedAtMs: monotonicMs(), questions: 0, end: () => {} };
  const carrier = await openCarrier("serial", (cut, send) => {
    wire.questions++;
    slave.take(cut, { ...wire, send });
  });
  tell({ ready: carrier.place });
}

// By `exit`, so that the carrier removes the port's name.
process.on("SIGTERM", () => process.exit(0));
process.stdin.on("end", () => process.exit(0)).resume();
await run(JSON.parse(process.argv[2]!) as SlaveConfig);
