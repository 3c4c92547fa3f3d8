/** One line of the plant: units behind a carrier, every request stamped, dead when told. */
import { type Carrier, openCarrier } from "./carriers.js";
import { type Death, type LineKind, monotonicMs, type Outcome, type Stamp } from "./config.js";
import type { Unit } from "./unit.js";
import type { Cut, Request } from "./wire.js";

export class Bus {
  readonly name: string;
  readonly units = new Map<number, Unit>();
  readonly #onStamp: (stamp: Stamp) => void;
  #carrier: Carrier | undefined;
  #isDead = false;

  constructor(name: string, onStamp: (stamp: Stamp) => void) {
    this.name = name;
    this.#onStamp = onStamp;
  }

  async open(kind: LineKind): Promise<string> {
    this.#carrier = await openCarrier(kind, (cut, reply) => this.#take(cut, reply));
    return this.#carrier.place;
  }

  async kill(how: Death): Promise<void> {
    this.#isDead = true;
    await this.#carrier?.die(how);
  }

  async revive(): Promise<void> {
    await this.#carrier?.revive();
    this.#isDead = false;
  }

  swap(a: Unit, b: Unit): void {
    for (const [number, unit] of [...this.units]) {
      if (unit === a) this.units.set(number, b);
      if (unit === b) this.units.set(number, a);
    }
  }

  /** A unit that nobody has says nothing, as on a wire; one that died says nothing either. */
  #take({ request, frame }: Cut, reply: (bytes: Buffer) => void): void {
    const atMs = monotonicMs();
    const unit = this.units.get(request.unit);
    if (this.#isDead || unit === undefined) {
      this.#stamp(request, unit, atMs, "lost");
      return;
    }
    for (const one of this.units.values()) one.heard(request, one === unit, atMs);
    const { outcome, pdu } = unit.answer(request, atMs);
    this.#stamp(request, unit, atMs, outcome);
    if (pdu === undefined) return;
    const bytes = frame(pdu);
    const { lateMs } = unit.mode;
    if (lateMs === undefined) reply(bytes);
    else setTimeout(() => this.#isDead || reply(bytes), lateMs);
  }

  #stamp(request: Request, unit: Unit | undefined, atMs: number, outcome: Outcome): void {
    const { code, address, count, values } = request;
    const what = { code, address, count, values, outcome };
    const name = unit?.name ?? "nobody";
    this.#onStamp({ atMs, wallMs: Date.now(), line: this.name, unit: request.unit, name, ...what });
  }
}
