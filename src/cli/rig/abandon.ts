/** `rig abandon`: a person's signed word that lets go of what could not be made safe. */
import type { Command } from "commander";
import { type Clock, RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import { checkedSentence } from "../../base/name.js";
import { LineWatch } from "../../line/claim.js";
import type { Abandoned, SafePlan } from "../../rig/safe-plan.js";
import { readPlan, stateFolder, writePlan } from "../../rig/safe-plan-file.js";
import type { Shell } from "../shell.js";
import { signature } from "../signature.js";
import { fileOf, stateHelp } from "./plan-execute.js";

type AbandonOptions = { reason: string; by?: string; state?: string };

/** Who keeps the rig looks every half second. */
const answerWithinMs = 10_000;
const lookMs = 100;
const holderLookMs = 1000;

export function addRigAbandon(rig: Command, shell: Shell): void {
  rig
    .command("abandon <rig>")
    .description("leave a rig that could not be made safe, by a person's signed word")
    .requiredOption("--reason <text>", "what was done about it: where it was switched off, by whom")
    .option("--by <name>", "who says so (default: the user and machine)")
    .option("--state <dir>", stateHelp)
    .addHelpText("after", abandonHelp)
    .action(shell.action((name: string, o: AbandonOptions) => abandon(shell, name, o)));
}

const abandonHelp = `
A process never leaves an actuator that has not acted, but by this word. It is written into the safe plan with name
and time; who keeps the rig answers, lets go and ends. Go there first and switch it off.

Example:
  wearout rig abandon bearing-four --reason "drive isolated at Q1, locked, J. Weber"

Exit status: 0 left, 2 no reason given, 3 no plan or one that cannot be used, 5 refused: the rig runs, everything
has acted, who keeps the rig does not answer, or the plan cannot be written.`;

async function abandon(shell: Shell, name: string, o: AbandonOptions): Promise<number> {
  if (o.reason.trim() === "") {
    throw new WearoutError("USAGE", "--reason: found nothing, expected what was done about it");
  }
  checkedSentence("--reason", o.reason);
  const by = signature(o.by);
  const { abandonWhereKept } = await import("../kept/live-rig.js");
  const kept = await abandonWhereKept(shell, name, { reason: o.reason, by }, o);
  if (kept !== undefined) return kept;
  const file = fileOf(shell, stateFolder(o.state, shell.env), name);
  const plan = planOf(file, name);
  const clock = new RealClock();
  const word = { by, reason: o.reason, wall: Math.round(clock.wall()) };
  const told = await give(file, plan, word, clock);
  shell.out.print(`${name} abandoned by ${by}: ${o.reason} (${told})`);
  return 0;
}

function planOf(file: string, name: string): SafePlan {
  const read = readPlan(file);
  if (read.kind === "plan") return read.plan;
  const why = read.kind === "unusable" ? read.why : "it is gone";
  const text = `the safe plan ${file} cannot be used: ${why}; nothing is known of ${name}, so nothing can be left: use its isolator`;
  throw new WearoutError("FILE_UNREADABLE", text);
}

/** What came of the word, for people; throws `STATE_REFUSED` where it was not taken. */
async function give(file: string, plan: SafePlan, word: Abandoned, clock: Clock): Promise<string> {
  const holder = await holderOf(plan, clock);
  if (holder === undefined) return clear(file, plan, word);
  writePlan(file, { ...plan, abandoned: word });
  return answerOf(file, word, holder, clock);
}

/** Nobody keeps the rig: its plan is cleared at once. */
function clear(file: string, plan: SafePlan, word: Abandoned): string {
  const open = plan.actuators.filter((a) => a.energised).map((a) => a.role);
  const text = open.length === 0 ? "nothing was energised" : `${open.join(", ")} had not acted`;
  const actuators = plan.actuators.map((a) => ({ ...a, energised: false }));
  writePlan(file, { ...plan, actuators, abandoned: { ...word, answer: { taken: true, text } } });
  return text;
}

async function answerOf(
  file: string,
  word: Abandoned,
  holder: string,
  clock: Clock,
): Promise<string> {
  const dueMs = clock.elapsed() + answerWithinMs;
  for (let lookAt = clock.elapsed() + holderLookMs; clock.elapsed() < dueMs; ) {
    await clock.sleep(lookMs);
    const read = readPlan(file);
    if (read.kind !== "plan") continue;
    const { abandoned } = read.plan;
    if (abandoned?.by !== word.by || abandoned.wall !== word.wall) {
      throw new WearoutError("STATE_REFUSED", `${holder} has written its plan anew: give it again`);
    }
    const { answer } = abandoned;
    if (answer?.taken === true) return `taken by ${holder}: ${answer.text}`;
    if (answer !== undefined) {
      throw new WearoutError("STATE_REFUSED", `${holder} refuses it: ${answer.text}`);
    }
    if (clock.elapsed() < lookAt) continue;
    lookAt = clock.elapsed() + holderLookMs;
    if ((await holderOf(read.plan, clock)) === undefined) return clear(file, read.plan, word);
  }
  takeBack(file, word);
  const text = `no answer from ${holder}: the word is taken back; give it again when it answers`;
  throw new WearoutError("STATE_REFUSED", text);
}

/** What nobody heard must not be heard later, when the rig may run. */
function takeBack(file: string, word: Abandoned): void {
  const read = readPlan(file);
  if (read.kind !== "plan") return;
  const { abandoned } = read.plan;
  if (abandoned?.by !== word.by || abandoned.wall !== word.wall) return;
  writePlan(file, { ...read.plan, abandoned: null });
}

/** The process that keeps the rig, by the lines of its plan; one that has a line for another rig does not. */
async function holderOf({ rig, lines }: SafePlan, clock: Clock): Promise<string | undefined> {
  for (const { spec } of Object.values(lines)) {
    const watch = await LineWatch.open(spec, clock);
    if (watch === undefined) continue;
    const holder = await watch.holder();
    watch.close();
    const ofRig = /^(?:rig safe|rig) ([^ ,]+)/.exec(holder)?.[1];
    if (ofRig === undefined || ofRig === rig) return holder;
  }
  return undefined;
}
