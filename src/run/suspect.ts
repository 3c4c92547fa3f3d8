/** Stations that a trip was on: nobody knows yet whether their specimen has failed (docs/run.md). */
import type { CompiledLimit } from "../limit/compile.js";
import type { Disposition } from "../record/document/input.js";
import { type Draft, emit, transition } from "./draft.js";
import { failBy, failuresReached } from "./failure.js";
import type { Suspect } from "./state.js";

/** `parked` in the place of a limit's name. */
export const parkedLimit = "parked";

/** A trip on a station whose specimen is on test opens a suspicion; a second one of that station adds nothing. */
export function suspect({ context, s }: Draft, limit: string, station: string, text: string): void {
  const index = context.stations.findIndex(({ name }) => name === station);
  const state = s.stations[index];
  if (state?.outcome !== "running" || Number.isNaN(s.executeSince)) return;
  if (s.suspects.some((one) => one.station === station)) return;
  const found = { station, limit, text, at: s.at, book: state.book };
  s.suspects = [...s.suspects, found];
}

/** Which stations keep the run from being resumed, and why; undefined when none does. */
export function suspicion(suspects: readonly Suspect[]): string | undefined {
  if (suspects.length === 0) return undefined;
  const list = suspects.map(({ station, text }) => `${station} (${text})`).join(", ");
  return `suspect: ${list}; each needs a disposition: what was found and whether the specimen continues`;
}

/** A person's word on a suspect station; it moves nothing. */
export function onDisposition(d: Draft, said: Disposition): void {
  const { station, kind, decision, text, by } = said;
  const found = d.s.suspects.find((one) => one.station === station);
  const input = { input: { kind: "disposition" as const, at: d.s.at, disposition: said } };
  if (found === undefined) {
    const refused = `disposition refused: ${station} is not suspect`;
    emit(d, "fault", refused, input, station);
    return;
  }
  const sentence = `${station}: ${kind}, ${decision}: ${text} (${by}; after ${found.text})`;
  const { limit } = found;
  const isBack = found.takenOff === true && decision === "continue";
  const remounted = isBack ? { remounted: true as const } : {};
  emit(
    d,
    "disposition",
    sentence,
    { kind, decision, by, limit, trippedAt: found.at, ...remounted, ...input },
    station,
  );
  d.s.suspects = d.s.suspects.filter((one) => one !== found);
  if (decision === "failed") fail(d, found, sentence);
  else if (decision === "withdrawn") withdraw(d, found, sentence);
  endWhenNobodyIsLeft(d);
}

/** What was turned after the trip is no longer its life: it failed when it tripped, at the latest. */
function fail(d: Draft, found: Suspect, cause: string): void {
  const limit = d.context.limits.find(
    ({ name, station }) => name === found.limit && station === found.station,
  );
  const index = backToTrip(d, found);
  failBy(
    d,
    [index],
    { limit: found.limit, mode: modeOf(limit, found), value: null, cause },
    found.at,
  );
}

function modeOf(limit: CompiledLimit | undefined, { limit: name, byParking }: Suspect): string {
  return byParking === true ? "inspection" : (limit?.mode ?? name);
}

/** Censored at the trip, and never plainly: that it ended says something of its life. */
export function withdraw(d: Draft, found: Suspect, cause: string): void {
  const index = backToTrip(d, found);
  d.s.stations = d.s.stations.map((state, i) =>
    i === index
      ? { ...state, outcome: "censored", cause, endedAt: found.at, informative: true }
      : state,
  );
}

function backToTrip(d: Draft, { station, book }: Suspect): number {
  const index = d.context.stations.findIndex(({ name }) => name === station);
  d.s.stations = d.s.stations.map((state, i) => (i === index ? { ...state, book } : state));
  return index;
}

/** Nothing is taken up again only to find that the test is over. */
function endWhenNobodyIsLeft(d: Draft): void {
  const why = failuresReached(d);
  if (why !== undefined) transition(d, "stop", why);
}
