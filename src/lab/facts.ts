import { parseQuantity } from "../base/quantity.js";
import type { RigFacts } from "../profile/compile.js";
import { actuatorFacts } from "../rig/actuator.js";
import { isRead } from "../rig/column.js";
import type { LoadedRig } from "../rig/load.js";
import type { Rig } from "../rig/rig.js";

/** What folding a run asks of its rig: it needs no line. */
export type RigShape = Pick<Rig, "columns" | "actuators" | "cycleMs">;

/** The shape of a rig that is not bound to its lines. */
export function rigShape(loaded: LoadedRig): RigShape {
  const cycleMs = parseQuantity(loaded.rig.cycle)?.value ?? 1000;
  return { columns: loaded.columns, actuators: actuatorFacts(loaded), cycleMs };
}

/** What a profile has to know of a rig to be compiled for it. */
export function rigFacts(loaded: LoadedRig): RigFacts {
  const { rig, columns } = loaded;
  const readable = new Map(
    columns.filter(isRead).map((c) => [
      c.role,
      {
        role: c.role,
        dimension: c.dimension,
        perStation: c.station !== undefined,
        ...(c.words === undefined ? {} : { words: c.words }),
      },
    ]),
  );
  return {
    name: rig.rig,
    kinds: rig.for,
    limitNames: rig.limits.map((limit) => limit.name),
    setpoints: actuatorFacts(loaded).map(({ role, column, ceiling, floor, rampPerS }) => ({
      role,
      dimension: columns[column]!.dimension,
      ceiling,
      floor,
      rampPerS,
    })),
    readable: [...readable.values()],
  };
}
