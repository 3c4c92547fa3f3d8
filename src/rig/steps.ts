/** Runs the steps of a device's command: write and confirm, wait, expect within a deadline. */
import { type Clock, withDeadline } from "../base/clock.js";
import { type PlannedStep, planWrite } from "../device/command.js";
import { valueWords } from "../device/value-words.js";
import type { Lane } from "../line/line.js";
import { confirmation } from "./actuator-steps.js";
import { repeatOf } from "./repeat.js";
import type { RigFault } from "./rig.js";
import type { DeviceSession } from "./session.js";

/** Pause between two looks at a point that is expected to change. */
const lookAgainMs = 50;

export type StepRun = {
  session: DeviceSession;
  lane: Lane;
  clock: Clock;
  /** False: somebody else took over (a stop, a deadline); nothing more is sent. */
  goesOn(): boolean;
};

/**
 * Undefined when every step that removes energy was confirmed; else the first thing that was not. What
 * becomes of a step that softens never keeps the steps after it from being sent.
 */
export async function runSteps(
  run: StepRun,
  steps: readonly PlannedStep[],
): Promise<RigFault | undefined> {
  for (const step of steps) {
    if (step.does === "soften") await soften(run, step);
    else {
      const fault = await runStep(run, step);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

/** Best effort, and over at its own deadline, answered or not. */
async function soften(run: StepRun, step: PlannedStep): Promise<void> {
  let over = false;
  const attempt = runStep({ ...run, goesOn: () => !over && run.goesOn() }, step);
  await withDeadline(run.clock, attempt, step.withinMs, () => undefined);
  over = true;
}

async function runStep(run: StepRun, step: PlannedStep): Promise<RigFault | undefined> {
  for (const { point, value } of step.write) {
    if (!run.goesOn()) return stopped(run);
    let fault = await writeValue(run, point, value);
    // One answer may get lost on any line; a stop is repeated as a whole.
    if (fault !== undefined && mayRepeat(run, point)) fault = await writeValue(run, point, value);
    if (fault !== undefined) return fault;
  }
  if (step.waitMs > 0) await run.clock.sleep(step.waitMs);
  const due = run.clock.elapsed() + step.withinMs;
  for (const { point, value } of step.expect) {
    const fault = await expectValue(run, point, value, due);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function mayRepeat({ session, lane, goesOn }: StepRun, point: string): boolean {
  const repeat = repeatOf(session.device.type.points[point]?.write);
  return lane !== "stop" && repeat === "freely" && goesOn();
}

/** Writes a value (in the point's unit) and confirms it by the strictest means the point has. */
export async function writeValue(
  run: StepRun,
  point: string,
  value: number,
): Promise<RigFault | undefined> {
  const { session, lane } = run;
  const { name: device, type, codecs } = session.device;
  const plan = planWrite(type, codecs, point, value, await session.factor(point, lane));
  if (!plan.ok) return { code: "write-failed", device, detail: plan.error.message };
  const says = type.points[point];
  const confirm = says === undefined ? "echo" : confirmation(says);
  return session.write(point, plan.request, confirm, lane);
}

async function expectValue(
  run: StepRun,
  point: string,
  value: number,
  due: number,
): Promise<RigFault | undefined> {
  const { session, clock, lane } = run;
  for (;;) {
    if (!run.goesOn()) return stopped(run);
    const reading = await session.read(point, lane);
    if (reading.ok && isNear(reading.value, value)) return undefined;
    if (clock.elapsed() >= due) {
      if (!reading.ok) return reading.fault;
      const said = session.device.type.points[point] ?? { unit: "1" };
      const detail = `${point} is ${valueWords(said, reading.value)}, not ${valueWords(said, value)}`;
      return { code: "write-failed", device: session.device.name, detail };
    }
    await clock.sleep(lookAgainMs);
  }
}

function isNear(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
}

function stopped(run: StepRun): RigFault {
  return {
    code: "write-failed",
    device: run.session.device.name,
    detail: "stopped before its end",
  };
}
