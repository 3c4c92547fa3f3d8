import { deflateSync } from "node:zlib";
import type { ElapsedMs, RunMs } from "../base/clock.js";
import type { Json } from "../base/json.js";
import { formatDuration } from "../base/quantity.js";
import type { Setpoints } from "../base/setpoint.js";
import { isAbort, type RecordEvent, triggerKinds } from "../record/document/event.js";
import type { RecordWriter } from "../record/writer-port.js";
import type { LineFrame } from "../rig/bind.js";
import type { RunContext, RunState } from "../run/state.js";

/** Setpoints remembered for the time before a trigger. */
const mostIntents = 512;

type Intent = { at: RunMs; setpoints: readonly number[] };
type Trigger = { at: RunMs; cycle: number; kind: string; text: string };
type Capture = {
  triggers: Trigger[];
  fromMs: RunMs;
  toMs: RunMs;
  frames: Map<string, LineFrame>;
};

/** Everything around a trip, failure or abort that is not in the record anyway: wire frames and intents. */
export type BlackBoxParts = {
  context: RunContext;
  record: Pick<RecordWriter, "attach">;
  /** The last frames of all lines. */
  frames: () => readonly LineFrame[];
  /** The moment of the machine's clock at which the run's own is zero. */
  zero: ElapsedMs;
  /** Attachments the record has already, of this run before a restart. */
  made: number;
};

/**
 * Samples are all in the record, whole; the black box adds what else explains a trip, failure or abort, from
 * `before` its first trigger to `after` its last. Another trigger in that time extends it. It is written
 * as one attachment when the time is over, the run ends or the process lets go of it.
 */
export class BlackBox {
  readonly #parts: BlackBoxParts;
  #intents: Intent[] = [];
  #setpoints: Setpoints | undefined;
  #capture: Capture | undefined;
  #count: number;

  constructor(parts: BlackBoxParts) {
    this.#parts = parts;
    this.#count = parts.made;
  }

  /** After every decision; must be cheap while nothing is wrong. */
  note(state: RunState, events: readonly RecordEvent[]): void {
    if (state.setpoints !== this.#setpoints) this.#intend(state);
    for (const event of triggersOf(events)) this.#open(event);
    if (this.#capture === undefined) return;
    const ended = state.isLeft || events.some((e) => e.kind === "run-ended");
    if (state.at > this.#capture.toMs || ended) this.#write(state);
  }

  /** The loop has ended by a defect: what was captured is kept. */
  end(state: RunState): void {
    if (this.#capture !== undefined) this.#write(state);
  }

  #intend(state: RunState): void {
    this.#setpoints = state.setpoints;
    this.#intents.push({ at: state.at, setpoints: [...state.setpoints] });
    if (this.#intents.length >= 2 * mostIntents) this.#intents.splice(0, mostIntents);
  }

  #open({ at, cycle, kind, text }: RecordEvent): void {
    const { beforeMs, afterMs } = this.#parts.context.program.blackBox;
    this.#capture ??= { triggers: [], fromMs: at - beforeMs, toMs: at, frames: new Map() };
    this.#capture.triggers.push({ at, cycle, kind, text });
    this.#capture.toMs = at + afterMs;
    this.#look(this.#capture);
  }

  /** A line keeps its last frames only: they are taken at every trigger and at the end. */
  #look(capture: Capture): void {
    for (const frame of this.#parts.frames()) {
      capture.frames.set(`${frame.line} ${frame.n}`, frame);
    }
  }

  #write({ at, cycle }: RunState): void {
    const capture = this.#capture!;
    this.#capture = undefined;
    this.#look(capture);
    this.#count++;
    const { fromMs, triggers: seen } = capture;
    const toMs = Math.min(capture.toMs, at);
    const first = seen[0]!;
    const data = {
      number: this.#count,
      fromMs,
      toMs,
      triggers: seen,
      ...this.#around(capture, toMs),
    };
    const name = `black-box-${this.#count}.json.z`;
    const span = `${formatDuration(first.at - fromMs)} before to ${formatDuration(toMs - first.at)} after`;
    this.#parts.record.attach(
      { name, data: new Uint8Array(deflateSync(JSON.stringify(data))) },
      {
        at,
        cycle,
        text: `black box ${this.#count}: ${span} ${first.text}`,
        data: { number: this.#count },
      },
    );
  }

  #around({ fromMs, frames }: Capture, toMs: RunMs): { [k: string]: Json } {
    const { context, zero } = this.#parts;
    const before = this.#intents.findLast((intent) => intent.at < fromMs);
    const within = this.#intents.filter((intent) => intent.at >= fromMs && intent.at <= toMs);
    const seen = [...frames.values()].map((frame) => frameJson(frame, zero));
    return {
      roles: context.actuators.map((a) => a.role),
      intents: [...(before === undefined ? [] : [before]), ...within],
      frames: seen
        .filter((frame) => frame.at >= fromMs && frame.at <= toMs)
        .sort((a, b) => a.at - b.at),
    };
  }
}

/** Trips and failures; an abort that neither explains, for itself. */
function triggersOf(events: readonly RecordEvent[]): readonly RecordEvent[] {
  const triggers = events.filter(({ kind }) => triggerKinds.includes(kind));
  if (triggers.length > 0) return triggers;
  return events.filter(isAbort);
}

function frameJson({ line, at, unit, direction, bytes, verdict }: LineFrame, zero: ElapsedMs) {
  const onRun = Math.round((at - zero) * 1000) / 1000;
  return { line, at: onRun, unit, direction, bytes: Buffer.from(bytes).toString("hex"), verdict };
}
