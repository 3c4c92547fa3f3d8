/** A rig with the one artefact that makes it safe: its safe plan, in force from the opening of the lines on. */
import type { Clock } from "../base/clock.js";
import { Cancel, withDeadline } from "../base/clock.js";
import { commandPlan } from "../device/command.js";
import type { Request } from "../device/request.js";
import type { Line, Reply } from "../line/line.js";
import type { BoundActuator } from "../rig/actuator.js";
import { LineRig } from "../rig/bind.js";
import { compileSafePlan } from "../rig/compile-safe-plan.js";
import type { LoadedRig } from "../rig/loaded-rig.js";
import type { RigFault } from "../rig/rig.js";
import type { RigPlan } from "../rig/safe-plan.js";
import {
  readFactors,
  readFingerprint,
  readWatchdog,
  requirementFaults,
} from "../rig/safe-plan-reads.js";
import type { ActuatorSafety, SafeCause } from "../rig/safety.js";
import { outOfServiceRow, safetyText } from "../rig/safety.js";
import type { DeviceSession } from "../rig/session.js";
import { runSteps } from "../rig/steps.js";
import { type Permission, SafeExecutor, type Talk } from "./kernel/executor.js";
import { rehearse } from "./rehearse.js";

/** Where the plan of a rig is kept, so that any process can make it safe; a simulated rig has none. */
export interface PlanKeeper {
  /** Nothing is energised, so nothing is written before a look shows something else. */
  readonly isCleared: boolean;
  /** Written and synced when this returns; throws a `WearoutError` when it cannot be. Nothing else throws. */
  energise(plan: RigPlan): void;
  /** An actuator has acted. */
  acted(role: string): void;
  /** It was to be made safe, and is not: another process must know. */
  open(role: string): void;
  /** The run that is the rig's guest, or none. */
  guest(run: string | null): void;
  /** These devices, and no others, are out of service. */
  takenOut(devices: ReadonlySet<string>): void;
}

/** Asked again so soon where a device did not yet say who it is. */
const identifyAgainMs = 500;

export function keepRig(
  loaded: LoadedRig,
  lines: ReadonlyMap<string, Line>,
  clock: Clock,
  simulated: boolean,
  keeper?: PlanKeeper,
): KeptRig {
  return new KeptRig(loaded, lines, clock, simulated, keeper);
}

export class KeptRig extends LineRig {
  readonly #keeper: PlanKeeper | undefined;
  #executor: SafeExecutor;
  #plan: RigPlan | undefined;
  /** A person's signed word: nothing of this rig is waited for. */
  #left = new Cancel();
  #safe: Promise<readonly ActuatorSafety[]> | undefined;
  /** Another process left it with everything acted, and nobody looked yet. */
  #isLeft: boolean;

