import type { RigFacts } from "../profile/compile.js";
import { actuatorFacts } from "../rig/actuator.js";
import type { LoadedRig } from "../rig/load.js";

/** What a profile has to know of a rig to be compiled for it. */
export function rigFacts(loaded: LoadedRig): RigFacts {
  const { rig, columns } = loaded;
  const readable = new Map(
    columns
      .filter((c) => c.says.read !== undefined || c.says.derive !== undefined)
      .map((c) => [
        c.role,
        { role: c.role, dimension: c.dimension, perStation: c.station !== undefined },
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
