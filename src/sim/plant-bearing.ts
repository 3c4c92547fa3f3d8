/**
 * Bearings on one shaft, usually four. A drive turns the shaft, a hydraulic load presses every bearing
 * with the same equivalent load P (the inner pair is loaded, the outer pair carries the reaction).
 */
import { assert } from "../base/error.js";
import { randomStream } from "../base/random.js";
import { BearingStation, bearingExponent } from "./part-bearing.js";
import { Follower } from "./part-follower.js";
import { Noise } from "./part-noise.js";
import { Shaft } from "./part-shaft.js";
import { Room } from "./part-thermal.js";
import {
  commonParameters,
  fillParameters,
  type Plant,
  type PlantParameter,
  type PlantTruth,
  type StationSpec,
} from "./plant.js";

export const bearingParameters = {
  ...commonParameters,
  shape: { dimension: "ratio", default: 1.5, title: "Weibull shape of the lives" },
  "spall-growth": {
    dimension: "ratio",
    default: 0.03,
    title: "share of the bearing's life in which its spall grows from 1.2 to 12 mm/s",
  },
  "speed-ramp": { dimension: "speed", perSecond: true, default: 500, title: "ramp of the drive" },
  "speed-lag": { dimension: "time", default: 300, title: "time constant of the drive" },
  "load-ramp": { dimension: "force", perSecond: true, default: 2000, title: "ramp of the load" },
  "load-lag": { dimension: "time", default: 1000, title: "time constant of the hydraulics" },
} as const satisfies Record<string, PlantParameter>;

/** Electronics at rest, efficiency of motor and drive, and what the shaft loses without bearings. */
const standbyW = 60;
const driveEfficiency = 0.85;
const windageNmPerRpm = 1e-4;

/** Standard deviations of one reading. */
const speedNoise = 0.4;
const loadNoise = 4;
const powerNoise = 1.5;
const temperatureNoise = 0.05;
const vibrationNoise = 0.02;
const vibrationNoiseShare = 0.03;

class BearingPlant implements Plant {
  readonly inputs = ["speed", "load"];
  readonly outputs: readonly string[];
  readonly #shaft: Shaft;
  readonly #stations: readonly BearingStation[];
  readonly #room: Room;
  readonly #noise: Noise;
  #elapsedMs = 0;

  constructor(stations: readonly StationSpec[], seed: number, given: Record<string, number>) {
    const p = fillParameters(bearingParameters, given);
    const exponents = [...new Set(stations.map(bearingExponent))];
    this.#shaft = new Shaft(
      new Follower(p["speed-ramp"], p["speed-lag"] / 1000),
      new Follower(p["load-ramp"], p["load-lag"] / 1000),
      exponents,
    );
    this.#stations = stations.map(
      (s) => new BearingStation(s, exponents.indexOf(bearingExponent(s)), seed, p),
    );
    const phase = 2 * Math.PI * randomStream(seed, "room")();
    this.#room = new Room(p.ambient, p["ambient-swing"], phase, p["thermal-time"] / 1000);
    this.#noise = new Noise(seed, p.noise);
    this.#noise.at(0);
    const own = stations.flatMap((s) => [
      `${s.station}.housing-temperature`,
      `${s.station}.vibration`,
    ]);
    this.outputs = ["speed", "load", "power", ...own];
  }

  advance(dtMs: number, inputs: Float64Array): void {
    assert(dtMs >= 0, `time of the plant runs forward, not ${dtMs} ms`);
    this.#shaft.aim(inputs[0]!, inputs[1]!);
    this.#elapsedMs += dtMs;
    this.#noise.at(this.#elapsedMs);
    let leftS = dtMs / 1000;
    while (leftS > 0) {
      const piece = this.#shaft.next(leftS);
      for (const station of this.#stations) station.advance(piece);
      leftS -= piece.lengthS;
    }
  }

  output(index: number): number {
    const speed = this.#shaft.speed.value;
    const load = this.#shaft.load.value;
    if (index === 0) return speed === 0 ? 0 : speed + this.#noise.of(0, speedNoise);
    if (index === 1) return load + this.#noise.of(1, loadNoise);
    if (index === 2) return this.#powerW(speed, load) + this.#noise.of(2, powerNoise);
    const station = this.#stations[(index - 3) >> 1]!;
    if (index % 2 === 1) {
      const room = this.#room.at(this.#elapsedMs / 1000);
      return room + station.excessK + this.#noise.of(index, temperatureNoise);
    }
    const vibration = station.vibrationMmPerS(speed);
    const sigma = vibrationNoise + vibrationNoiseShare * vibration;
    return Math.abs(vibration + this.#noise.of(index, sigma));
  }

  #powerW(speed: number, load: number): number {
    let torque = windageNmPerRpm * Math.abs(speed);
    for (const station of this.#stations) torque += station.torqueNm(load);
    return standbyW + (torque * Math.abs(speed) * Math.PI) / 30 / driveEfficiency;
  }

  truth(): PlantTruth {
    return { elapsedMs: this.#elapsedMs, stations: this.#stations.map((s) => s.truth()) };
  }
}

/**
 * Plant with inputs `speed` [rpm] and `load` [N, per bearing]; outputs `speed`, `load`, `power` and per
 * station `sN.housing-temperature`, `sN.vibration`. Rating needed: `C` [N]; `bore` [mm] if known.
 */
export function bearingPlant(
  stations: readonly StationSpec[],
  seed: number,
  parameters: Record<string, number> = {},
): Plant {
  return new BearingPlant(stations, seed, parameters);
}
