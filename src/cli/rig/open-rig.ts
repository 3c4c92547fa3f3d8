/** The rig of a command: on its lines, safe where nobody knew, and what the rig file says it is. */
import type { Clock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import { type KeptRig, keepRig } from "../../keeper/kept-rig.js";
import type { PlanStore } from "../../keeper/plan-store.js";
import type { Line } from "../../line/line.js";
import type { BoundRig } from "../../rig/bind.js";
import type { LoadedRig } from "../../rig/load.js";
import { allActed, safetyText } from "../../rig/safety.js";
import type { SafeFirst } from "./safe-first.js";

type RigParts = {
  loaded: LoadedRig;
  lines: ReadonlyMap<string, Line>;
  clock: Clock;
  simulated: boolean;
  /** Of a rig with real lines. */
  store: PlanStore | undefined;
  first: SafeFirst;
};

/**
 * Where its safe plan could not be used it is made safe before anything else: throws `STATE_REFUSED` where an actuator
 * has not acted, its lines closed then.
 */
export async function openRig(parts: RigParts): Promise<KeptRig> {
  const { loaded, lines, clock, simulated, store, first } = parts;
  const rig = keepRig(loaded, lines, clock, simulated, store);
  if (first.found !== "unusable") return rig;
  try {
    await madeSafe(rig);
    return rig;
  } catch (error) {
    await rig.close();
    throw error;
  }
}

/** Nobody knows what may be moving. */
async function madeSafe(rig: BoundRig): Promise<void> {
  const safety = await rig.safe("its safe plan could not be used");
  if (allActed(safety)) return;
  throw new WearoutError("STATE_REFUSED", `rig ${rig.name} is not safe: ${safetyText(safety)}`);
}

/** Before there is a record: every device is there and is what the rig file says. */
export async function refuseStrangers(rig: BoundRig): Promise<void> {
  const faults = await rig.identify();
  const [first] = faults;
  if (first === undefined) return;
  const code = { "device-silent": "DEVICE_SILENT", identity: "DEVICE_IDENTITY" } as const;
  const list = faults.map(({ device, detail }) => `${device}: ${detail}`).join("; ");
  const found = code[first.code as keyof typeof code] ?? "DEVICE_NONSENSE";
  throw new WearoutError(found, `rig ${rig.name} cannot start: ${list}`);
}
