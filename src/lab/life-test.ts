import type { Clock } from "../base/clock.js";
import { assert } from "../base/error.js";
import { parseQuantity } from "../base/quantity.js";
import type { Parsed } from "../base/schema.js";
import { damageRate } from "../profile/life.js";
import type { Product } from "../profile/product.js";
import type { Profile } from "../profile/profile.js";
import type { Program } from "../profile/program.js";
import type { KeptFile, RecordWriter, RunHeader, RunSummary } from "../record/record.js";
import { createRecord, type WriterOptions } from "../record/writer.js";
import type { BoundRig } from "../rig/bind.js";
import { type Guard, startGuard } from "../rig/guard.js";
import { startKeepalive } from "../rig/keepalive.js";
import type { LoadedRig } from "../rig/load.js";
import { makeContext } from "../run/context.js";
import { type Observer, Runner } from "../run/runner.js";
import { initialState, type RunContext, type RunState } from "../run/state.js";
import { isRampingDown, isRampingUp } from "../run/states.js";
import { BlackBox } from "./black-box.js";
import { SpecimenStore } from "./specimen.js";
import { Summary } from "./summary.js";

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
  rig: BoundRig;
  profile: Parsed<Profile>;
  program: Program;
  placed: readonly Placed[];
  /** Parameters as given on the command line. */
  parameters: Readonly<Record<string, string>>;
  simulated: boolean;
  seed: number | undefined;
  software: string;
  recordsRoot: string;
  writer: WriterOptions;
  clock: Clock;
  observe?: Observer;
};

/**
 * One execution of a profile on a rig, from identity check to summary: puts record, guard, keepalive
 * and runner together. Lines and rig belong to the caller.
 */
export class LifeTest {
  readonly context: RunContext;
  readonly header: RunHeader;
  readonly runner: Runner;
  readonly #spec: LifeTestSpec;
  readonly #record: RecordWriter;
  readonly #summary = new Summary();
  readonly #blackBox: BlackBox;
  #guard: Guard | undefined;

  private constructor(spec: LifeTestSpec, header: RunHeader, record: RecordWriter) {
    this.#spec = spec;
    this.#record = record;
    this.header = header;
    this.context = contextOf(spec);
    this.runner = new Runner({
      rig: spec.rig,
      record,
      clock: spec.clock,
      context: this.context,
      initial: initialState(this.context),
      observe: (state, sample, events) => {
        this.#summary.note(events);
        this.#blackBox.note(state, events);
        this.#armGuard(state);
        spec.observe?.(state, sample, events);
      },
    });
    const frames = () => spec.rig.recentFrames();
    const zero = this.runner.zero;
    this.#blackBox = new BlackBox({ context: this.context, record, frames, zero });
  }

  /** Keeps the specimens and opens the record; nothing is sent to the rig yet. */
  static async open(spec: LifeTestSpec): Promise<LifeTest> {
    const header = headerOf(spec);
    const store = new SpecimenStore(spec.recordsRoot);
    for (const { specimen, product } of spec.placed) {
      store.keep({ specimen, product: product.product });
    }
    const record = await createRecord(spec.recordsRoot, header, spec.clock, spec.writer);
    return new LifeTest(spec, { ...header, id: record.id }, record);
  }

  get folder(): string {
    return this.#record.folder;
  }

  get state(): RunState {
    return this.runner.state;
  }

  #armGuard(state: RunState): void {
    const moving = isMoving(state);
    if (moving && this.#guard?.isArmed === false) this.#guard.arm();
    else if (!moving && this.#guard?.isArmed === true) this.#guard.disarm();
  }

  /** For a test that will not be run after all: releases its record. */
  async close(): Promise<void> {
    await this.#record.close();
  }

  /** Runs to the end. The rig is safe when this settles, whichever way. */
  async run(): Promise<RunSummary> {
    const { rig, loaded, clock } = this.#spec;
    const guard = startGuard(rig, loaded.limits, clock, ({ limit, station, text }) => {
      this.runner.trip(limit, station ?? null, text);
    });
    this.#guard = guard;
    const keepalive = startKeepalive(rig, clock);
    try {
      const state = await this.runner.run();
      const endedWall = Math.round(clock.wall());
      const lines = linesOf(rig);
      const summary = this.#summary.of(this.header, this.context, state, endedWall, lines);
      await this.#record.end(summary);
      return summary;
    } catch (error) {
      await this.#record.close().catch(() => {});
      throw error;
    } finally {
      guard.stop();
      keepalive.stop();
    }
  }
}

/** What the lines have counted until now; times to the microsecond. */
function linesOf(rig: BoundRig): NonNullable<RunSummary["lines"]> {
  const text = JSON.stringify(rig.statistics(), (_key, value: unknown) =>
    typeof value === "number" ? Math.round(value * 1000) / 1000 : value,
  );
  return JSON.parse(text) as NonNullable<RunSummary["lines"]>;
}

/** While actuators follow their setpoints, and until they are safe. */
function isMoving({ packml, waiting }: RunState): boolean {
  return packml === "Execute" || isRampingDown(packml) || (isRampingUp(packml) && !waiting);
}

function contextOf({ loaded, rig, program, placed }: LifeTestSpec): RunContext {
  const { atStress, stations } = loaded.rig;
  const { powerCeiling, ...known } = loaded.rig.exposure;
  return makeContext({
    rig,
    program,
    rigLimits: loaded.limits,
    stations: placed.map(({ station, specimen, product }) => ({
      name: station,
      group: stations[station]?.group ?? "all",
      specimen,
      damageRate: damageRate(product),
    })),
    exposure: {
      ...known,
      ...(powerCeiling === undefined ? {} : { powerCeilingW: number(powerCeiling) }),
    },
    atStress: Object.fromEntries(
      Object.entries(atStress).map(([role, text]) => [role, number(text)]),
    ),
  });
}

/** Canonical value of a quantity that the schema has checked. */
function number(text: string): number {
  const quantity = parseQuantity(text);
  assert(quantity !== undefined, `${text} was checked`);
  return quantity.value;
}

function headerOf(spec: LifeTestSpec): RunHeader {
  const { loaded, profile, placed, clock, seed } = spec;
  const name = profile.value?.profile ?? "";
  return {
    id: "",
    rig: loaded.rig.rig,
    profile: name,
    simulated: spec.simulated,
    ...(seed === undefined ? {} : { seed }),
    software: spec.software,
    startedWall: Math.round(clock.wall()),
    cycleMs: spec.rig.cycleMs,
    columns: spec.rig.columns.map(({ name: n, role, station, dimension, unit }) =>
      station === undefined
        ? { name: n, role, dimension, unit }
        : { name: n, role, station, dimension, unit },
    ),
    specimens: placed.map(({ station, specimen, product, lot }) => ({
      station,
      specimen,
      product: product.product,
      ...(lot === undefined ? {} : { lot }),
    })),
    parameters: spec.parameters,
    files: keptFiles(spec),
  };
}

function keptFiles({ loaded, profile, placed }: LifeTestSpec): KeptFile[] {
  const products = new Map(placed.map((p) => [p.product.product, p.productText]));
  return [
    { kind: "rig", name: loaded.rig.rig, text: loaded.text },
    { kind: "profile", name: profile.value?.profile ?? "", text: profile.text },
    ...[...products].map(([name, text]): KeptFile => ({ kind: "product", name, text })),
    ...[...loaded.typeTexts].map(([name, text]): KeptFile => ({ kind: "device-type", name, text })),
  ];
}
