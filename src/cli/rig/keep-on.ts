/** A rig kept by this process for whatever run comes, until a person ends that. */
import { Cancel } from "../../base/clock.js";
import { driveUnheard } from "../output.js";
import type { Shell } from "../shell.js";
import { type GuestParts, RigGuests, type RunPlace } from "./guests.js";
import { KeepEnd } from "./keep-end.js";
import { openTerminal } from "./keep-terminal.js";
import { safeAtDefect } from "./last-resort.js";
import type { Leaving } from "./leaving.js";
import { watchPlan } from "./plan-watch.js";

/** `last`: the run that was on the rig before, for whoever types resume. */
export async function keepUntilLeft(
  shell: Shell,
  parts: GuestParts,
  leaving: Leaving,
  last?: RunPlace,
): Promise<void> {
  const { kept, clock, store } = parts;
  const { keeper, desk } = kept;
  const { rig } = keeper;
  const guests = new RigGuests(shell, parts, last);
  const end = new KeepEnd(keeper, guests);
  desk?.receive(guests, (by, reason) => end.command("leave", by, reason));
  keeper.open();
  const stopWatching = watchPlan({ pilot: guests }, { rig, store, clock }, shell.out);
  const stopGuarding = safeAtDefect(rig, shell.out, (text) => guests.defect(text));
  const stopDriving = driveUnheard();
  const asking = new Cancel();
  const terminal = openTerminal(shell, kept, clock, () => guests.last);
  leaving.attach(end, false, () => guests.test !== undefined);
  try {
    void askWhoTheyAre(shell, parts, asking);
    await end.reached;
  } finally {
    asking.cancel();
    terminal.close();
    stopDriving();
    stopGuarding();
    stopWatching();
  }
}

/** Asked again where a device is silent: what is switched on later is a part of the rig all the same. */
const askAgainMs = 10_000;

/** Tells once what is missing, and when nothing is. A run asks for itself, and is refused. */
async function askWhoTheyAre(
  { out }: Shell,
  { kept, clock, loaded }: GuestParts,
  ended: Cancel,
): Promise<void> {
  let told = "";
  while (!ended.cancelled) {
    const faults = await kept.keeper.rig.identify();
    const list = faults.map(({ device, detail }) => `${device}: ${detail}`).join("; ");
    if (list !== told && list !== "") out.talk(`${loaded.rig.rig}: no run begins, ${list}`);
    if (list === "") {
      if (told !== "") out.talk(`${loaded.rig.rig}: every device is what the rig file says`);
      return;
    }
    told = list;
    await clock.sleep(askAgainMs, ended);
  }
}

/**
 * After a trip or an abort of a run that this process began, where somebody is at its terminal: the rig stays kept, to be
 * looked at, cleared and gone on with, until Ctrl-C.
 */
export async function stayAfterTrip(
  shell: Shell,
  parts: GuestParts,
  leaving: Leaving,
  last: RunPlace,
): Promise<void> {
  if (process.stdin.isTTY !== true || leaving.asked !== undefined) return;
  shell.out.talk("the rig stays kept: look at it, type clear, then resume; Ctrl-C ends this");
  await keepUntilLeft(shell, parts, leaving, last);
}
