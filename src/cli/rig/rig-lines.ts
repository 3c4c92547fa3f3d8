import { type Clock, RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import { LineWatch } from "../../line/claim.js";
import type { Line } from "../../line/line.js";
import { addressOf, type LineSpec, openClaimedLine, openLine } from "../../line/open.js";
import type { LoadedRig } from "../../rig/load.js";
import { lineSpecOf } from "../line/spec.js";

/**
 * All lines of a rig, claimed and opened, or none: what was opened is closed again when one cannot be.
 * `holder` is what others are told who want a line: `rig bearing-four`.
 */
export async function openLines(
  loaded: LoadedRig,
  clock: Clock,
  holder: string,
): Promise<Map<string, Line>> {
  const names = Object.keys(loaded.rig.lines);
  const results = await Promise.allSettled(
    names.map((name) => openClaimedLine(name, lineSpecOf(loaded, name), clock, holder)),
  );
  const lines = new Map<string, Line>();
  results.forEach((r, i) => {
    if (r.status === "fulfilled") lines.set(names[i]!, r.value);
  });
  const failed = results.find((r) => r.status === "rejected");
  if (failed === undefined) return lines;
  await Promise.all([...lines.values()].map((line) => line.close()));
  throw failed.reason;
}

/** The line of a command that only reads; one that a rig has to itself is refused with the rig's name. */
export async function openToRead(spec: LineSpec): Promise<Line> {
  try {
    return await openLine("", spec, new RealClock());
  } catch (error) {
    if (error instanceof WearoutError && error.code === "LINE_IN_USE") await refuseHeld(spec);
    throw error;
  }
}

/** Before a command writes to a line or searches it: refused while a rig works there. */
export async function refuseHeld(spec: LineSpec): Promise<void> {
  const watch = await LineWatch.open(spec, new RealClock());
  if (watch === undefined) return;
  const who = await watch.holder();
  watch.close();
  throw new WearoutError(
    "LINE_IN_USE",
    `${addressOf(spec)} is held by ${who}; end that run first (wearout line monitor only looks)`,
  );
}
