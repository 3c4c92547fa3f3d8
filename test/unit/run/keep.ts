import type { Clock } from "../../../src/base/clock.js";
import { Keeper } from "../../../src/keeper/keeper.js";
import type { BoundRig } from "../../../src/rig/bind.js";
import type { Rig } from "../../../src/rig/rig.js";
import type { Pilot } from "../../../src/run/pilot.js";
import type { RunState } from "../../../src/run/state.js";

/** What keeper, guard and keepalive ask of a rig that has nothing for them. */
const nothing = {
  cycleMs: 1000,
  columns: [],
  actuators: [],
  setpoints: new Float64Array(0),
  sessions: new Map(),
  driven: [],
  isOut: () => false,
  startedAt: Number.NaN,
  isSafe: false,
  safety: () => [],
  watch: () => () => {},
  lastAnswers: () => [],
  columnsOfLines: () => [],
  lastGoodAt: () => Number.NaN,
  close: async () => {},
};

/** A run as the guest of a rig without limits, to its end. */
export async function fly(pilot: Pilot, rig: Rig, clock: Clock): Promise<RunState> {
  const kept = Object.assign(rig, { ...nothing, ...rig }) as unknown as BoundRig;
  const keeper = new Keeper({ rig: kept, limits: [], clock });
  try {
    await keeper.board(pilot);
  } finally {
    await keeper.close();
  }
  return pilot.state;
}