  constructor(
    loaded: LoadedRig,
    lines: ReadonlyMap<string, Line>,
    clock: Clock,
    simulated: boolean,
    keeper: PlanKeeper | undefined,
  ) {
    super(loaded, lines, clock, simulated);
    this.#keeper = keeper;
    this.#executor = this.#executorOf(compileSafePlan(loaded, this.bound));
    this.#isLeft = keeper?.isCleared === true;
    if (this.#isLeft) this.#executor.hasActedBefore();
  }

  get unheeded(): ReadonlySet<string> {
    if (!this.isSafe) return new Set();
    const contested = this.safety().filter(({ isContested }) => isContested);
    return new Set([...this.#executor.unheeded(), ...contested.map(({ device }) => device)]);
  }

  safe(_reason: string, cause: SafeCause = "trip"): Promise<readonly ActuatorSafety[]> {
    const pending = this.inhibit();
    const safe = this.#executor.safe(cause, this.#isLeft);
    this.#isLeft = false;
    this.setpoints.set(this.actuators.map((a) => (cause === "isolate" ? a.isolate : a.safe)));
    if (pending.length === 0 && this.#safe === undefined) return this.#unlessLeft(safe);
    this.#safe ??= this.#afterPending(pending, safe).finally(() => {
      this.#safe = undefined;
    });
    return this.#unlessLeft(this.#safe);
  }

  /** A report waits for what is slow to act; not for what a person has answered for. */
  #unlessLeft(report: Promise<readonly ActuatorSafety[]>): Promise<readonly ActuatorSafety[]> {
    return new Promise((resolve, reject) => {
      const stopListening = this.#left.listen(() => resolve(this.safety()));
      report.then((rows) => resolve(this.#withOut(rows)), reject).finally(stopListening);
    });
  }

  /** The safe values are sent once more when nothing that began before can write any more. */
  async #afterPending(
    pending: readonly Promise<unknown>[],
    safe: Promise<readonly ActuatorSafety[]>,
  ): Promise<readonly ActuatorSafety[]> {
    const longest = Math.max(0, ...this.actuators.map((a) => a.safeWithinMs));
    const settled = Promise.allSettled(pending).then(() => undefined);
    await withDeadline(this.clock, settled, longest, () => undefined);
    this.#executor.repeat();
    await safe;
    return this.#executor.safe("trip");
  }

  verify(): Promise<readonly ActuatorSafety[]> {
    if (!this.isSafe) return Promise.resolve(this.safety());
    return this.#executor.safe("trip", true).then((rows) => this.#withOut(rows));
  }

  guest(run: string | null): void {
    this.#keeper?.guest(run);
  }

  safety(): readonly ActuatorSafety[] {
    return this.#withOut(this.#executor.safety());
  }

  #withOut(rows: readonly ActuatorSafety[]): readonly ActuatorSafety[] {
    const out = this.bound.filter(({ session }) => session.isOut).map(outRow);
    return out.length === 0 ? rows : [...rows, ...out];
  }

  /** Asked only while everything has acted: what is taken out stays as it is, and what comes back is looked at. */
  override takeOut(devices: ReadonlySet<string>): void {
    super.takeOut(devices);
    this.#keeper?.takenOut(devices);
    const plan = this.#plan ?? compileSafePlan(this.loaded, this.bound);
    const actuators = plan.actuators.filter(({ device }) => !devices.has(device));
    this.#executor.close();
    this.#executor = this.#executorOf({ ...plan, actuators });
    if (this.isSafe || this.#isLeft) this.#executor.hasActedBefore();
  }

  abandon(): void {
    this.#executor.abandon();
    this.#left.cancel();
  }

  /** A last look before anybody leaves: what was shown once may have been taken back since. */
  async whenActed(): Promise<void> {
    for (;;) {
      const executor = this.#executor;
      const acted = await executor.whenActed();
      if (!acted || this.#left.cancelled || !this.isSafe) return;
      await this.verify();
      if (executor.hasActed) return;
    }
  }

  async reset(): Promise<readonly RigFault[]> {
    const faults = await Promise.all([...this.sessions.values()].map((s) => this.#reset(s)));
    return faults.filter((fault) => fault !== undefined);
  }

  /** Never while an actuator of the device has not acted: the run word may still stand (rule 18). */
  async #reset(session: DeviceSession): Promise<RigFault | undefined> {
    const { type, name: device } = session.device;
    if (type.reset === undefined) return undefined;
    const open = this.safety().filter((s) => s.device === device && !s.acted);
    if (!this.isSafe || open.length > 0) {
      const detail = `not reset: it has not acted yet (${safetyText(open)})`;
      return { code: "write-failed", device, detail };
    }
    const run = { session, lane: "write" as const, clock: this.clock, goesOn: () => true };
    return this.track(runSteps(run, commandPlan(type, type.reset)));
  }

  protected async beforeStart(goesOn: () => boolean): Promise<readonly RigFault[]> {
    // Never side by side: one would undo what the other has just confirmed.
    await this.#safe;
    if (await this.#executor.isBusy()) {
      const detail = `not started: ${safetyText(this.safety())}`;
      return [{ code: "write-failed", device: this.name, detail }];
    }
    const sessions = [...this.sessions.values()];
    const kept = sessions.flatMap(keptFromStarting);
    if (kept.length > 0) return kept;
    const unfit = await Promise.all(sessions.map((s) => requirementFaults(s, this.#written(s))));
    if (unfit.flat().length > 0) return unfit.flat();
    const plan = await this.#planNow();
    rehearse(plan, this.clock);
    // Made safe meanwhile: who does that keeps on.
    if (!goesOn()) return [];
    this.#executor.close();
    this.#executor = this.#executorOf(plan);
    try {
      this.#keeper?.energise(plan);
    } catch (error) {
      const detail = `the safe plan cannot be written, so nothing is started: ${(error as Error).message}`;
      return [{ code: "write-failed", device: this.name, detail }];
    }
    this.#executor.energise();
    this.#left = new Cancel();
    this.#isLeft = false;
    this.#plan = plan;
    return [];
  }

  /** Some watchdogs are armed by the start command: only now they can be read as armed. */
  protected async afterStart(): Promise<void> {
    const devices = { ...this.#plan?.devices };
    const open = [...this.sessions.values()].filter((s) => this.#written(s).length > 0);
    for (const session of open) {
      const { name } = session.device;
      const known = devices[name];
      if (known === undefined || known.watchdog !== null) continue;
      const watchdog = await readWatchdog(session);
      this.#executor.arm(name, watchdog);
      devices[name] = { ...known, watchdog };
    }
    if (this.#plan === undefined || this.isSafe) return;
    try {
      this.#keeper?.energise({ ...this.#plan, devices });
    } catch {
      // It was written before the start and stands; that it is refused now is told with the next look at it.
    }
  }

  #written(session: DeviceSession): string[] {
    return this.bound.filter((a) => a.session === session).map(({ point }) => point);
  }

  /** With what only the devices can say: who they are, and which watchdog is armed. */
  async #planNow(): Promise<RigPlan> {
    const sessions = [...this.sessions.values()];
    const plan = compileSafePlan(this.loaded, this.bound, await readFactors(sessions));
    const told = sessions.map(async (session) => {
      const { name } = session.device;
      const drives = this.#written(session).length > 0;
      const fingerprint = drives ? await readFingerprint(session) : [];
      const watchdog = drives ? await readWatchdog(session) : null;
      return [name, { ...plan.devices[name]!, fingerprint, watchdog }] as const;
    });
    return { ...plan, devices: Object.fromEntries(await Promise.all(told)) };
  }

  #executorOf(plan: RigPlan): SafeExecutor {
    return new SafeExecutor(plan, this.#talk(), this.clock, {
      acted: (role) => this.#keeper?.acted(role),
      open: (role) => this.#keeper?.open(role),
    });
  }

  #talk(): Talk {
    const session = (device: string) => this.sessions.get(device)!;
    return {
      exchange: (device, request) => this.#toStop(session(device), request),
      permission: (device) => permissionOf(session(device)),
      quiet: (devices, on) => {
        for (const device of devices) session(device).quiet = on;
      },
      wrote: (device, point, words) => session(device).found(point, words, this.clock.elapsed()),
    };
  }

  /** Where another hand was, another device may be by now, to which "stop" may mean "run". */
  #toStop(session: DeviceSession, request: Request): Promise<Reply> {
    const isWrite = request.kind === "write";
    if (session.anotherHand === undefined || !isWrite) return session.exchange(request, "stop");
    return session.identify("stop").then((stranger) => {
      if (stranger?.code !== "identity") return session.exchange(request, "stop");
      return { ok: false, fault: "cut", detail: stranger.detail, at: this.clock.elapsed() };
    });
  }

  override async close(): Promise<void> {
    this.#executor.close();
    await super.close();
  }
}

function outRow({ facts, session }: BoundActuator): ActuatorSafety {
  return outOfServiceRow({ role: facts.role, device: session.device.name });
}

function keptFromStarting({ device, isOut, anotherHand }: DeviceSession): RigFault[] {
  const hand = `in another hand (${anotherHand}); give it back to remote`;
  const why = isOut ? "it is out of service" : anotherHand === undefined ? undefined : hand;
  if (why === undefined) return [];
  return [{ code: "write-failed", device: device.name, detail: `not started: ${why}` }];
}

/** A device that never proved who it is must do so first: on a clone "stop" may mean "run". */
function permissionOf(session: DeviceSession): Permission | Promise<Permission> {
  if (session.identity === "right") return { write: true };
  return session.identify("stop").then((fault) => {
    if (fault === undefined) return { write: true };
    const retryMs = fault.code === "identity" ? null : identifyAgainMs;
    return { write: false, why: fault.detail, retryMs };
  });
}
