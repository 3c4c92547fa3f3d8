import type { Clock } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import type { RunSample } from "../base/sample.js";
import type { Parsed } from "../base/schema.js";
import type { Keeper } from "../keeper/keeper.js";
import type { Product } from "../profile/product.js";
import type { Profile } from "../profile/profile.js";
import type { Program } from "../profile/program.js";
import type { RecordEvent, StoredEvent, TimeSync } from "../record/document/event.js";
import type { Disposition } from "../record/document/input.js";
import type { RunHeader, RunSummary } from "../record/document/run.js";
import { openRecord } from "../record/reader.js";
import { createRecord, reopenRecord, type WriterOptions } from "../record/writer.js";
import type { RecordWriter } from "../record/writer-port.js";
import { countsNow, countsSince, type LineCounts } from "../rig/line-counts.js";
import type { LoadedRig } from "../rig/load.js";
import { contextOf } from "../run/context.js";
import { isParked } from "../run/park.js";
import { type Interrupted, type Observer, Pilot } from "../run/pilot.js";
import { initialState, type RunContext, type RunState } from "../run/state.js";
import { BlackBox } from "./black-box.js";
import { findRun, goOn, keptMeanwhile, madeSafe, type Person, setClock } from "./comeback.js";
import { headerOf } from "./header.js";
import { LineWatch } from "./line-watch.js";
import { SpecimenStore } from "./specimen.js";
import { Summary } from "./summary.js";
import { lastTimeSync, TimeWatch } from "./time-watch.js";

/** A specimen in its place. */
export type Placed = {
  station: string;
  specimen: string;
  product: Product;
  productText: string;
  /** Of manufacture, or whatever is to be compared; for the life table. */
  lot?: string;
};

export type LifeTestSpec = {
  loaded: LoadedRig;
  keeper: Keeper;
  profile: Parsed<Profile>;
  program: Program;
  placed: readonly Placed[];
  /** Parameters as given on the command line. */
  parameters: Readonly<Record<string, string>>;
  simulated: boolean;
  seed: number | undefined;
  /** What the simulated plant was given beyond its rig file. */
  plant?: Readonly<Record<string, number>>;
  software: string;
  /** Asked at the start and once a minute; none where time is simulated. */
  timeSync?: () => TimeSync;
  recordsRoot: string;
  writer: WriterOptions;
  clock: Clock;
};

/** Where a run begins: anew, or where its record left it. */
type Beginning = {
  context: RunContext;
  initial: RunState;
  /** What was written before. */
  events: readonly StoredEvent[];
  interrupted?: Interrupted;
  dispositions?: readonly Disposition[];
};

/**
 * One execution of a profile on a rig, from identity check to summary: puts record and pilot
 * together and makes the run the guest of the rig's keeper, which belongs to the caller.
 */
export class LifeTest {
  readonly context: RunContext;
  readonly header: RunHeader;
  readonly pilot: Pilot;
  /** How it goes on, when its controller was away; undefined for a run that begins. */
  readonly interrupted: Interrupted | undefined;
  readonly #spec: LifeTestSpec;
  readonly #record: RecordWriter;
  readonly #summary: Summary;
  readonly #blackBox: BlackBox;
  readonly #timeWatch: TimeWatch;
  readonly #lineWatch: LineWatch;
  readonly #observers: Observer[] = [];
  /** What the rig's lines had counted before. */
  readonly #counted: LineCounts;
  /** Number of the last event in the record when it became the rig's guest. */
  readonly #eventsBefore: number;
  /** Settles when everything that is told beside the run has been told. */
  #telling: Promise<unknown> = Promise.resolve();

