/**
 * A run put down by a person's word, so that its rig is free for another one (docs/run.md). It stays open and keeps its
 * specimens; nothing is resumed before a person has said of each what it is now.
 */
import type { ParkedInput } from "../record/document/input.js";
import { bookOutage } from "./book.js";
import { checkpointNow } from "./checkpoint.js";
import { leave } from "./command.js";
import { type Draft, emit, hasBegun } from "./draft.js";
import type { Parked, RunContext, RunState, Suspect } from "./state.js";
import { parkedLimit } from "./suspect.js";

/** It is put down, not only on its way there. */
export function isParked({ parked, isLeft }: Pick<RunState, "parked" | "isLeft">): boolean {
  return parked !== null && isLeft;
}

/** Why a run cannot be parked; undefined where it can. */
export function parkObjection(
  { program, stations }: Pick<RunContext, "program" | "stations">,
  s: RunState,
  mounted: readonly string[],
): string | undefined {
  const unknown = mounted.find((name) => !stations.some((station) => station.name === name));
  if (unknown !== undefined) return `${unknown} is no station of this run`;
  if (s.outcome !== null) return `it has ended (${s.outcome})`;
  if (!hasBegun(s)) return "it has not begun";
  if (s.ending !== null) return `it ends: ${s.ending}`;
  if (s.parked !== null) return `it is parked already, by ${s.parked.by}`;
  return program.interruption === "end" ? "the profile ends an interrupted run" : undefined;
}

/** Of a run on its rig: down and safe first, as whenever it is let go of. */
export function onPark(d: Draft, input: ParkedInput): void {
  const { by, mounted } = input;
  emit(d, "input", `park by ${by}`, { input: { ...input } });
  const why = parkObjection(d.context, d.s, mounted);
  if (why !== undefined) {
    emit(d, "fault", `park refused: ${why}`, { verb: "park", state: d.s.packml });
    return;
  }
  d.s.parked = parkedOf(input);
  leave(d, `parked by ${by}: ${input.reason}`);
}

/** Of a run that nobody keeps: its rig is the business of who calls. Throws nothing; look at `parkObjection` before. */
export function parkOpen(d: Draft, input: ParkedInput, lengthMs: number | null): void {
  bookOutage(d, lengthMs);
  d.s.at = input.at;
  emit(d, "input", `parked by ${input.by}: ${input.reason}`, { input: { ...input } });
  d.s.parked = parkedOf(input);
  d.s.isLeft = true;
  parkLeft(d);
  checkpointNow(d);
}

function parkedOf({ by, reason, mounted }: ParkedInput): Parked {
  return { by, reason, mounted: [...mounted] };
}

/** It is let go of: from here on nobody sees its specimens. */
export function parkLeft(d: Draft): void {
  const { parked } = d.s;
  if (parked === null || !hasBegun(d.s)) return;
  const { by, reason, mounted } = parked;
  const onTest = d.context.stations.filter((_, i) => d.s.stations[i]!.outcome === "running");
  const takenOff = onTest.map(({ name }) => name).filter((name) => !mounted.includes(name));
  const emptied = takenOff.length === 0 ? "" : `; ${takenOff.join(", ")} taken off`;
  emit(d, "park", `parked by ${by}: ${reason}${emptied}`, {
    ...{ by, reason, mounted: [...mounted], takenOff },
  });
  for (const { name } of onTest) doubt(d, name, takenOff.includes(name));
}

/** What a trip had made suspect before stays so. */
function doubt({ context, s }: Draft, station: string, isTakenOff: boolean): void {
  const index = context.stations.findIndex(({ name }) => name === station);
  const known = s.suspects.find((one) => one.station === station);
  const text = isTakenOff
    ? "taken off when the run was parked"
    : "mounted while the run was parked";
  const found: Suspect = known ?? {
    ...{ station, limit: parkedLimit, text, at: s.at, book: s.stations[index]!.book },
    byParking: true,
  };
  const one = isTakenOff ? { ...found, takenOff: true as const } : found;
  s.suspects = [...s.suspects.filter((other) => other !== known), one];
}
