/** The safe plan of a run that is kept: watched from its start to its end, and where a person's word is heard. */
import { Cancel, type Clock } from "../../base/clock.js";
import type { PlanStore } from "../../keeper/plan-store.js";
import type { BoundRig } from "../../rig/bind.js";
import type { Abandoned } from "../../rig/safe-plan.js";
import type { Pilot } from "../../run/pilot.js";
import type { Output } from "../output.js";

/** A `stat` costs nothing; whoever gives his word waits for the answer. */
const lookMs = 500;

type Watched = { rig: BoundRig; store?: PlanStore | undefined; clock: Clock };
type Keeps = { pilot: Pick<Pilot, "fault" | "abandon"> };

/** Returns how to stop. What is found is a `fault` of the run, so that it is told and in its record. */
export function watchPlan({ pilot }: Keeps, watched: Watched, out: Output): () => void {
  const { store, clock } = watched;
  const cancel = new Cancel();
  const look = async () => {
    while (store !== undefined && !cancel.cancelled) {
      await clock.sleep(lookMs, cancel);
      const { told, word } = store.look();
      for (const text of told) pilot.fault(text);
      if (word !== undefined) answer(word, pilot, watched, store, out);
    }
  };
  void look();
  return () => cancel.cancel();
}

/** `rig abandon` from another terminal: only for what was made safe and has not acted. */
function answer(
  word: Abandoned,
  pilot: Keeps["pilot"],
  { rig, clock }: Watched,
  store: PlanStore,
  out: Output,
): void {
  const why = objection(rig, clock.wall() - word.wall);
  if (why === undefined) {
    pilot.abandon(word.by, word.reason);
    rig.abandon();
    store.answer(word, { taken: true, text: "it lets go, and its process ends" });
  } else {
    out.talk(`rig abandon by ${word.by} is refused: ${why}`);
    store.answer(word, { taken: false, text: why });
  }
}

function objection(rig: BoundRig, ageMs: number): string | undefined {
  if (!rig.isSafe) return "the rig runs: type hold, stop or abort at its own terminal first";
  const open = rig.safety().filter(({ acted }) => !acted);
  if (open.length === 0) return "every actuator has acted: there is nothing to leave";
  // Who gave it before did not know how this making safe goes.
  if (ageMs > Math.max(...open.map(({ tookMs }) => tookMs))) {
    return "it was given before the rig was being made safe: look, and give it again";
  }
  return undefined;
}
