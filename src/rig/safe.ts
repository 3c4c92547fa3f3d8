/**
 * The way to the safe state: the actuators' safe steps in safe order on the stop lane, each confirmed
 * and repeated until it is or its time is over. One that does not confirm never holds up the next.
 */
import { type Clock, type ElapsedMs, withDeadline } from "../base/clock.js";
import type { BoundActuator } from "./actuator.js";
import type { RigFault } from "./rig.js";
import { safeSteps } from "./safe-plan.js";
import type { ActuatorSafety } from "./safety.js";
import { runSteps } from "./steps.js";

/** Between two attempts at an actuator that did not confirm; the line's own waits come on top. */
const againMs = 20;

/** One run through all actuators. Never throws and never lasts longer than their `safeWithin`. */
export async function makeSafe(
  actuators: readonly BoundActuator[],
  clock: Clock,
): Promise<ActuatorSafety[]> {
  const orders = [...new Set(actuators.map((a) => a.facts.safeOrder))].sort((a, b) => a - b);
  const since = clock.elapsed();
  const steps: Promise<ActuatorSafety>[] = [];
  for (const order of orders) {
    const group = actuators.filter((a) => a.facts.safeOrder === order);
    const tries = group.map((actuator) => new Attempts(actuator, clock, since));
    steps.push(...tries.map((t) => t.done));
    await Promise.all(tries.map((t) => t.first));
  }
  return Promise.all(steps);
}

class Attempts {
  /** Resolves after the first attempt, confirmed or not: the next group may begin. */
  readonly first: Promise<void>;
  readonly done: Promise<ActuatorSafety>;
  readonly #actuator: BoundActuator;
  readonly #clock: Clock;
  readonly #since: ElapsedMs;
  readonly #until: ElapsedMs;
  #over = false;
  #problem = "no answer from the line";
  #firstOver: () => void = () => {};

  constructor(actuator: BoundActuator, clock: Clock, since: ElapsedMs) {
    this.#actuator = actuator;
    this.#clock = clock;
    this.#since = since;
    this.#until = clock.elapsed() + actuator.facts.safeWithinMs;
    this.first = new Promise((resolve) => {
      this.#firstOver = resolve;
    });
    const late = () => false;
    this.done = withDeadline(clock, this.#repeat(), actuator.facts.safeWithinMs, late).then(
      (confirmed) => this.#end(confirmed),
      (error) => this.#defect(error),
    );
  }

  async #repeat(): Promise<boolean> {
    for (;;) {
      const fault = await this.#attempt();
      this.#firstOver();
      if (fault === undefined) return true;
      this.#problem = fault.detail;
      const isFinal = fault.code === "identity";
      if (isFinal || this.#over || this.#clock.elapsed() + againMs >= this.#until) return false;
      await this.#clock.sleep(againMs);
    }
  }

  /** A device that never proved who it is must do so first: on a clone "stop" may mean "run". */
  async #attempt(): Promise<RigFault | undefined> {
    const { session, point, mapping, facts } = this.#actuator;
    if (session.identity !== "right") {
      const fault = await session.identify("stop");
      if (fault !== undefined) return fault;
    }
    const steps = safeSteps(session.device.type, point, mapping.toPoint(facts.safe));
    const goesOn = () => !this.#over && this.#clock.elapsed() < this.#until;
    return runSteps({ session, lane: "stop", clock: this.#clock, goesOn }, steps);
  }

  #end(confirmed: boolean): ActuatorSafety {
    this.#over = true;
    this.#firstOver();
    const { facts, session } = this.#actuator;
    const tookMs = this.#clock.elapsed() - this.#since;
    const detail = confirmed ? "confirmed by read-back" : this.#problem;
    const level = confirmed ? "held" : "asked";
    const next = confirmed ? "" : "go there and switch it off";
    const { role } = facts;
    const known = { role, device: session.device.name, level, best: "held" } as const;
    return { ...known, acted: confirmed, tookMs, detail, next };
  }

  /** Even our own mistake in one actuator must not keep the others from their safe values. */
  #defect(error: unknown): ActuatorSafety {
    this.#problem = error instanceof Error ? error.message : String(error);
    return this.#end(false);
  }
}
