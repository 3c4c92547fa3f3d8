/** Putting down a run that nobody keeps, from its record alone: no line, no site. */
import { WearoutError } from "../base/error.js";
import { reopenRecord } from "../record/writer.js";
import { contextOf } from "../run/context.js";
import { decide } from "../run/decide.js";
import { parkObjection } from "../run/park.js";
import type { RunState } from "../run/state.js";
import { backAt, findRun, headOf, outageMs, setClock } from "./comeback.js";
import type { EndSpec } from "./end-run.js";
import { rigShape } from "./facts.js";
import { keptRun } from "./kept-run.js";

/** As for `endRun`; `mounted`: stations whose specimens stay in place. */
export type ParkSpec = EndSpec & { mounted: readonly string[] };

/**
 * Takes the record, verifies and folds it, books the outage and writes down that its rig is free. Throws as `endRun`, and
 * `STATE_REFUSED` where the run cannot be parked.
 */
export async function parkRun(spec: ParkSpec): Promise<RunState> {
  const { recordsRoot, id, clock, writer, by, reason, mounted } = spec;
  const record = await reopenRecord(recordsRoot, id, clock, writer);
  try {
    const kept = keptRun(headOf(recordsRoot, id));
    const context = contextOf({ ...kept, rig: rigShape(kept.loaded) });
    const found = findRun(recordsRoot, id, context);
    const why = parkObjection(context, found.state, mounted);
    if (why !== undefined) {
      throw new WearoutError("STATE_REFUSED", `run ${id} cannot be parked: ${why}`);
    }
    const lengthMs = outageMs({ ...found, ...(await setClock(clock, spec.timeSync)) });
    const at = backAt(found.state, lengthMs);
    const said = { at, lengthMs, by, reason, mounted: [...mounted] };
    const { state, effects } = decide(context, found.state, { kind: "parked", ...said });
    await record.commit(effects.events);
    return state;
  } finally {
    await record.close().catch(() => {});
  }
}
