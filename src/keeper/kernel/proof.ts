/** What shows that an actuator has acted: the questions of its plan, asked one after the other. */
import type { ElapsedMs } from "../../base/clock.js";
import type { Reply } from "../../line/line.js";
import type { Ask, PlanActuator } from "../../rig/safe-plan.js";
import type { SafeCause } from "../../rig/safety.js";
import { judge, type Verdict } from "./answer.js";

type Group = "obeys" | "acted" | "held" | "effect";

/** One look at everything that can be asked. A group is answered by yes where every question of it is. */
export class Proof {
  verdicts: Partial<Record<Group, Verdict>> = {};
  /** The last thing that was not as it should be. */
  problem = "";
  #open: { group: Group; ask: Ask }[];

  constructor({ obeys, acted, held, effect }: PlanActuator, cause: SafeCause) {
    const groups = { obeys, acted, held: held[cause], effect: effect[cause] };
    this.#open = (Object.keys(groups) as Group[]).flatMap((group) =>
      groups[group].map((ask) => ({ group, ask })),
    );
  }

  /** Undefined: everything was asked. `isKnown` spares a question whose answer was seen just now. */
  next(isKnown: (question: Ask) => boolean): Ask | undefined {
    while (this.#open[0]?.group === "held" && isKnown(this.#open[0].ask)) {
      this.#open.shift();
      this.verdicts.held ??= "yes";
    }
    return this.#open[0]?.ask;
  }

  /** The answer to the question that `next` gave, and how far its value is beyond its bounds. */
  learn(reply: Reply, { acted }: PlanActuator): { ask: Ask; beyond: number } {
    const { group, ask } = this.#open.shift()!;
    const { verdict, said, beyond } = judge(ask, reply);
    if (verdict === "yes") this.verdicts[group] ??= "yes";
    else {
      this.verdicts[group] = verdict;
      // Where the device shows its state, what its setpoint holds explains nothing.
      if (group !== "held" || acted.length === 0) this.problem = said;
      // The others of its state are asked all the same: what comes down obeys.
      const goesOn = group === "acted" && verdict === "no";
      if (!goesOn) this.#open = this.#open.filter((question) => question.group !== group);
    }
    return { ask, beyond };
  }
}

const fallMs = 2000;
const fallShare = 0.98;

/** Speed or load that comes down is obeying; it may stand still for two seconds before it counts as not falling. */
export class Fall {
  readonly #nearest = new Map<string, number>();
  #at: ElapsedMs = Number.NEGATIVE_INFINITY;

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
