import type { RunSample } from "../base/sample.js";
import type { RecordEvent, StoredEvent } from "../record/document/event.js";
import { inputIn } from "../record/document/input-in.js";
import { stateFrom } from "./checkpoint.js";
import { decide } from "./decide.js";
import type { Input, RunContext, RunState } from "./state.js";

/** What a record gives back: samples and events, each in the order they were written. */
export type Written = { events: Iterable<StoredEvent>; samples: Iterable<RunSample> };

/**
 * The inputs of a run in the order `decide` saw them: an input event belongs after the sample whose
 * number it carries.
 */
export function* inputsOf({ events, samples }: Written): IterableIterator<Input> {
  const inputs = inputEvents(events);
  let waiting = inputs.next();
  for (const sample of samples) {
    while (!waiting.done && waiting.value.cycle < sample.cycle) {
      yield waiting.value.input;
      waiting = inputs.next();
    }
    yield { kind: "sample", sample };
  }
  while (!waiting.done) {
    yield waiting.value.input;
    waiting = inputs.next();
  }
}

function* inputEvents(events: Iterable<StoredEvent>): Generator<{ cycle: number; input: Input }> {
  for (const event of events) {
    const input = inputIn(event);
    if (input !== undefined) yield { cycle: event.cycle, input };
  }
}

/** Runs everything written through `decide` again: the state it leads to and the events it gives. */
export function replay(
  context: RunContext,
  from: RunState,
  inputs: Iterable<Input>,
): { state: RunState; events: RecordEvent[] } {
  let state = from;
  const events: RecordEvent[] = [];
  for (const input of inputs) {
    const result = decide(context, state, input);
    state = result.state;
    events.push(...result.effects.events);
  }
  return { state, events };
}

/**
 * A restart is a fold over what was written: the last checkpoint, then every input after it. Without
 * a checkpoint the fold begins at `initial`.
 */
export function restore(
  context: RunContext,
  initial: RunState,
  record: { events(): Iterable<StoredEvent>; samples(fromMs: number): Iterable<RunSample> },
): RunState {
  let state = initial;
  let after: StoredEvent[] = [];
  for (const event of record.events()) {
    if (event.kind === "checkpoint") {
      state = stateFrom(context, initial, event.data.state);
      after = [];
    } else after.push(event);
  }
  const samples = newer(record.samples(state.at), state.cycle);
  return replay(context, state, inputsOf({ events: after, samples })).state;
}

function* newer(samples: Iterable<RunSample>, cycle: number): Generator<RunSample> {
  for (const sample of samples) if (sample.cycle > cycle) yield sample;
}
