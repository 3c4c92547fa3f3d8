/** What must be true after every simulated run, whatever happened in it. */
import { expect } from "vitest";
import { good, type RunSample } from "../../src/base/sample.js";
import { valueProblems } from "../../src/base/schema.js";
import { type Setpoints, setpointAt } from "../../src/base/setpoint.js";
import { exposureOf } from "../../src/profile/exposure.js";
import { eventData, type RecordEvent, type StoredEvent } from "../../src/record/document/event.js";
import { RunSummary } from "../../src/record/document/run.js";
import { verifyChain } from "../../src/record/verify.js";
import { stateFromJson, stateToJson } from "../../src/run/checkpoint.js";
import { inputsOf, replay, restore } from "../../src/run/fold.js";
import { initialState, type RunState } from "../../src/run/state.js";
import type { SimRun } from "./harness.js";

type Written = { events: StoredEvent[]; samples: RunSample[] };

/** A run whose record could be kept. Actuators in `deaf` were made unreachable by the test. */
export function checkInvariants(run: SimRun, deaf: readonly string[] = []): void {
  const written = { events: [...run.reader.events()], samples: [...run.reader.samples()] };
  expect(run.error).toBeUndefined();
  const { outcome, isLeft } = run.test.state;
  expect(outcome !== null || isLeft).toBe(true);
  expect(verifyChain(run.reader)).toMatchObject({ ok: true, events: written.events.length });
  checkDocuments(run, written.events);
  checkOrder(written.samples);
  checkTimes(run, written);
  checkAlarms(run, written.events);
  checkSafe(run, deaf);
  checkWrites(run);
  checkFold(run, written);
  checkCrashes(run, written);
  checkTruth(run, written.samples);
}

/** What is written fits its schema: readers rely on it and do not look. */
function checkDocuments({ reader }: SimRun, events: readonly StoredEvent[]): void {
  const misfits = events.flatMap(({ kind, data, text }) => {
    return valueProblems(eventData[kind], data).map((problem) => `${kind} "${text}": ${problem}`);
  });
  expect(misfits).toEqual([]);
  if (reader.summary !== undefined) expect(valueProblems(RunSummary, reader.summary)).toEqual([]);
}

function checkOrder(samples: readonly RunSample[]): void {
  const wrong = samples.filter((s, i) => {
    const before = samples[i - 1];
    return s.cycle !== i + 1 || (before !== undefined && s.at <= before.at);
  });
  expect(wrong).toEqual([]);
}

/** Times are told to the microsecond. */
const grainMs = 0.001;

type Stretch = { from: number; to: number };

/** When the run was in Execute, from its state events alone. */
function executing(events: readonly RecordEvent[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { kind, at, data } of events) {
    if (kind !== "state") continue;
    if (data.from === "Execute") stretches.at(-1)!.to = at;
    if (data.to === "Execute") stretches.push({ from: at, to: Number.NaN });
  }
  return stretches;
}

function overlap(stretches: readonly Stretch[], from: number, to: number): number {
  return stretches.reduce((sum, s) => {
    return sum + Math.max(0, Math.min(to, s.to) - Math.max(from, s.from));
  }, 0);
}

/**
 * Time on test is time in Execute. Time at stress holds what the samples at the ends of the slices say, which
 * is not all that may have been between them.
 */
