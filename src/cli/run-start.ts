import { basename } from "node:path";
import { type Clock, RealClock } from "../base/clock.js";
import { formatProblem } from "../base/error.js";
import { LifeTest, type Placed } from "../lab/life-test.js";
import type { Line } from "../line/line.js";
import { recordsRoot } from "../record/folder.js";
import { withConstants } from "../rig/constant.js";
import { cycleWarning } from "../rig/cycle-time.js";
import type { LoadedRig } from "../rig/load.js";
import { VirtualClock } from "../sim/virtual-clock.js";
import { composeTest } from "./compose.js";
import { stayAfterTrip } from "./keep-on.js";
import { keepOpen } from "./keep-rig.js";
import { keeperOf } from "./kept/keeper.js";
import { startWhereKept } from "./kept/start.js";
import { withLeaving } from "./leaving.js";
import { openRig, refuseStrangers } from "./open-rig.js";
import { assignments, wholeNumber } from "./option.js";
import { openLines } from "./rig-lines.js";
import { ofThisMachine, runHere, tripped, virtualMachine } from "./run-here.js";
import { endedEarly, planStoreOf, type SafeFirst, safeFirst } from "./safe-first.js";
import type { Shell } from "./shell.js";
import { benchOf, rigOf, simulatedLines } from "./simulate.js";
import type { StartOptions } from "./start-options.js";
import { tellWrongClock } from "./wrong-clock.js";

const notNeeded: SafeFirst = { found: "none", interrupted: false };

/** Virtual runs begin at one fixed moment, so that the same seed gives the same bytes. */
const virtualStartWall = Date.UTC(2026, 0, 1);

/** One life test from the command line; answers with its exit status. */
export async function startRun(shell: Shell, name: string, options: StartOptions): Promise<number> {
  const simulated = options.virtual === true;
  const rigName = basename(options.rig).replace(/\.yaml$/, "");
  const keeper = simulated ? undefined : await keeperOf(shell, rigName, options);
  if (keeper !== undefined) return startWhereKept(shell, keeper, name, options);
  const first = simulated ? notNeeded : await safeFirst(shell, rigName, undefined, options.state);
  if (first.interrupted) return endedEarly(shell);
  const site = shell.site();
  const root = recordsRoot(options.records, shell.env);
  const loaded = rigToStart(shell, options.rig, options.constant);
  const where = { loaded, site, recordsRoot: root, simulated };
  const test = composeTest({ ...options, profile: name }, where, shell.out.talk);
  if (!simulated) tellWrongClock(shell);
  const seed = simulated ? wholeNumber("--seed", options.seed, 0, 2 ** 31 - 1) : undefined;
  const clock = simulated ? new VirtualClock(virtualStartWall) : new RealClock();
  const store = simulated ? undefined : planStoreOf(shell, loaded, options.state);
  return withLeaving(shell.out, async (leaving) => {
    const lines = await linesOf(loaded, test.placed, clock, seed);
    const rig = await openRig({ loaded, lines, clock, simulated, store, first });
    const { state } = options;
    const kept = await keepOpen(shell, { rig, loaded, clock, simulated, state, store });
    try {
      await refuseStrangers(rig);
      kept.keeper.open();
      if (leaving.asked !== undefined) return neverBegan(shell);
      const machine = simulated ? virtualMachine : ofThisMachine(shell);
      const facts = { keeper: kept.keeper, simulated, seed, clock, recordsRoot: root };
      const opened = await LifeTest.open({ ...test, ...facts, ...machine });
      const status = await runHere(shell, opened, { kept, loaded, clock, store }, options, leaving);
      if (status === tripped && store !== undefined) {
        const last = { run: opened.header.id, records: root };
        await stayAfterTrip(shell, { kept, loaded, clock, store }, leaving, last);
      }
      return status;
    } finally {
      await kept.close();
    }
  });
}

/** With what its file makes somebody think of. */
export function rigToStart(
  shell: Shell,
  name: string,
  constants: readonly string[] = [],
): LoadedRig {
  const given = Object.fromEntries(assignments("--constant", constants));
  const loaded = withConstants(rigOf(name, shell.site()), given);
  for (const warning of loaded.warnings) shell.out.talk(formatProblem(warning));
  const slow = cycleWarning(loaded);
  if (slow !== undefined) shell.out.talk(slow);
  return loaded;
}

function neverBegan({ out }: Shell): number {
  out.talk("no run was begun: nothing was written to the rig");
  return 0;
}

/** Real lines, or those of a simulated bench where there is a seed. */
async function linesOf(
  loaded: LoadedRig,
  placed: readonly Placed[],
  clock: Clock,
  seed: number | undefined,
): Promise<Map<string, Line>> {
  if (seed !== undefined)
    return simulatedLines(loaded, benchOf(loaded, placed, clock, seed), clock);
  return openLines(loaded, clock, `rig ${loaded.rig.rig}`);
}
