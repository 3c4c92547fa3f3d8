/** A wall clock that nobody has set is told before a record is begun. */
import { oldestWall } from "../../lab/time-watch.js";
import { isoMinute } from "../run/list.js";
import type { Shell } from "../shell.js";

/** Older than this software. */
export function tellWrongClock({ out, host }: Shell): void {
  if (host.wall() >= oldestWall) return;
  const text =
    "times of day in this record will be wrong, the run's own clock is not; wearout doctor";
  out.talk(`the wall clock stands at ${isoMinute(host.wall())} UTC: ${text}`);
}
