import type { Random } from "../../src/base/random.js";
import { type Faults, noFaults } from "../../src/sim/fault.js";
import { faultOptions } from "../../src/sim/fault-option.js";

/** Up to four kinds of faults at once, each in at most one exchange of five, with short times. */
export function randomFaults(random: Random): Faults {
  const shares = Object.values(faultOptions)
    .map(({ field }) => field)
    .filter((field) => field.endsWith("Share"));
  const faults: Faults = { ...noFaults };
  const count = 1 + Math.floor(random() * 4);
  for (let i = 0; i < count; i++) {
    const field = shares[Math.floor(random() * shares.length)]!;
    faults[field] = random() * 0.2;
  }
  const upTo = (most: number) => Math.floor(random() * most);
  // A device answers in order and is late at most as long as the line keeps its window open.
  Object.assign(faults, { lateMs: upTo(60), splitMs: upTo(8), busyMs: upTo(1000) });
  Object.assign(faults, { stuckMs: upTo(2000), dropoutMs: upTo(1000), unplugMs: upTo(1500) });
  if (random() < 0.2) faults.slowMs = upTo(20);
  return faults;
}
