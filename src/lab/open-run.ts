/** Runs that are open: what interrupted them, and what they block. Pure. */
import { WearoutError } from "../base/error.js";
import type { StoredEvent, StoredOf } from "../record/document/event.js";
import { inputIn } from "../record/document/input-in.js";
import type { RunListing } from "../record/reader-port.js";
import { waysOn } from "./ways-on.js";

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
  for (const event of events) {
    if (event.kind === "state") {
      last = event;
      if (atWork(event)) word = undefined;
    } else word = wordOf(event, word);
  }
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

type Listed = Pick<RunListing, "id" | "rig" | "specimens" | "simulated" | "condition">;
/** What a new run would need. */
type Wanted = { rig: string; specimens: readonly string[] };

/**
 * The runs that keep a rig or a specimen from a new one: real runs that are open, interrupted ones of this
 * rig and any that has one of these specimens. What is simulated blocks nothing.
 */
export function openRunsOf<R extends Listed>(
  { rig, specimens }: Wanted,
  listing: readonly R[],
): R[] {
  return listing.filter((run) => {
    if (run.simulated) return false;
    const shares = run.specimens.some((name) => specimens.includes(name));
    if (run.condition === "running") return shares;
    return run.condition === "interrupted" && (run.rig === rig || shares);
  });
}

/** A run on a rig with these specimens cannot begin while another has them: `STATE_REFUSED` with both commands. */
export function refuseWhileOpen(wanted: Wanted, listing: readonly Listed[]): void {
  const open = openRunsOf(wanted, listing);
  if (open.length === 0) return;
  const lines = open.map((run) => {
    const shared = run.specimens.filter((name) => wanted.specimens.includes(name));
    const what = run.rig === wanted.rig ? `rig ${run.rig}` : `specimen ${shared.join(", ")}`;
    if (run.condition === "running") return `run ${run.id} is at work with ${what}`;
    return `run ${run.id} is open and has ${what}: ${waysOn(run)}`;
  });
  throw new WearoutError("STATE_REFUSED", lines.join("\n"));
}
