/**
 * The plant's units behind real bytes in virtual time, in the process of the program under test. The only file
 * of this folder that takes anything from it: the clock, and the stream it reads and writes.
 */
import type { Clock } from "../../src/base/clock.js";
import type { ByteStream } from "../../src/line/byte-stream.js";
import type { Line } from "../../src/line/line.js";
import { LineQueue } from "../../src/line/queue.js";
import { RtuTransport } from "../../src/line/rtu-transport.js";
import type { VirtualClock } from "../../src/sim/virtual-clock.js";
import type { Mode, PlantConfig, PlantState, Stamp } from "./config.js";
import { makeUnit } from "./make-unit.js";
import { Shaft } from "./shaft.js";
import type { Unit } from "./unit.js";
import { type Cut, RtuCutter } from "./wire.js";

const baud = 115_200;
const stepMs = 20;
/** On the wire and in the device, there and back. */
const answerMs = 3;

/** What is wrong with a unit at its n-th request, counted from 0 since the plant was armed. */
export type Script = { unit: string; modeAt(n: number, nowMs: number): Mode };

export class VirtualPlant {
  readonly stamps: Stamp[] = [];
  readonly units = new Map<string, Unit>();
  readonly #clock: VirtualClock;
  readonly #shafts = new Map<string, Shaft>();
  readonly #buses = new Map<string, VirtualBus>();
  #tickedAtMs: number;
  #script: Script | undefined;
  #asked = 0;
  /** Looked at after every step, for what must never be. */
  onStep: (nowMs: number) => void = () => {};

  constructor(config: PlantConfig, clock: VirtualClock) {
    this.#clock = clock;
    this.#tickedAtMs = clock.elapsed();
    for (const name of Object.keys(config.lines))
      this.#buses.set(name, new VirtualBus(this, clock));
    const { rampRpmPerS = 2000, coastRpmPerS = 200 } = config;
    const shaftOf = (name: string) => {
      const shaft = this.#shafts.get(name) ?? new Shaft(rampRpmPerS, coastRpmPerS);
      this.#shafts.set(name, shaft);
      return shaft;
    };
    for (const unit of config.units) {
      this.units.set(unit.name, makeUnit(unit, shaftOf));
      this.#buses.get(unit.line)!.units.set(unit.unit, this.units.get(unit.name)!);
    }
  }

  /** Lines to the plant as a program opens them that lives by this clock, until it is dead. */
  async lines(clock: Clock = this.#clock, isAlive = () => true): Promise<Map<string, Line>> {
    const lines = new Map<string, Line>();
    for (const name of this.#buses.keys()) lines.set(name, await this.line(name, clock, isAlive));
    return lines;
  }

  async line(name: string, clock: Clock = this.#clock, isAlive = () => true): Promise<Line> {
    const wire = { baud, format: "8N1" as const };
    const transport = new RtuTransport(wire, () => this.bus(name).dial(isAlive), clock);
    await transport.open();
    return new LineQueue(name, transport, clock);
  }

  bus(name: string): VirtualBus {
    return this.#buses.get(name)!;
  }

  unit(name: string): Unit {
    return this.units.get(name)!;
  }

  shaft(name = "shaft"): Shaft {
    return this.#shafts.get(name)!;
  }

  arm(script: Script | undefined): void {
    this.#script = script;
    this.#asked = 0;
  }

  /** Just before a unit is asked. */
  prepare(unit: Unit): void {
    this.catchUp();
    if (this.#script?.unit !== unit.name) return;
    unit.setMode(this.#script.modeAt(this.#asked++, this.#clock.elapsed()));
  }

  /** What moved since it was looked at last. */
  catchUp(): void {
    const now = this.#clock.elapsed();
    while (this.#tickedAtMs < now) {
      const stepTo = Math.min(now, this.#tickedAtMs + stepMs);
      for (const unit of this.units.values()) {
        unit.watch(stepTo);
        unit.tick((stepTo - this.#tickedAtMs) / 1000, stepTo);
      }
      this.#tickedAtMs = stepTo;
      this.onStep(stepTo);
    }
  }

  state(): PlantState {
    this.catchUp();
    const units = [...this.units].map(([name, unit]) => [name, unit.state()] as const);
    const shafts = [...this.#shafts].map(([name, shaft]) => [name, shaft.state()] as const);
    const all = { units: Object.fromEntries(units), shafts: Object.fromEntries(shafts) };
    return { atMs: this.#clock.elapsed(), ...all };
  }
}

class VirtualBus {
  readonly units = new Map<number, Unit>();
  readonly #plant: VirtualPlant;
  readonly #clock: VirtualClock;
  #isDead = false;
  #isClosed = false;
  #closers: (() => void)[] = [];

  constructor(plant: VirtualPlant, clock: VirtualClock) {
    this.#plant = plant;
    this.#clock = clock;
  }

  /** `closes`: the stream ends and cannot be opened; else bytes vanish. */
  kill(closes: boolean): void {
    this.#isDead = true;
    if (!closes) return;
    for (const close of this.#closers.splice(0)) close();
    this.#isClosed = true;
  }

  revive(): void {
    this.#isDead = false;
    this.#isClosed = false;
  }

  get isUp(): boolean {
    return !this.#isDead;
  }

  async dial(isAlive: () => boolean): Promise<ByteStream> {
    if (this.#isClosed) throw new Error("there is no such port");
    const cutter = new RtuCutter();
    const listeners: ((bytes: Uint8Array) => void)[] = [];
    let isOpen = true;
    let onClose: (why: string) => void = () => {};
    const close = (why: string) => {
      if (isOpen) onClose(why);
      isOpen = false;
    };
    this.#closers.push(() => close("hung up"));
    const deliver = (bytes: Uint8Array, ms: number) =>
      this.#clock.call(ms, () => {
        if (isOpen && isAlive() && !this.#isDead) for (const listener of listeners) listener(bytes);
        return true;
      });
    return {
      write: (bytes) => {
        if (isOpen && isAlive()) for (const cut of cutter.push(bytes)) this.#take(cut, deliver);
      },
      onData: (listener) => listeners.push(listener),
      onClose: (listener) => {
        onClose = listener;
      },
      close: async () => close("closed"),
    };
  }

  #take({ request, frame }: Cut, deliver: (bytes: Uint8Array, ms: number) => void): void {
    const atMs = this.#clock.elapsed();
    const unit = this.units.get(request.unit);
    this.#plant.catchUp();
    if (this.#isDead || unit === undefined) {
      this.#stamp(request, "nobody", atMs, "lost");
      return;
    }
    for (const one of this.units.values()) one.heard(request, one === unit, atMs);
    this.#plant.prepare(unit);
    const { outcome, pdu } = unit.answer(request, atMs);
    this.#stamp(request, unit.name, atMs, outcome);
    if (pdu !== undefined) deliver(frame(pdu), answerMs + (unit.mode.lateMs ?? 0));
  }

  #stamp(request: Cut["request"], name: string, atMs: number, outcome: Stamp["outcome"]): void {
    const { code, address, count, values, unit } = request;
    const what = { line: "", unit, name, code, address, count, values, outcome };
    this.#plant.stamps.push({ atMs, wallMs: this.#clock.wall(), ...what });
  }
}
