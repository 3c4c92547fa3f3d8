/** A strain-wave reducer between a servo drive and a brake: one station. */
import { assert } from "../base/error.js";
import { randomStream } from "../base/random.js";
import { Follower } from "./part-follower.js";
import { Noise } from "./part-noise.js";
import { Shaft } from "./part-shaft.js";
import { StrainWaveStation, strainWaveExponents } from "./part-strain-wave.js";
import { Room } from "./part-thermal.js";
import {
  commonParameters,
  fillParameters,
  type Plant,
  type PlantParameter,
  type PlantTruth,
  type StationSpec,
} from "./plant.js";

export const harmonicParameters = {
  ...commonParameters,
  "speed-ramp": { dimension: "speed", perSecond: true, default: 1000, title: "ramp of the servo" },
  "speed-lag": { dimension: "time", default: 100, title: "time constant of the servo" },
  "torque-ramp": { dimension: "torque", perSecond: true, default: 50, title: "ramp of the brake" },
  "torque-lag": { dimension: "time", default: 400, title: "time constant of the brake" },
} as const satisfies Record<string, PlantParameter>;

/** Electronics at rest, efficiency of motor and drive: as the bearing rig's. */
const standbyW = 60;
const driveEfficiency = 0.85;

/** Standard deviations of one reading; torques as a share of the reading plus a floor. */
const inputSpeedNoise = 0.4;
const outputSpeedNoise = 0.01;
const torqueNoiseShare = 0.001;
const inputTorqueNoise = 0.002;
const outputTorqueNoise = 0.05;
const temperatureNoise = 0.05;
const powerNoise = 1.5;
const vibrationNoise = 0.02;
const vibrationNoiseShare = 0.03;

class HarmonicPlant implements Plant {
  readonly inputs = ["input-speed", "output-torque"];
  readonly outputs: readonly string[];
  readonly #shaft: Shaft;
  readonly #station: StrainWaveStation;
  readonly #room: Room;
  readonly #noise: Noise;
  #elapsedMs = 0;

  constructor(spec: StationSpec, seed: number, given: Record<string, number>) {
    const p = fillParameters(harmonicParameters, given);
    this.#shaft = new Shaft(
      new Follower(p["speed-ramp"], p["speed-lag"] / 1000),
      new Follower(p["torque-ramp"], p["torque-lag"] / 1000),
      strainWaveExponents,
    );
    this.#station = new StrainWaveStation(spec, seed, p);
    const phase = 2 * Math.PI * randomStream(seed, "room")();
    this.#room = new Room(p.ambient, p["ambient-swing"], phase, p["thermal-time"] / 1000);
    this.#noise = new Noise(seed, p.noise);
    this.#noise.at(0);
    const own = [`${spec.station}.housing-temperature`, `${spec.station}.vibration`];
    const measured = ["input-speed", "output-speed", "input-torque", "output-torque"];
    this.outputs = [...measured, ...own, "power"];
  }

  advance(dtMs: number, inputs: Float64Array): void {
    assert(dtMs >= 0, `time of the plant runs forward, not ${dtMs} ms`);
    this.#shaft.aim(inputs[0]!, inputs[1]!);
    this.#elapsedMs += dtMs;
    this.#noise.at(this.#elapsedMs);
    let leftS = dtMs / 1000;
    while (leftS > 0) {
      const piece = this.#shaft.next(leftS);
      this.#station.advance(piece);
      leftS -= piece.lengthS;
    }
  }

  output(index: number): number {
    const noise = this.#noise;
    const station = this.#station;
    const speed = this.#shaft.speed.value;
    const brake = this.#shaft.load.value;
    const turning = speed === 0 ? 0 : 1;
    const inputTorque = station.inputTorqueNm(speed, brake);
    if (index === 0) return speed + turning * noise.of(0, inputSpeedNoise);
    if (index === 1) {
      return station.outputSpeedRpm(speed) + turning * noise.of(1, outputSpeedNoise);
    }
    if (index === 2) {
      return inputTorque + noise.of(2, inputTorqueNoise + torqueNoiseShare * inputTorque);
    }
    if (index === 3) {
      const outputTorque = station.outputTorqueNm(brake);
      return outputTorque + noise.of(3, outputTorqueNoise + torqueNoiseShare * outputTorque);
    }
    if (index === 4) {
      const room = this.#room.at(this.#elapsedMs / 1000);
      return room + station.excessK + noise.of(4, temperatureNoise);
    }
    if (index === 5) {
      const vibration = station.vibrationMmPerS(speed);
      return Math.abs(vibration + noise.of(5, vibrationNoise + vibrationNoiseShare * vibration));
    }
    const shaftW = (inputTorque * speed * Math.PI) / 30;
    return standbyW + shaftW / driveEfficiency + noise.of(6, powerNoise);
  }

  truth(): PlantTruth {
    return { elapsedMs: this.#elapsedMs, stations: [this.#station.truth()] };
  }
}

/**
 * Plant with inputs `input-speed` [rpm] and `output-torque` [Nm, the brake's setpoint]; outputs
 * `input-speed`, `output-speed`, `input-torque`, `output-torque`, `power` [W] of the servo, and the
 * station's `housing-temperature` and `vibration`. Ratings needed: `ratio`, `rated-torque` [Nm], `rated-speed`
 * [rpm], `rated-life` [ms, the maker's L50 at both]; `K1` [Nm/arcmin] if known. One station only.
 */
export function harmonicPlant(
  stations: readonly StationSpec[],
  seed: number,
  parameters: Record<string, number> = {},
): Plant {
  const [spec] = stations;
  assert(spec !== undefined && stations.length === 1, "a harmonic rig has one station");
  return new HarmonicPlant(spec, seed, parameters);
}
