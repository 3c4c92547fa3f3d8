/**
 * A simulated rig without its lines: one plant bound to simulated devices. Whoever asks a device first
 * lets the plant catch up with the clock; nothing runs in between.
 */

import type { Clock } from "../base/clock.js";
import { assert } from "../base/error.js";
import type { DeviceType } from "../device/device-type.js";
import type { Plant, PlantParameter, PlantTruth, StationSpec } from "./plant.js";
import { bearingParameters, bearingPlant } from "./plant-bearing.js";
import { harmonicParameters, harmonicPlant } from "./plant-harmonic.js";
import { SimDevice } from "./sim-device.js";

/** The plants a rig file may name, with what may be set on them. */
const plants = {
  bearing: { create: bearingPlant, parameters: bearingParameters },
  harmonic: { create: harmonicPlant, parameters: harmonicParameters },
} as const;

export type PlantName = keyof typeof plants;

/** Parameters of a plant, to check a rig file's `simulation.parameters` against. */
export function plantParameters(plant: PlantName): Readonly<Record<string, PlantParameter>> {
  return plants[plant].parameters;
}

/** Names of everything a plant over these stations measures. */
export function plantOutputs(
  plant: PlantName,
  stations: readonly StationSpec[],
): readonly string[] {
  return plants[plant].create(stations, 0, {}).outputs;
}

/** One signal between a plant and a device's point, with the conversion both ways. */
export type Wire = {
  device: string;
  point: string;
  /** Input or output of the plant: `speed`, `s1.vibration`. */
  signal: string;
  /** `in`: setpoint from the controller into the plant; `out`: measured value into the point. */
  direction: "in" | "out";
  toPoint(canonical: number): number;
  fromPoint(value: number): number;
};

export type BenchDevice = {
  name: string;
  line: string;
  unit: number;
  type: DeviceType;
  /** In the units the type declares (`parameterValues`). */
  parameters: Readonly<Record<string, number>>;
};

export type BenchSpec = {
  clock: Clock;
  seed: number;
  plant: PlantName;
  /** Canonical values by the names of `plantParameters`. */
  parameters: Readonly<Record<string, number>>;
  stations: readonly StationSpec[];
  devices: readonly BenchDevice[];
  wiring: readonly Wire[];
  /** Inputs of the plant that nothing commands: a dead weight. Canonical, by their names. */
  constants?: Readonly<Record<string, number>>;
};

export interface SimBench {
  readonly plant: Plant;
  readonly lines: readonly string[];
  /** The devices of a line by unit, for a simulated line or a server. */
  units(line: string): ReadonlyMap<number, SimDevice>;
  device(name: string): SimDevice;
  /** The plant's truth at this moment of the clock. */
  truth(): PlantTruth;
  /**
   * The plant catches up and looks at all setpoints anew. Writes through a device's `handle` do this
   * by themselves; call it after `set`, or after switching a device off or on.
   */
  refresh(): void;
}

/** Builds plant and devices. A wire to a device, point or signal that is not there is our own mistake. */
export function createSimBench(spec: BenchSpec): SimBench {
  return new Bench(spec);
}

type Input = { wire: Wire; device: SimDevice; index: number; actuator: number; input: number };
type Output = { wire: Wire; index: number; output: number };

class Bench implements SimBench {
  readonly plant: Plant;
  readonly lines: readonly string[];
  readonly #clock: Clock;
  readonly #devices = new Map<string, SimDevice>();
  readonly #units = new Map<string, Map<number, SimDevice>>();
  readonly #commands: Input[];
  readonly #inputs: Float64Array;
  #at: number;

  constructor(spec: BenchSpec) {
    this.plant = plants[spec.plant].create(spec.stations, spec.seed, spec.parameters);
    this.#clock = spec.clock;
    this.#at = spec.clock.elapsed();
    this.#inputs = Float64Array.from(this.plant.inputs, (name) => spec.constants?.[name] ?? 0);
    for (const device of spec.devices) this.#addDevice(device);
    this.lines = [...this.#units.keys()];
    this.#commands = spec.wiring.filter((w) => w.direction === "in").map((w) => this.#command(w));
    for (const { name } of spec.devices) this.#connect(name, spec.wiring);
    this.#takeSetpoints();
  }

  units(line: string): ReadonlyMap<number, SimDevice> {
    const units = this.#units.get(line);
    assert(units !== undefined, `the bench has a line ${line}`);
    return units;
  }

  device(name: string): SimDevice {
    const device = this.#devices.get(name);
    assert(device !== undefined, `the bench has a device ${name}`);
    return device;
  }

  truth(): PlantTruth {
    this.#catchUp();
    return this.plant.truth();
  }

  refresh(): void {
    this.#catchUp();
    this.#takeSetpoints();
  }

  #addDevice({ name, line, unit, type, parameters }: BenchDevice): void {
    const units = this.#units.get(line) ?? new Map<number, SimDevice>();
    assert(!units.has(unit), `unit ${unit} is free on line ${line}`);
    const device = new SimDevice(type, parameters, unit);
    this.#devices.set(name, device);
    this.#units.set(line, units.set(unit, device));
  }

  #command(wire: Wire): Input {
    const device = this.device(wire.device);
    const input = this.plant.inputs.indexOf(wire.signal);
    assert(input >= 0, `the plant has an input ${wire.signal}`);
    const actuators = device.type.actuators ?? [];
    const actuator = actuators.findIndex((a) => a.point === wire.point);
    return { wire, device, index: device.indexOf(wire.point), actuator, input };
  }

  #output(wire: Wire, device: SimDevice): Output {
    const output = this.plant.outputs.indexOf(wire.signal);
    assert(output >= 0, `the plant has an output ${wire.signal}`);
    return { wire, index: device.indexOf(wire.point), output };
  }

  /** Only the asked device's points are refreshed: outputs depend on the instant, not on who asks. */
  #connect(name: string, wiring: readonly Wire[]): void {
    const device = this.device(name);
    const own = wiring.filter((w) => w.device === name);
    const measured = own.filter((w) => w.direction === "out").map((w) => this.#output(w, device));
    if (own.length > 0) {
      device.beforeRead(() => {
        this.#catchUp();
        if (measured.length > 0) this.#show(device, measured);
      });
    }
    if (measured.length < own.length) device.onWrite(() => this.#takeSetpoints());
  }

  #catchUp(): void {
    const now = this.#clock.elapsed();
    if (now === this.#at) return;
    this.plant.advance(now - this.#at, this.#inputs);
    this.#at = now;
  }

  #show(device: SimDevice, measured: readonly Output[]): void {
    for (const { wire, index, output } of measured) {
      device.setIndex(index, wire.toPoint(this.plant.output(output)));
    }
  }

  /** A device without power or not following its setpoint drives nothing. */
  #takeSetpoints(): void {
    for (const { wire, device, index, actuator, input } of this.#commands) {
      const followed = actuator < 0 ? device.getIndex(index) : device.activeSetpoint(actuator);
      const works = !device.silent && followed !== undefined && Number.isFinite(followed);
      this.#inputs[input] = works ? wire.fromPoint(followed) : 0;
    }
  }
}
