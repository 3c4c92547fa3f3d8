/** A life test that this process runs for its own terminal, to its end. */
import { type Clock, RealClock } from "../base/clock.js";
import { errorTable } from "../base/error.js";
import type { PlanStore } from "../keeper/plan-store.js";
import type { LifeTest, LifeTestSpec } from "../lab/life-test.js";
import { entersState, type RecordEvent, waitsIn } from "../record/document/event.js";
import { defaultWriterOptions } from "../record/writer.js";
import type { BoundRig } from "../rig/bind.js";
import type { LoadedRig } from "../rig/load.js";
import { exitCodeOf } from "../run/exit-code.js";
import type { Interrupted, Observer, Pilot } from "../run/pilot.js";
import type { RunState } from "../run/state.js";
import type { Kept } from "./keep-rig.js";
import { listenToKeyboard } from "./keyboard.js";
import { safeAtDefect } from "./last-resort.js";
import type { Leaving } from "./leaving.js";
import { driveUnheard, json } from "./output.js";
import { watchPlan } from "./plan-watch.js";
import { openRunView, type RunView } from "./run-view.js";
import { openText, summaryLines } from "./run-words.js";
import { safetyLines } from "./safety-lines.js";
import type { Shell } from "./shell.js";
import { softwareVersion } from "./site.js";
import { timeSyncOf } from "./time-sync.js";

/** The rig that the run is on. */
type Where = {
  kept: Kept;
  loaded: LoadedRig;
  clock: Clock;
  /** Of a rig with real lines. */
  store?: PlanStore | undefined;
};

type Machine = Pick<LifeTestSpec, "software" | "writer" | "timeSync">;

/** What a run of a real rig is opened with. */
export function ofThisMachine({ host }: Shell): Machine {
  const timeSync = () => timeSyncOf(host, host.wall());
  return { software: softwareVersion, writer: defaultWriterOptions, timeSync };
}

/** What a run in virtual time is opened with. */
export const virtualMachine: Machine = {
  software: softwareVersion,
  writer: { ...defaultWriterOptions, flushMs: Number.POSITIVE_INFINITY },
};

/** Exit status of a run that a trip, an abort or a fault interrupted. */
export const tripped = 7;

/** Shows an opened life test while it runs to its end, and answers with the exit status. */
export async function runHere(
  shell: Shell,
  test: LifeTest,
  { kept, loaded, clock, store }: Where,
  options: { json?: boolean },
  leaving: Leaving,
): Promise<number> {
  const { keeper, desk, token } = kept;
  const { rig } = keeper;
  const { simulated } = test.header;
  shell.out.talk(`${simulated ? "SIMULATED " : ""}run ${test.header.id} in ${test.folder}`);
  if (test.interrupted !== undefined) shell.out.talk(returnedText(test.interrupted));
  const stopWatching = watchPlan(test, { rig, store, clock }, shell.out);
  let over: () => void = () => {};
  const isOver = new Promise<void>((resolve) => {
    over = resolve;
  });
  let isDefect = false;
  const tellDefect = (text: string) => {
    isDefect = true;
    test.pilot.command("abort", "wearout", text);
    return isOver;
  };
  const stopGuarding = simulated ? () => {} : safeAtDefect(rig, shell.out, tellDefect);
  const view = openRunView(shell, test, { loaded, clock, token }, options);
  test.watch(view.observer);
  if (simulated) test.watch(endsAlone(test.pilot));
  test.watch((_state, _sample, events) => desk?.observe(events));
  desk?.board(test);
  leaving.attach(test.pilot, simulated);
  try {
    const status = await runToEnd(shell, test, rig, options, view);
    return isDefect ? errorTable.DEFECT.exit : status;
  } finally {
    view.close();
    desk?.board(undefined);
    over();
    stopGuarding();
    stopWatching();
  }
}

/** Nobody can type resume in virtual time: it would wait for ever, and record all of it. */
function endsAlone(pilot: Pilot): Observer {
  return (state, _sample, events) => {
    if (waitsForSomebody(state, events)) {
      const why = `${state.reason}; nobody is there to type resume in virtual time`;
      pilot.command("stop", "wearout", why);
    }
    if (doesNotAct(state)) pilot.abandon("wearout", "nobody can go to a simulated rig");
  };
}

/** Aborted, and an actuator of a simulated rig has not acted for so long that it never will. */
function doesNotAct({ packml, at, since, outcome, isLeft }: RunState): boolean {
  const waits = packml === "Aborted" && outcome === null && !isLeft;
  return waits && at - since > longestSuspendedMs;
}

/** Longer than anything that clears by itself takes on a simulated bench. */
const longestSuspendedMs = 3_600_000;

/** Held now; or suspended, and over but for a person, or for so long that it will not be over. */
function waitsForSomebody(state: RunState, events: readonly RecordEvent[]): boolean {
  if (state.packml === "Held") return events.some((event) => entersState(event, "Held"));
  if (state.packml !== "Suspended" || state.clearSamples < 0) return false;
  return (
    events.some((event) => waitsIn(event) !== undefined) ||
    state.at - state.since > longestSuspendedMs
  );
}

/** What was found, and what a person is waited for. */
function returnedText({ text, next, why }: Interrupted): string {
  const waits = next === "hold" ? "; it will be held: look, then type resume and Enter" : "";
  return `${text}; ${why}${waits}`;
}

async function runToEnd(
  shell: Shell,
  test: LifeTest,
  rig: BoundRig,
  options: { json?: boolean },
  view: RunView,
): Promise<number> {
  const stopDriving = driveUnheard();
  const stopReading = test.header.simulated ? () => {} : listenToKeyboard(test, shell.out, view);
  try {
    const summary = await test.run();
    view.close();
    if (options.json === true) shell.out.print(json(summary));
    else for (const line of summaryLines(summary)) shell.out.print(line);
    if (!summary.simulated) {
      for (const line of await safetyLines(rig, new RealClock())) shell.out.talk(line);
    }
    if (test.state.outcome === null) shell.out.talk(openText(summary));
    return exitCodeOf(test.state);
  } finally {
    stopDriving();
    stopReading();
  }
}
