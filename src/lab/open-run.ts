/** Runs that are open: what interrupted them, and what they block. Pure. */
import { WearoutError } from "../base/error.js";
import type { StoredEvent, StoredOf } from "../record/document/event.js";
import { inputIn } from "../record/document/input-in.js";
import type { RunHeader } from "../record/document/run.js";
import type { RunListing } from "../record/reader-port.js";
import { parkCommand, waysOn } from "./ways-on.js";

/** States in which a run waits, and the way there that only a cause leads on to: it is told by its reason. */
const waiting: readonly string[] = [
  ...["Held", "Suspended", "Aborting", "Aborted", "Stopped", "Complete"],
];

/**
 * What interrupted an open run, one sentence: the trip, what the person said, the fault, with the last word on its
 * actuators where that is not that they have acted; or that its controller died, where its last event leaves it at
 * work.
 */
export function causeOf(events: Iterable<StoredEvent>): string {
  let last: StoredOf<"state"> | undefined;
  let word: string | undefined;
  let parked: string | undefined;
  for (const event of events) {
    if (event.kind === "park") parked = event.text;
    else if (inputIn(event)?.kind === "interrupted") parked = undefined;
    if (event.kind === "state") {
      last = event;
      if (atWork(event)) word = undefined;
    } else word = wordOf(event, word);
  }
  if (parked !== undefined) return parked;
  if (last === undefined) return "the controller died before the run began";
  if (atWork(last)) return `the controller died in ${last.data.to}`;
  const { reason } = last.data;
  return word === undefined || reason.includes(word) ? reason : `${reason}; ${word}`;
}

function atWork({ data }: StoredOf<"state">): boolean {
  return !waiting.includes(data.to);
}

/** What an event says of actuators that have not acted; undefined once they have. */
function wordOf(event: StoredEvent, before: string | undefined): string | undefined {
  const input = inputIn(event);
  const { text } = event;
  if (input?.kind === "acted") {
    if (input.by === null) return undefined;
    return before === undefined ? text : `${text}; ${before}`;
  }
  if (input?.kind !== "confirmed" || input.act !== "safe") return before;
  return input.ok ? undefined : text;
}

type Listed = Pick<RunListing, "id" | "rig" | "specimens" | "simulated" | "condition" | "mounted">;
/** What a run would need. */
type Wanted = { rig: string; specimens: readonly string[]; stations: readonly string[] };

/**
 * The runs that keep a rig or a specimen from another one: real runs that are open, interrupted ones of this
 * rig and any that has one of these specimens. A parked one has its specimens only, and the stations that they were left
 * in. What is simulated blocks nothing.
 */
export function openRunsOf<R extends Listed>(wanted: Wanted, listing: readonly R[]): R[] {
  return listing.filter((run) => !run.simulated && blocks(run, wanted));
}

function blocks(run: Listed, wanted: Wanted): boolean {
  const { condition, rig } = run;
  if (run.specimens.some((name) => wanted.specimens.includes(name))) {
    return ["running", "interrupted", "parked"].includes(condition);
  }
  if (rig !== wanted.rig) return false;
  return condition === "interrupted" || (condition === "parked" && shared(run, wanted).length > 0);
}

/** Stations that a parked run has left its specimens in. */
function shared({ mounted = [] }: Listed, { stations }: Wanted): string[] {
  return mounted.filter((name) => stations.includes(name));
}

/** A run on a rig with these specimens cannot be on it while another has them: `STATE_REFUSED` with both commands. */
export function refuseWhileOpen(wanted: Wanted, listing: readonly Listed[]): void {
  const open = openRunsOf(wanted, listing);
  if (open.length === 0) return;
  throw new WearoutError("STATE_REFUSED", open.map((run) => blockedBy(run, wanted)).join("\n"));
}

function blockedBy(run: Listed, wanted: Wanted): string {
  const names = run.specimens.filter((name) => wanted.specimens.includes(name));
  const specimens = `specimen ${names.join(", ")}`;
  if (run.condition === "parked") {
    const stations = `station ${shared(run, wanted).join(", ")} of ${run.rig}`;
    const what = names.length > 0 ? specimens : stations;
    return `run ${run.id} is parked and has ${what}: ${waysOn(run)}`;
  }
  const what = run.rig === wanted.rig ? `rig ${run.rig}` : specimens;
  if (run.condition === "running") return `run ${run.id} is at work with ${what}`;
  return `run ${run.id} is open and has ${what}: ${waysOn(run)}; ${parkCommand(run)} frees the rig`;
}

/** The same for a run that is to go on, whatever else was begun while it was parked. */
export function refuseToGoOn(
  { id, rig, specimens, simulated }: RunHeader,
  listing: readonly Listed[],
): void {
  if (simulated) return;
  const wanted = {
    rig,
    specimens: specimens.map(({ specimen }) => specimen),
    stations: specimens.map(({ station }) => station),
  };
  refuseWhileOpen(
    wanted,
    listing.filter((run) => run.id !== id),
  );
}
