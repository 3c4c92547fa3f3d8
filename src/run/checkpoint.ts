import type { Json } from "../base/json.js";
import { memoryFrom, type NamedMemory, namedMemory } from "../limit/memory.js";
import { type Draft, emit } from "./draft.js";
import type { RunContext } from "./run-context.js";
import type { Effects, RunState } from "./state.js";

/** Writes the whole state down now and then, so that a restart folds only what came after. */
export function writeCheckpoint(d: Draft): void {
  if (d.s.at - d.s.checkpointAt >= d.context.checkpointMs) checkpointNow(d);
}

/** Writes it down at once: whoever goes on begins exactly here. */
export function checkpointNow(d: Draft): void {
  d.s.checkpointAt = d.s.at;
  const limitMemory = namedMemory(d.s.limitMemory, d.context.limits);
  const state = stateToJson({ ...d.s, limitMemory });
  emit(d, "checkpoint", `checkpoint in ${d.s.packml}`, { state });
}

/** Nothing but a checkpoint: nobody acts on it, so nobody waits for it. */
export function isCheckpoint({ events, write, act }: Effects): boolean {
  if (events.length !== 1 || write !== undefined || act !== undefined) return false;
  return events[0]!.kind === "checkpoint";
}

/** JSON knows no NaN and no typed arrays; both come back as they were. */
export function stateToJson(state: object): Json {
  return JSON.parse(JSON.stringify(state, pack)) as Json;
}

function pack(_key: string, value: unknown): unknown {
  if (value instanceof Float64Array) return { f64: Array.from(value, packInArray) };
  return typeof value === "number" && !Number.isFinite(value) ? { number: String(value) } : value;
}

function packInArray(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

export function stateFromJson(json: Json): RunState {
  return JSON.parse(JSON.stringify(json), unpack) as RunState;
}

function unpack(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("f64" in value) return Float64Array.from(value.f64 as (number | string)[], Number);
  return "number" in value ? Number(value.number) : value;
}

/**
 * The state of a checkpoint for a run that goes on. `initial` has what an older version did not know yet; limits find
 * what they remember by name.
 */
export function stateFrom(context: RunContext, initial: RunState, json: Json): RunState {
  const state = { ...initial, ...stateFromJson(json) };
  const kept: NamedMemory | readonly number[] = state.limitMemory;
  return { ...state, limitMemory: memoryFrom(kept, context.limits) };
}