  private constructor(
    spec: LifeTestSpec,
    header: RunHeader,
    record: RecordWriter,
    from: Beginning,
  ) {
    const { context, initial, events, interrupted, dispositions } = from;
    this.#spec = spec;
    this.#record = record;
    this.header = header;
    this.context = context;
    this.interrupted = interrupted;
    this.#eventsBefore = lastOf(events);
    spec.keeper.rig.guest(header.id);
    this.#counted = countsNow(spec.keeper.rig.statistics());
    this.#timeWatch = new TimeWatch(spec.timeSync, lastTimeSync(header, events));
    this.pilot = new Pilot({
      rig: spec.keeper.rig,
      record,
      clock: spec.clock,
      context,
      initial,
      ...(interrupted === undefined ? {} : { interrupted }),
      ...(dispositions === undefined ? {} : { dispositions }),
      observe: (state, sample, events) => {
        this.#lookAtTime(state);
        this.#lineWatch.look(state.at);
        this.#note(state, sample, events);
      },
    });
    this.#summary = new Summary({ header, context, pilot: this.pilot });
    this.#summary.note(events);
    this.#lineWatch = new LineWatch(spec.keeper.rig.statistics(), echoing(spec), (text) =>
      this.pilot.fault(text),
    );
    const frames = () => spec.keeper.rig.recentFrames();
    const zero = this.pilot.zero;
    const made = events.filter((e) => e.kind === "attachment").length;
    this.#blackBox = new BlackBox({ context, record, frames, zero, made });
  }

  /** Keeps the specimens and opens the record; nothing is sent to the rig yet. */
  static async open(spec: LifeTestSpec): Promise<LifeTest> {
    const header = headerOf(spec);
    const store = new SpecimenStore(spec.recordsRoot);
    for (const { specimen, product, lot } of spec.placed) {
      const known = { specimen, product: product.product };
      store.keep(lot === undefined ? known : { ...known, lot });
    }
    const record = await createRecord(spec.recordsRoot, header, spec.clock, spec.writer);
    const context = contextOf({ ...spec, rig: spec.keeper.rig });
    const from = { context, initial: initialState(context), events: [] };
    return new LifeTest(spec, { ...header, id: record.id }, record, from);
  }

  /**
   * Goes on with a run whose controller died. Takes its record, makes the rig safe, verifies the chain and
   * folds the run; nothing is written before all of that went well. Throws `STATE_REFUSED` when the run
   * has ended, the rig is not safe, or a person is needed and none is there.
   */
  static async reopen(spec: LifeTestSpec, id: string, person: Person): Promise<LifeTest> {
    const { recordsRoot, clock, writer, keeper } = spec;
    const record = await reopenRecord(recordsRoot, id, clock, writer);
    try {
      const context = contextOf({ ...spec, rig: keeper.rig });
      const { atRest } = await madeSafe(keeper, context);
      const found = findRun(recordsRoot, id, context);
      const { takenOver } = record;
      const clockNow = await setClock(clock, spec.timeSync);
      const meanwhile = keptMeanwhile(keeper, context, id);
      const returned = { ...found, atRest, takenOver, ...clockNow, ...meanwhile };
      const interrupted = goOn(returned, context, person);
      const { state: initial, events, header } = found;
      const { dispositions = [] } = person;
      const from = { context, initial, events, interrupted, dispositions };
      return new LifeTest(spec, header, record, from);
    } catch (error) {
      await record.close().catch(() => {});
      throw error;
    }
  }

  /** Told after every input, of events that are on the disk; before `run`. Must not wait and must not throw. */
  watch(observer: Observer): void {
    this.#observers.push(observer);
  }

  get folder(): string {
    return this.#record.folder;
  }

  get state(): RunState {
    return this.pilot.state;
  }

  #note(state: RunState, sample: RunSample | undefined, events: readonly RecordEvent[]): void {
    this.#summary.note(events);
    this.#blackBox.note(state, events);
    for (const observe of this.#observers) observe(state, sample, events);
  }

  /** The run goes on meanwhile; it is told once it is on the disk. A refused write is the pilot's to see. */
  #lookAtTime(state: RunState): void {
    const changed = this.#timeWatch.at(state);
    if (changed === undefined) return;
    const told = this.#record.commit([changed]).then(
      () => this.#note(this.state, undefined, [changed]),
      () => {},
    );
    this.#telling = Promise.all([this.#telling, told]);
  }

  /** For a test that will not be run after all: releases its record. */
  async close(): Promise<void> {
    await this.#record.close();
  }

  /**
   * Runs until the run has ended or is interrupted; then its record stays open and the summary's outcome is
   * `interrupted`. Every actuator has acted when this settles, whichever way.
   */
  async run(): Promise<RunSummary> {
    const { keeper, clock } = this.#spec;
    const { rig } = keeper;
    try {
      this.#handOver("in", this.#eventsBefore);
      await keeper.board(this.pilot, this.header.id);
      await this.#telling;
      const ending = { endedWall: Math.round(clock.wall()), lines: this.#lines() };
      const summary = await this.#summary.close(this.#record, ending);
      if (this.state.outcome !== null || isParked(this.state)) rig.guest(null);
      this.#handOver("out", this.#lastEvent());
      return summary;
    } catch (error) {
      this.#blackBox.end(this.state);
      await this.#record.close().catch(() => {});
      this.#handOver("out", this.#lastEvent());
      throw error;
    }
  }

  /** Into the rig's journal; `event` is undefined where the record cannot be read. */
  #handOver(way: "in" | "out", event: number | undefined): void {
    const { keeper, simulated } = this.#spec;
    const run = this.header.id;
    if (simulated || event === undefined) return;
    const how = isParked(this.state) ? "is parked and has left" : "has left";
    const text = way === "in" ? `run ${run} has the rig` : `run ${run} ${how} the rig`;
    void keeper.book.note({ kind: "hand-over", text, run, data: { way, run, event } });
  }

  /** Only of a record that is closed. */
  #lastEvent(): number | undefined {
    if (this.#spec.simulated) return undefined;
    try {
      const reader = openRecord(this.#spec.recordsRoot, this.header.id);
      try {
        return lastOf([...reader.events()]);
      } finally {
        reader.close();
      }
    } catch (error) {
      if (error instanceof WearoutError) return undefined;
      throw error;
    }
  }

  /** What the lines have counted since it became their guest; times to the microsecond. */
  #lines(): NonNullable<RunSummary["lines"]> {
    const since = countsSince(this.#spec.keeper.rig.statistics(), this.#counted);
    const text = JSON.stringify(since, (_key, value: unknown) =>
      typeof value === "number" ? Math.round(value * 1000) / 1000 : value,
    );
    return JSON.parse(text) as NonNullable<RunSummary["lines"]>;
  }
}

/** Lines whose adapters the rig file says to echo. */
function echoing({ loaded }: LifeTestSpec): string[] {
  const lines = Object.entries(loaded.rig.lines);
  return lines.filter(([, line]) => line.localEcho === true).map(([name]) => name);
}

function lastOf(events: readonly StoredEvent[]): number {
  return events.at(-1)?.seq ?? 0;
}
