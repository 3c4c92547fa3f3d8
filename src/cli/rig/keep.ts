/** `rig keep`: a rig opened and watched by this process, with or without a run, until a person ends it. */
import type { Command } from "commander";
import { RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import { keeperOf } from "../kept/keeper.js";
import { collect } from "../option.js";
import { rigToStart } from "../run/start.js";
import type { Shell } from "../shell.js";
import { keepUntilLeft } from "./keep-on.js";
import { keepOpen } from "./keep-rig.js";
import { withLeaving } from "./leaving.js";
import { openRig } from "./open-rig.js";
import { stateHelp } from "./plan-execute.js";
import { openLines } from "./rig-lines.js";
import { endedEarly, planStoreOf, safeFirst } from "./safe-first.js";
import { safetyLines } from "./safety-lines.js";

type KeepOptions = { constant: string[]; state?: string };

export function addKeep(rig: Command, shell: Shell): void {
  rig
    .command("keep <rig>")
    .description("open a rig and watch it, with or without a run, until Ctrl-C")
    .option(
      "--constant <role=value>",
      "value of a role that the rig has given per run",
      collect,
      [],
    )
    .option("--state <dir>", stateHelp)
    .addHelpText("after", help)
    .action(shell.action((name: string, options: KeepOptions) => keep(shell, name, options)));
}

const help = `
Readings, limits and alarms go on without a run, once a second. Runs come as guests, one after the other, from any
terminal: wearout run start PROFILE --rig RIG, and wearout run resume ID, each with the six digits that "token"
shows here. Devices that do not answer yet are asked again every ten seconds; no run begins before all are there.
Ctrl-C: a run goes down at the ramps, is made safe and stays open; then this ends. Again: safe values at once.

Examples:
  wearout rig keep bearing-four
  wearout rig watch bearing-four
  wearout run start bearing-constant-load --rig bearing-four --specimen a,b,c,d --token 480112
  wearout rig release bearing-four

Exit status: 0 ended by a person, 4 a line cannot be opened, 5 another process keeps the rig.`;

async function keep(shell: Shell, name: string, options: KeepOptions): Promise<number> {
  const loaded = rigToStart(shell, name, options.constant);
  const { rig: rigName } = loaded.rig;
  const keeper = await keeperOf(shell, rigName, options);
  if (keeper !== undefined) {
    const way = `look there: wearout rig watch ${rigName}`;
    throw new WearoutError("STATE_REFUSED", `${rigName} is kept by ${keeper.who}; ${way}`);
  }
  const first = await safeFirst(shell, rigName, undefined, options.state);
  if (first.interrupted) return endedEarly(shell);
  const store = planStoreOf(shell, loaded, options.state);
  const clock = new RealClock();
  return withLeaving(shell.out, async (leaving) => {
    const lines = await openLines(loaded, clock, `rig ${rigName}`);
    const rig = await openRig({ loaded, lines, clock, simulated: false, store, first });
    const { state } = options;
    const kept = await keepOpen(shell, { rig, loaded, clock, simulated: false, state, store });
    try {
      await keepUntilLeft(shell, { kept, loaded, clock, store }, leaving);
      for (const line of await safetyLines(rig, clock)) shell.out.talk(line);
      return 0;
    } finally {
      await kept.close();
    }
  });
}
