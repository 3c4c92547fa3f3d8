/**
 * A plant of another hand, as a process: devices, shafts and lines from one line of JSON on stdin, then an
 * order per line; stamps of writes and answers to orders on stdout. It ends with its stdin. Nothing here
 * comes from the program under test: what both understand the same way is in the makers' manuals.
 */
import { createInterface } from "node:readline";
import { Bus } from "./bus.js";
import {
  monotonicMs,
  type Order,
  type PlantConfig,
  type PlantState,
  type Stamp,
  type Told,
} from "./config.js";
import { makeUnit } from "./make-unit.js";
import { TemperatureController } from "./others.js";
import { Shaft } from "./shaft.js";
import type { Unit } from "./unit.js";

const tickMs = 10;
const mostStamps = 200_000;

function tell(told: Told): void {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

class PlantProcess {
  readonly #units = new Map<string, Unit>();
  readonly #shafts = new Map<string, Shaft>();
  readonly #buses = new Map<string, Bus>();
  readonly #stamps: Stamp[] = [];
  readonly #config: PlantConfig;
  #tickedAtMs = monotonicMs();

  constructor(config: PlantConfig) {
    this.#config = config;
  }

  async open(): Promise<Record<string, string>> {
    const places: Record<string, string> = {};
    for (const [name, { kind }] of Object.entries(this.#config.lines)) {
      const bus = new Bus(name, (stamp) => this.#keep(stamp));
      this.#buses.set(name, bus);
      places[name] = await bus.open(kind);
    }
    for (const config of this.#config.units) {
      const unit = makeUnit(config, (name) => this.#shaft(name));
      this.#units.set(config.name, unit);
      this.#buses.get(config.line)!.units.set(config.unit, unit);
    }
    setInterval(() => this.#tick(), tickMs);
    return places;
  }

  #shaft(name: string): Shaft {
    const { rampRpmPerS = 2000, coastRpmPerS = 200 } = this.#config;
    const shaft = this.#shafts.get(name) ?? new Shaft(rampRpmPerS, coastRpmPerS);
    this.#shafts.set(name, shaft);
    return shaft;
  }

  #keep(stamp: Stamp): void {
    this.#stamps.push(stamp);
    if (this.#stamps.length > mostStamps) this.#stamps.splice(0, mostStamps / 2);
    if (stamp.values.length > 0) tell({ stamp });
  }

  /** Real steps: a machine that stalls must not lose turns. */
  #tick(): void {
    const now = monotonicMs();
    const seconds = (now - this.#tickedAtMs) / 1000;
    this.#tickedAtMs = now;
    for (const unit of this.#units.values()) {
      unit.watch(now);
      unit.tick(seconds, now);
    }
  }

  #state(): PlantState {
    this.#tick();
    const units = [...this.#units].map(([name, unit]) => [name, unit.state()] as const);
    const shafts = [...this.#shafts].map(([name, shaft]) => [name, shaft.state()] as const);
    const all = { units: Object.fromEntries(units), shafts: Object.fromEntries(shafts) };
    return { atMs: monotonicMs(), ...all };
  }

  async obey(order: Order): Promise<unknown> {
    switch (order.do) {
      case "state":
        return this.#state();
      case "mode":
        return this.#unit(order.unit).setMode(order.mode);
      case "fault":
        return this.#unit(order.unit).fail();
      case "cure":
        return this.#unit(order.unit).cure();
      case "set":
        return this.#unit(order.unit).set(order.address, order.value);
      case "get":
        return this.#unit(order.unit).get(order.address);
      case "pv":
        return this.#hold(order.unit, order.degC);
      case "turn":
        this.#shafts.get(order.shaft)!.hand = order.rpm;
        return undefined;
      case "swap":
        return this.#swap(order.units);
      case "kill":
        return this.#kill(order);
      case "revive":
        return this.#bus(order.line).revive();
      case "stamps":
        return this.#stamps.filter(({ atMs }) => atMs >= order.sinceMs);
    }
  }

  #hold(name: string, degC: number): void {
    const unit = this.#unit(name);
    if (!(unit instanceof TemperatureController)) throw new Error(`${name} has no temperature`);
    unit.held = degC;
  }

  #swap([a, b]: [string, string]): void {
    for (const bus of this.#buses.values()) bus.swap(this.#unit(a), this.#unit(b));
  }

  async #kill({ line, how, forMs }: Extract<Order, { do: "kill" }>): Promise<void> {
    const bus = this.#bus(line);
    await bus.kill(how);
    if (forMs !== undefined) setTimeout(() => void bus.revive(), forMs);
  }

  #unit(name: string): Unit {
    const unit = this.#units.get(name);
    if (unit === undefined) throw new Error(`no unit ${name}`);
    return unit;
  }

  #bus(name: string): Bus {
    const bus = this.#buses.get(name);
    if (bus === undefined) throw new Error(`no line ${name}`);
    return bus;
  }
}

async function run(): Promise<void> {
  let plant: PlantProcess | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const said = JSON.parse(line) as PlantConfig | (Order & { id: number });
    if (plant === undefined) {
      plant = new PlantProcess(said as PlantConfig);
      tell({ ready: await plant.open(), startedAtMs: monotonicMs() });
      continue;
    }
    const { id, ...order } = said as Order & { id: number };
    try {
      tell({ id, result: (await plant.obey(order as Order)) ?? null });
    } catch (error) {
      tell({ id, error: error instanceof Error ? error.message : String(error) });
    }
  }
  process.exit(0);
}

await run();
