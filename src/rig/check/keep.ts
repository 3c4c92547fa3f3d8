/** Checks of what a rig file says the record keeps of a role. */
import { type Dimension, parseQuantity } from "../../base/quantity.js";
import { show } from "../../base/schema.js";
import { differenceOf, resolveWritten } from "../../limit/written.js";
import { isRead, type RoleColumn } from "../column.js";
import type { RigCheck } from "./context.js";

export function checkKeep(check: RigCheck, column: RoleColumn): void {
  const { keep } = column.says;
  if (keep === undefined) return;
  const say = (key: string | undefined, found: string, expected: string) =>
    check.say([...column.path, "keep", ...(key === undefined ? [] : [key])], found, expected);
  const given = Object.keys(keep);
  if (given.length !== 1) {
    say(
      undefined,
      given.length === 0 ? "nothing" : given.join(" and "),
      "every, change or interval",
    );
  }
  if (!isRead(column))
    say(undefined, "a role that is never read", "keep on a role with read or derive");
  if (keep.change !== undefined) checkChange(keep.change, column.dimension, say);
  if (keep.interval !== undefined) checkInterval(keep.interval, check.rig.cycle, say);
}

type Say = (key: string, found: string, expected: string) => void;

function checkChange(written: string, dimension: Dimension, say: Say): void {
  const change = resolveWritten(written, differenceOf(dimension), {}, {});
  if (!change.ok) say("change", change.found, change.expected);
  else if (change.value <= 0) say("change", show(written), "more than 0");
}

/** Of two samples both are kept anyway. */
function checkInterval(written: string, cycle: string, say: Say): void {
  const [ms, cycleMs] = [written, cycle].map((text) => parseQuantity(text)?.value ?? 0);
  if (ms! >= 3 * cycleMs!) return;
  say("interval", show(written), `three cycles (of ${cycle}) or more`);
}
