/** What shows that an actuator has acted: the questions of its plan, asked one after the other. */
import type { ElapsedMs } from "../base/clock.js";
import type { Reply } from "../line/line.js";
import type { Ask, PlanActuator } from "../rig/safe-plan.js";
import type { SafeCause } from "../rig/safety.js";
import { judge, type Verdict } from "./answer.js";
import { contestedSpanMs, contestedTimes } from "./pace.js";

const groups = ["obeys", "acted", "held", "effect"] as const;
type Group = (typeof groups)[number];

/** One look at everything that can be asked. A group is answered by yes where every question of it is. */
export class Proof {
  verdicts: Partial<Record<Group, Verdict>> = {};
  /** The last thing that was not as it should be. */
  problem = "";
  readonly #actuator: PlanActuator;
  #group = 0;
  #index = 0;

  constructor(actuator: PlanActuator) {
    this.#actuator = actuator;
  }

  begin(): void {
    this.verdicts = {};
    this.problem = "";
    this.#group = 0;
    this.#index = 0;
  }

  /** Undefined: everything was asked. `isKnown` spares a question whose answer was seen just now. */
  next(cause: SafeCause, isKnown: (question: Ask) => boolean): Ask | undefined {
    for (; this.#group < groups.length; this.#leaveGroup()) {
      const group = groups[this.#group]!;
      for (;;) {
        const question = this.#asks(group, cause)[this.#index];
        if (question === undefined) break;
        if (group !== "held" || !isKnown(question)) return question;
        this.#isRight(group);
      }
    }
    return undefined;
  }

  /** The answer to the question that `next` gave; tells how far its value is beyond its bounds. */
  learn(question: Ask, reply: Reply): number {
    const group = groups[this.#group]!;
    const { verdict, said, beyond } = judge(question, reply);
    if (verdict === "yes") {
      this.#isRight(group);
      return beyond;
    }
    this.verdicts[group] = verdict;
    // Where the device shows its state, what its setpoint holds explains nothing.
    if (group !== "held" || this.#actuator.acted.length === 0) this.problem = said;
    // The others of its state are asked all the same: what comes down obeys.
    if (group === "acted" && verdict === "no") this.#index++;
    else this.#leaveGroup();
    return beyond;
  }

  #isRight(group: Group): void {
    this.verdicts[group] ??= "yes";
    this.#index++;
  }

  #leaveGroup(): void {
    this.#group++;
    this.#index = 0;
  }

  #asks(group: Group, cause: SafeCause): readonly Ask[] {
    if (group === "obeys" || group === "acted") return this.#actuator[group];
    return this.#actuator[group][cause];
  }
}

const fallMs = 2000;
const fallShare = 0.98;

/** Speed or load that comes down is obeying; it may stand still for two seconds before it counts as not falling. */
export class Fall {
  readonly #nearest = new Map<string, number>();
  #at: ElapsedMs = Number.NEGATIVE_INFINITY;

  begin(): void {
    this.#nearest.clear();
    this.#at = Number.NEGATIVE_INFINITY;
  }

  /** `beyond`: how far a value of the question still is from where it should be; NaN tells nothing. */
  note({ device, name }: Ask, beyond: number, now: ElapsedMs): void {
    const key = `${device}.${name}`;
    const nearest = this.#nearest.get(key);
    if (nearest !== undefined && !(beyond < fallShare * nearest)) return;
    if (nearest !== undefined) this.#at = now;
    if (!Number.isNaN(beyond)) this.#nearest.set(key, beyond);
  }

  isSeen(now: ElapsedMs): boolean {
    return now - this.#at < fallMs;
  }
}

/** Safe values that are taken back three times within a minute: somebody else commands the actuator. */
export class Contest {
  isOn = false;
  #times: ElapsedMs[] = [];

  begin(): void {
    this.isOn = false;
    this.#times = [];
  }

  /** It had acted, and does not stand there any more. */
  note(now: ElapsedMs): void {
    this.#times = [...this.#times.filter((at) => now - at < contestedSpanMs), now];
    this.isOn = this.#times.length >= contestedTimes;
  }
}
