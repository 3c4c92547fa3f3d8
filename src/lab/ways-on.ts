/** What a person types to go on with an open run or to end it; as installed (`cli/called.ts` has it as called here). */
import type { RunHeader } from "../record/document/run.js";

export type Named = Pick<RunHeader, "id" | "simulated">;

/** What a person types to go on with a run. */
export function resumeCommand({ id, simulated }: Named): string {
  return `wearout run resume ${id}${simulated ? " --virtual" : ""}`;
}

/** What a person types to end a run that nobody keeps. */
export function stopCommand({ id }: Pick<RunHeader, "id">): string {
  return `wearout run stop ${id}`;
}

/** What a person types so that the rig of an open run is free for another one. */
export function parkCommand({ id }: Pick<RunHeader, "id">): string {
  return `wearout run park ${id}`;
}

/** `wearout run resume ID goes on with it, wearout run stop ID ends it` */
export function waysOn(run: Named): string {
  return `${resumeCommand(run)} goes on with it, ${stopCommand(run)} ends it`;
}