function checkTimes(run: SimRun, { events, samples }: Written): void {
  const stretches = executing(events);
  const stations = run.test.state.stations.map((s) => ({
    to: s.endedAt ?? Infinity,
    book: s.book,
  }));
  for (const { to, book } of [...stations, { to: Infinity, book: run.test.state.book }]) {
    let least = 0;
    let most = 0;
    let from = 0;
    for (const [i, sample] of samples.entries()) {
      if (sample.at > to) break;
      const spent = overlap(stretches, from, sample.at);
      const { before } = run.cycles[i]!;
      const isGap = sample.at - from > Math.max(3 * run.rig.cycleMs, 2000);
      const stress = isGap ? undefined : atStress(run, sample, before.setpoints);
      if (stress === true) least += spent;
      if (stress !== false) most += spent;
      from = sample.at;
    }
    // After the last sample nobody has looked any more.
    if (to >= run.test.state.at) most += overlap(stretches, from, run.test.state.at);
    const { timeOnTestMs, timeAtStressMs } = exposureOf(book);
    const total = overlap(stretches, 0, Math.min(to, run.test.state.at));
    expect(timeOnTestMs[0]).toBeCloseTo(total, 3);
    expect(timeOnTestMs[1]).toBeCloseTo(total, 3);
    expect(timeAtStressMs[0]).toBeLessThanOrEqual(least + grainMs);
    expect(timeAtStressMs[1]).toBeGreaterThanOrEqual(most - grainMs);
    expect(timeAtStressMs[1]).toBeLessThanOrEqual(total + grainMs);
  }
}

function atStress(run: SimRun, sample: RunSample, setpoints: Setpoints): boolean | undefined {
  let known = true;
  for (const [role, written] of Object.entries(run.loaded.rig.atStress)) {
    const share = Number.parseFloat(written) / 100;
    const i = run.rig.actuators.findIndex((a) => a.role === role);
    const column = run.rig.actuators[i]!.column;
    const wanted = setpointAt(setpoints, run.test.context.places[i]!);
    if (wanted === 0) return false;
    if (sample.quality[column] !== good) known = false;
    else if (Math.abs(sample.values[column]! - wanted) > share * wanted) return false;
  }
  return known ? true : undefined;
}

/** Every alarm is standing or returned at the end, as its events say, and counted as often. */
function checkAlarms(run: SimRun, events: readonly RecordEvent[]): void {
  const told = new Map<string, { count: number; state: string; raisedAt: number }>();
  for (const { kind, data, station, at } of events) {
    if (kind !== "alarm" || data.reaction === "log") continue;
    const key = `${data.limit} ${station ?? null}`;
    const before = told.get(key) ?? { count: 0, state: "", raisedAt: at };
    if (data.change === "raised") {
      expect(before.state).not.toBe("unacknowledged");
      told.set(key, { ...before, count: before.count + 1, state: "unacknowledged" });
    } else {
      expect(before.state).toBe("unacknowledged");
      told.set(key, { ...before, state: "returned-unacknowledged" });
    }
  }
  const kept = run.summary!.alarms as unknown as {
    limit: string;
    station: string | null;
    count: number;
    state: string;
    raisedAt: number;
  }[];
  const found = kept.map(({ limit, station, count, state, raisedAt }) => {
    return [`${limit} ${station}`, { count, state, raisedAt }] as const;
  });
  expect(new Map(found)).toEqual(told);
}

/** From each abort on, within the time the rig file states, the devices drive safe values only. */
function checkSafe({ events, driven, rig, test }: SimRun, deaf: readonly string[]): void {
  const aborted = events.filter((e) => e.kind === "state" && e.data.to === "Aborting");
  const ends = aborted.length > 0 ? aborted : [{ at: test.state.at }];
  for (const { at } of ends) {
    for (const { role, safe, safeWithinMs } of rig.actuators) {
      if (deaf.includes(role)) continue;
      const own = driven.filter((d) => d.role === role);
      const late = own.filter((d) => d.at > at + safeWithinMs);
      const then = own.filter((d) => d.at <= at + safeWithinMs).at(-1);
      const wrong = [...(then === undefined ? [] : [then]), ...late].filter((d) => {
        return Math.abs(d.active - safe) > 1e-6;
      });
      expect(wrong, `${role} after ${at}`).toEqual([]);
    }
  }
}

