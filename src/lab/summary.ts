import type { EpochMs } from "../base/clock.js";
import { exposureOf } from "../profile/exposure.js";
import type { EventKind, RecordEvent } from "../record/document/event.js";
import type { RunHeader, RunSummary } from "../record/document/run.js";
import type { RecordWriter } from "../record/writer-port.js";
import { cyclesOf } from "../run/cycle-count.js";
import type { Pilot } from "../run/pilot.js";
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

/** A run as its summary needs it. */
type Told = { header: RunHeader; context: RunContext; pilot: Pick<Pilot, "state"> };

/** When the run ended, and what its lines had counted by then. */
type Ending = { endedWall: EpochMs; lines: NonNullable<RunSummary["lines"]> };

/** Collects while the run goes on what its summary tells, and closes its record with it. */
export class Summary {
  readonly #run: Told;
  readonly #events: RunSummary["events"] = [];

  constructor(run: Told) {
    this.#run = run;
  }

  note(events: readonly RecordEvent[]): void {
    for (const { kind, at, cycle, station, text } of events) {
      if (told.includes(kind))
        this.#events.push({ kind, at, cycle, station: station ?? null, text });
    }
  }

  /** The summary is the last thing in a record; that of a run which is only left stays open without one. */
  async close(record: RecordWriter, ending: Ending): Promise<RunSummary> {
    const summary = this.now(ending);
    if (this.#run.pilot.state.outcome === null) await record.close();
    else await record.end(summary);
    return summary;
  }

  now({ endedWall, lines }: Ending): RunSummary {
    const { header, context, pilot } = this.#run;
    const { state } = pilot;
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
