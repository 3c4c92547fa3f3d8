/**
 * Every answer at every step of every shipped type's way to its safe state, over real bytes in virtual time, against a
 * plant of another hand: nothing that still has energy is ever called acted, and nothing is given up.
 */
import { describe, expect, it } from "vitest";
import { Cancel } from "../../../src/base/clock.js";
import type { Mode } from "../../plant/config.js";
import { type Bench, unitOf, workingRig } from "./exhaustive-rig.js";
import { type Subject, stepsOf, subjects } from "./exhaustive-subjects.js";

/** Longest that a lost answer is waited for, and the pause to the next try. */
const reactionMs = 2000;
/** One that is taken back three times in a minute is contested, and asked once a minute. */
const contestedMs = 2 * 61_000;
/** The servo brakes as long before it lets go. */
const brakeMs = 2500;

const answers: { name: string; mode: (subject: Subject) => Mode; isTakenBack?: true }[] = [
  { name: "right", mode: () => ({}) },
  { name: "refused", mode: () => ({ exception: { code: 3, every: 1 } }) },
  { name: "refused writes", mode: () => ({ exception: { code: 4, every: 1, only: "writes" } }) },
  { name: "busy", mode: () => ({ exception: { code: 6, every: 1 } }) },
  { name: "silent", mode: () => ({ silent: true }) },
  { name: "late", mode: () => ({ lateMs: 700 }) },
  { name: "ignored", mode: () => ({ ignores: true }) },
  { name: "local", mode: () => ({ local: true }) },
  {
    name: "changed back",
    mode: ({ commands }) => ({ changesBack: { addresses: commands, afterMs: 300 } }),
    isTakenBack: true,
  },
];

type Length = {
  name: string;
  isOver: (n: number, from: number, sinceMs: number) => boolean;
  /** Only at the first and the last step: what comes in between is the same by then. */
  atEnds?: true;
};

const longestMs = 15_000;
const lengths: Length[] = [
  { name: "once", isOver: (n, from) => n > from },
  { name: "for 4 s", isOver: (_n, _from, sinceMs) => sinceMs > 4000, atEnds: true },
  { name: "for 15 s", isOver: (_n, _from, sinceMs) => sinceMs > longestMs },
];

function lengthsOf(answer: string, step: number, steps: number): Length[] {
  if (answer === "right") return lengths.slice(0, 1);
  const isEnd = step === 0 || step === steps - 1;
  return lengths.filter(({ atEnds }) => isEnd || atEnds !== true);
}

/** What was wrong, step by step; empty where every promise was kept. */
async function trial(
  subject: Subject,
  answer: (typeof answers)[number],
  length: Length,
  step: number,
): Promise<string[]> {
  const bench = await workingRig(subject.wishes);
  const { clock, plant, rig } = bench;
  const unit = unitOf(subject.role);
  const wrong: string[] = [];
  let healedAtMs = Number.NaN;
  let brokenAtMs = Number.NaN;
  plant.arm({
    unit,
    modeAt: (n, nowMs) => {
      if (n < step) return {};
      if (Number.isNaN(brokenAtMs)) brokenAtMs = nowMs;
      const isOver = length.isOver(n, step, nowMs - brokenAtMs);
      if (isOver && Number.isNaN(healedAtMs)) healedAtMs = nowMs;
      return isOver ? {} : answer.mode(subject);
    },
  });
  plant.onStep = (nowMs) => {
    const told = rig.safety().find(({ role }) => role === subject.role)!;
    const shown = plant.unit(unit).state();
    const isClaim = told.level === "acted" || told.level === "effect";
    if (told.acted && isClaim && shown.energised && answer.isTakenBack !== true) {
      wrong.push(`${nowMs.toFixed(0)}: said to have ${told.level} while it has energy`);
    }
  };
  const beganAtMs = clock.elapsed();
  const guard = new Cancel();
  void watchMotion(bench, subject, guard);
  await rig.safe("a test");
  const acted = rig.whenActed().then(() => clock.elapsed());
  const settledAtMs = await Promise.race([acted, clock.sleep(90_000).then(() => Number.NaN)]);
  // Somebody may still take it back; whoever watches the rig has it made safe again.
  await clock.sleep(answer.isTakenBack === true ? longestMs + 2000 : 2000);
  if (rig.safety().some(({ detail }) => detail.startsWith("contested"))) {
    await clock.sleep(contestedMs);
  }
  guard.cancel();
  wrong.push(...verdict(bench, subject, answer, { beganAtMs, healedAtMs, settledAtMs }));
  await rig.close();
  return [...new Set(wrong)].slice(0, 3);
}

/** What a guard does in every state: motion that nobody asked for is answered by the safe values. */
async function watchMotion({ clock, plant, rig }: Bench, { role }: Subject, end: Cancel) {
  while (!end.cancelled) {
    await clock.sleep(200, end);
    const told = rig.safety().find((safety) => safety.role === role)!;
    if (told.acted && plant.state().units[unitOf(role)]!.energised) void rig.safe("unasked motion");
  }
}

type Times = { beganAtMs: number; healedAtMs: number; settledAtMs: number };

function verdict(
  { plant }: Bench,
  { role, removes, silenceMs = 0, localMs = 0 }: Subject,
  { name, isTakenBack }: (typeof answers)[number],
  { beganAtMs, healedAtMs, settledAtMs }: Times,
): string[] {
  const wrong: string[] = [];
  const unit = unitOf(role);
  if (Number.isNaN(settledAtMs)) wrong.push("not made safe within 90 s");
  else if (plant.state().units[unit]!.energised) wrong.push("it has energy at the end");
  const since = Number.isNaN(healedAtMs) ? beganAtMs : Math.max(beganAtMs, healedAtMs);
  const lookMs = name === "local" ? localMs : 0;
  const boundMs = reactionMs + brakeMs + silenceMs + lookMs;
  if (isTakenBack !== true && settledAtMs - since > boundMs) {
    wrong.push(`${(settledAtMs - since).toFixed(0)} ms after it listened again`);
  }
  const own = plant.stamps.filter((s) => s.name === unit && s.atMs >= beganAtMs);
  if (!own.some(removes)) wrong.push("nothing was sent that takes its energy away");
  const others = plant.stamps.filter((s) => s.atMs > settledAtMs && s.values.length > 0);
  if (others.length > 0 && isTakenBack !== true)
    wrong.push(`${others.length} writes after all had acted`);
  return wrong;
}

describe("every answer at every step", () => {
  for (const subject of subjects) {
    it(`of the way to the safe state of ${subject.name} ends with no energy and no false word`, async () => {
      const wrong: string[] = [];
      const steps = await stepsOf(subject);
      for (let step = 0; step < steps; step++) {
        for (const answer of answers) {
          if (answer.name === "local" && subject.hasNoPanel === true) continue;
          for (const length of lengthsOf(answer.name, step, steps)) {
            const found = await trial(subject, answer, length, step);
            const where = `step ${step}, ${answer.name} ${length.name}`;
            wrong.push(...found.map((text) => `${where}: ${text}`));
          }
        }
      }
      expect(wrong).toEqual([]);
    });
  }
});