/** Nobody asked for more than the ceiling (beyond one part in a million), or for what is forbidden. */
function checkWrites({ loaded, bench, driven, rig }: SimRun): void {
  for (const name of loaded.devices.keys()) {
    expect(bench.device(name).forbiddenWrites, name).toBe(0);
  }
  for (const { role, ceiling } of rig.actuators) {
    const most = Math.max(0, ...driven.filter((d) => d.role === role).map((d) => d.written));
    expect(most, role).toBeLessThanOrEqual(ceiling * (1 + 1e-6));
  }
}

/** JSON writes what is not finite as null, and so does the record. */
function plain(events: readonly RecordEvent[]): unknown {
  return JSON.parse(
    JSON.stringify(
      events.map(({ kind, at, cycle, station, text, data }) => {
        return { kind, at, cycle, station, text, data };
      }),
    ),
  );
}

function checkFold({ test }: SimRun, { events, samples }: Written): void {
  const initial = initialState(test.context);
  const again = replay(test.context, initial, inputsOf({ events, samples }));
  expect(again.state).toEqual(test.state);
  const decided = events.filter((e) => e.kind !== "attachment");
  expect(plain(again.events)).toEqual(plain(decided));
  const folded = restore(test.context, initial, source({ events, samples }));
  expect(folded).toEqual(test.state);
  const inputs = [...inputsOf({ events, samples })];
  const half = Math.floor(inputs.length / 2);
  const middle = replay(test.context, initial, inputs.slice(0, half)).state;
  const kept = stateFromJson(JSON.parse(JSON.stringify(stateToJson(middle))));
  expect(kept).toEqual(middle);
  expect(replay(test.context, kept, inputs.slice(half)).state).toEqual(test.state);
}

function source({ events, samples }: Written) {
  return {
    events: () => events,
    samples: (from: number) => samples.filter((s) => s.at >= from),
  };
}

/** How many places of a long run a crash is tried at. */
const crashes = 40;

/**
 * A crash leaves all events up to some commit, every sample before them, and any number of those up to
 * the next event. Folding it must work and never claim more exposure than the run came to.
 */
function checkCrashes({ test }: SimRun, { events, samples }: Written): void {
  const initial = initialState(test.context);
  const final = test.state;
  const stride = Math.max(1, Math.floor(events.length / crashes));
  for (let k = 0; k <= events.length; k += stride) {
    const lowest = events[k - 1]?.cycle ?? 0;
    const highest = events[k]?.cycle ?? samples.length;
    const cut = lowest + (((k * 7919) % 101) / 100) * (highest - lowest);
    const left = { events: events.slice(0, k), samples: samples.slice(0, Math.floor(cut)) };
    const state = restore(test.context, initial, source(left));
    expect(atLeastWithin(state, final), `crash after event ${k}`).toEqual([]);
  }
}

/** Counters that say more than the final state: none. */
function atLeastWithin(state: RunState, final: RunState): string[] {
  const books = [state.book, ...state.stations.map((s) => s.book)];
  const finals = [final.book, ...final.stations.map((s) => s.book)];
  return books.flatMap((book, b) => {
    const most = exposureOf(finals[b]!);
    return Object.entries(exposureOf(book)).flatMap(([name, [least]]) => {
      const [bound] = most[name as keyof typeof most];
      return least <= bound * (1 + 1e-12) + 1e-9 ? [] : [`${name}: ${least} > ${bound}`];
    });
  });
}

/** The plant's true turns lie in the booked interval: of the rig's specimens until their end, to the last. */
function checkTruth(run: SimRun, samples: readonly RunSample[]): void {
  const { context, state } = run.test;
  for (const [i, { name }] of context.stations.entries()) {
    const { endedAt, book } = state.stations[i]!;
    const sample = samples.findIndex((s) => s.at === endedAt);
    const final = run.truths.at(-1)!.truth.stations.find((s) => s.station === name)!;
    const turns = sample < 0 ? final.turns : run.began[sample]![name]!;
    const [least, most] = exposureOf(book).turns;
    expect(turns, `${name} at least`).toBeGreaterThanOrEqual(least);
    expect(turns, `${name} at most`).toBeLessThanOrEqual(most);
  }
}
