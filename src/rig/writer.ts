/** Setpoints on their way out: clamped, written only when the device does not hold them yet. */
import type { Clock } from "../base/clock.js";
import { planWrite } from "../device/command.js";
import type { WriteRequest } from "../device/request.js";
import type { BoundActuator } from "./actuator.js";
import { clampSetpoint } from "./clamp.js";
import { milliseconds } from "./device.js";
import { repeatOf } from "./repeat.js";
import type { RigFault } from "./rig.js";

/** Writes the setpoint of one actuator and remembers what the device is known to hold. */
export class SetpointWriter {
  readonly actuator: BoundActuator;
  /** What was asked for last, clamped; NaN before. */
  setpoint = Number.NaN;
  readonly #clock: Clock;
  readonly #shortestMs: number;
  readonly #repeat: ReturnType<typeof repeatOf>;
  readonly #confirm: "value" | "echo" | "none";
  /** The setpoint whose words were last confirmed; NaN when none is. */
  #value = Number.NaN;
  #words: readonly number[] | undefined;
  /** Words of a write that got no confirmation: the device may hold them or not. */
  #doubtful: readonly number[] | undefined;
  #sentAt = Number.NEGATIVE_INFINITY;

  constructor(actuator: BoundActuator, clock: Clock) {
    const { session, point } = actuator;
    const write = session.device.type.points[point]?.write;
    this.actuator = actuator;
    this.#clock = clock;
    this.#shortestMs = milliseconds(write?.shortestInterval, 0);
    this.#repeat = repeatOf(write);
    this.#confirm = write?.readBack ?? "echo";
  }

  /** Brings the device to this setpoint (canonical); undefined when it is there or has to wait. */
  async write(asked: number, goesOn: () => boolean): Promise<RigFault | undefined> {
    const { facts, session, point, mapping } = this.actuator;
    // It follows no setpoint of ours, and none is waited for.
    if (session.anotherHand !== undefined) return undefined;
    const value = clampSetpoint(facts, asked);
    this.setpoint = value;
    if (value === this.#value && this.#words === session.confirmed(point)?.words) return undefined;
    const { type, codecs } = session.device;
    const factor = await session.factor(point, "write");
    const plan = planWrite(type, codecs, point, mapping.toPoint(value), factor);
    if (!plan.ok) {
      return { code: "write-failed", device: session.device.name, detail: plan.error.message };
    }
    if (!goesOn()) return undefined;
    const fault = await this.#send(plan.request, goesOn);
    if (fault === undefined && this.#holds(plan.request.values)) this.#value = value;
    return fault;
  }

  async #send(request: WriteRequest, goesOn: () => boolean): Promise<RigFault | undefined> {
    const { session, point } = this.actuator;
    if (this.#holds(request.values)) return undefined;
    if (this.#clock.elapsed() - this.#sentAt < this.#shortestMs) return undefined;
    const repeats = this.#doubtful !== undefined && sameWords(this.#doubtful, request.values);
    if (repeats && this.#repeat !== "freely") {
      const differs = await session.differs(point, request.values, "write");
      if (differs === undefined) {
        session.found(point, request.values, this.#clock.elapsed());
        return this.#took(request.values);
      }
      if (this.#repeat === "never" || differs.code !== "write-failed") return differs;
      if (!goesOn()) return undefined;
    }
    this.#sentAt = this.#clock.elapsed();
    this.#doubtful = request.values;
    const fault = await session.write(point, request, this.#confirm, "write");
    return fault ?? this.#took(request.values);
  }

  #took(words: readonly number[]): undefined {
    this.#doubtful = undefined;
    this.#words = this.actuator.session.confirmed(this.actuator.point)?.words ?? words;
    return undefined;
  }

  #holds(words: readonly number[]): boolean {
    const { session, point } = this.actuator;
    const known = session.confirmed(point);
    if (known === undefined || !sameWords(known.words, words)) return false;
    this.#words = known.words;
    return true;
  }
}

function sameWords(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i]);
}
