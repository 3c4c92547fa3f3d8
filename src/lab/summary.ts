import type { EpochMs } from "../base/clock.js";
import { exposureOf } from "../profile/exposure.js";
import type { EventKind, RecordEvent } from "../record/document/event.js";
import type { RunHeader, RunSummary } from "../record/document/run.js";
import { cyclesOf } from "../run/cycle-count.js";
import { fullReason, type RunContext, type RunOutcome, type RunState } from "../run/state.js";

/** Kinds a person wants to see of a whole run; steps and inputs are in `run events`. */
const told: readonly EventKind[] = [
  "state",
  "alarm",
  "failure",
  "trip",
  "disposition",
  "park",
  "safe",
  "fault",
  "interruption",
  "clock",
  "run-ended",
];

/** Collects while the run goes on what its summary tells. */
export class Summary {
  readonly #events: RunSummary["events"] = [];

  note(events: readonly RecordEvent[]): void {
    for (const { kind, at, cycle, station, text } of events) {
      if (told.includes(kind))
        this.#events.push({ kind, at, cycle, station: station ?? null, text });
    }
  }

  of(
    header: RunHeader,
    context: RunContext,
    state: RunState,
    endedWall: EpochMs,
    lines: NonNullable<RunSummary["lines"]>,
  ): RunSummary {
    const { id, rig, profile, simulated, startedWall } = header;
    // Damage belongs to a specimen: the rig as a whole has none.
    const { damage: _damage, ...exposure } = exposureOf(state.book);
    return {
      id,
      rig,
      profile,
      simulated,
      seed: header.seed ?? null,
      state: state.packml,
      outcome: outcomeOf(state),
      reason: fullReason(state),
      startedWall,
      endedWall,
      exposure,
      stations: context.stations.map((station, i) =>
        stationOf(header, station, state.stations[i]!),
      ),
      cycles: cyclesOf(state),
      alarms: state.alarms.map((alarm) => ({ ...alarm })),
      events: this.#events,
      lines,
    };
  }
}

/** An open run has no outcome: once it is left it is interrupted, and its reason says by what. */
function outcomeOf({ outcome, isLeft }: RunState): RunOutcome | "running" {
  return outcome ?? (isLeft ? "interrupted" : "running");
}

function stationOf(
  header: RunHeader,
  { name, specimen }: RunContext["stations"][number],
  state: RunState["stations"][number],
): RunSummary["stations"][number] {
  const product = header.specimens.find((s) => s.station === name)?.product ?? "";
  const { outcome, mode, book } = state;
  const known = { station: name, specimen, product, outcome, mode, exposure: exposureOf(book) };
  return state.informative === true ? { ...known, informative: true } : known;
}
