/** Ending a test that nobody keeps, from its record alone: no line, no site. */
import type { Clock } from "../base/clock.js";
import { formatHours } from "../base/quantity.js";
import { exposureOf } from "../profile/exposure.js";
import type { TimeSync } from "../record/document/event.js";
import type { RunSummary } from "../record/document/run.js";
import { openRecord } from "../record/reader.js";
import { reopenRecord, type WriterOptions } from "../record/writer.js";
import { contextOf } from "../run/context.js";
import { decide } from "../run/decide.js";
import { restore } from "../run/fold.js";
import { initialState, type RunState } from "../run/state.js";
import { awayText, backAt, findRun, headOf, outageMs, setClock } from "./comeback.js";
import { rigShape } from "./facts.js";
import { keptRun } from "./kept-run.js";
import { Summary } from "./summary.js";

export type EndSpec = {
  recordsRoot: string;
  id: string;
  clock: Clock;
  writer: WriterOptions;
  timeSync?: () => TimeSync;
  /** Who ends it, and why, one sentence. */
  by: string;
  reason: string;
};

/** Where an open run was left, from its last checkpoint on; nothing is verified. Throws as `keptRun`. */
export function foldRun(root: string, id: string): RunState {
  const reader = openRecord(root, id);
  try {
    const kept = keptRun(reader.header);
    const context = contextOf({ ...kept, rig: rigShape(kept.loaded) });
    return restore(context, initialState(context), reader);
  } finally {
    reader.close();
  }
}

/**
 * `312 h of 4 specimens as censored`: the longest time on test of those that are alive, and which of them are
 * withdrawn while suspect.
 */
export function stakeOf({ stations, suspects }: RunState): string {
  const alive = stations.filter((station) => station.outcome === "running");
  const hours = alive.map((station) => exposureOf(station.book).timeOnTestMs[0]);
  const whose = alive.length === 1 ? "1 specimen" : `${alive.length} specimens`;
  const doubt = suspects
    .filter(({ byParking }) => byParking !== true)
    .map(({ station, text }) => `${station} (${text})`)
    .join(", ");
  const withdrawn = doubt === "" ? "" : `, and withdraws what is suspect: ${doubt}`;
  return `${formatHours(Math.max(0, ...hours))} of ${whose} as censored${withdrawn}`;
}

/**
 * Takes the record, verifies and folds it, books the outage and ends the run as stopped, with its summary.
 * Throws `RECORD_LOCKED` while a process keeps the run, `STATE_REFUSED` when it has ended, `RECORD_DAMAGED`,
 * `FILE_INVALID` when its kept texts cannot be compiled any more, `RECORD_FAILED`.
 */
export async function endRun(spec: EndSpec): Promise<{ summary: RunSummary; state: RunState }> {
  const { recordsRoot, id, clock, writer } = spec;
  const record = await reopenRecord(recordsRoot, id, clock, writer);
  try {
    const kept = keptRun(headOf(recordsRoot, id));
    const context = contextOf({ ...kept, rig: rigShape(kept.loaded) });
    const found = findRun(recordsRoot, id, context);
    const { wall, unset } = await setClock(clock, spec.timeSync);
    const input = endedInput(spec, found.state, outageMs({ ...found, wall, unset }));
    const { state, effects } = decide(context, found.state, input);
    await record.commit(effects.events);
    const told = new Summary({ header: found.header, context, pilot: { state } });
    told.note(found.events);
    told.note(effects.events);
    const summary = await told.close(record, { endedWall: Math.round(wall), lines: {} });
    return { summary, state };
  } catch (error) {
    await record.close().catch(() => {});
    throw error;
  }
}

function endedInput({ by, reason }: EndSpec, state: RunState, lengthMs: number | null) {
  const text = `ended by ${by}: ${reason}; nobody kept it ${awayText(lengthMs)}`;
  return { kind: "ended" as const, at: backAt(state, lengthMs), lengthMs, by, reason, text };
}
