/**
 * Makes a rig safe from its plan file alone: no site, no device type, no record is read. What the plan says may be
 * energised gets its safe values, unless its answer contradicts who it was when the plan was made.
 */
import { Cancel, type Clock } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import type { Line, LineSpec, Reply } from "../line/line.js";
import type { Ask, PlanActuator, PlanDevice, SafePlan } from "../rig/safe-plan.js";
import { machineId } from "../rig/safe-plan-file.js";
import { type ActuatorSafety, allActed, outOfServiceRow, type SafeCause } from "../rig/safety.js";
import { outOfServiceReply } from "../rig/session.js";
import { judge } from "./kernel/answer.js";
import { type Permission, SafeExecutor, type Talk } from "./kernel/executor.js";
import { isSameWire, wireOf } from "./wire-identity.js";

/** Opens and claims a line; rejects as `openClaimedLine` does. */
export type OpenLine = (name: string, spec: LineSpec) => Promise<Line>;

/** `acted`; `refused`: something forbids writing; `unreachable`: nobody answered for a minute. */
export type SafeEnd = "acted" | "refused" | "unreachable";
export type SafeResult = { end: SafeEnd; safety: readonly ActuatorSafety[] };

export type FromPlanParts = {
  plan: SafePlan;
  cause: SafeCause;
  open: OpenLine;
  clock: Clock;
  /** An actuator has acted: the plan is to say so. */
  onActed: (role: string) => void;
  /** Every second, as long as it lasts. */
  onStill: (safety: readonly ActuatorSafety[]) => void;
  /** A person's signed word: it ends although something has not acted. */
  isAbandoned: () => boolean;
};

const openAgainMs = 500;
const stillMs = 1000;
/** Nobody there for so long: a person is needed, and the plan stays as it is. */
const unreachableMs = 60_000;

export async function makeSafeFromPlan(parts: FromPlanParts): Promise<SafeResult> {
  const { plan, clock } = parts;
  if (plan.machine !== machineId()) {
    const why = `the safe plan of ${plan.rig} was written on another machine`;
    throw new WearoutError(
      "STATE_REFUSED",
      `${why}: it gives no authority here, nothing is written; if the rig moves, use its isolator`,
    );
  }
  const talk = new PlanTalk(parts);
  const told = { acted: parts.onActed, open: () => {} };
  const isOut = ({ device }: PlanActuator) => plan.devices[device]?.isOut === true;
  const [moving, rest] = [true, false].map((wanted) => {
    const own = plan.actuators.filter((a) => !isOut(a));
    const actuators = own.filter((a) => isConcerned(a, parts.cause) === wanted);
    return new SafeExecutor({ ...plan, actuators }, talk, clock, told);
  }) as [SafeExecutor, SafeExecutor];
  try {
    const first = await moving.safe(parts.cause);
    const result = allActed(first)
      ? { end: "acted" as const, safety: first }
      : await untilOver(parts, moving, talk);
    const looked = await rest.look();
    const end = result.end === "acted" && !allActed(looked) ? "refused" : result.end;
    const out = plan.actuators.filter(isOut).map(outOfServiceRow);
    return { end, safety: [...result.safety, ...looked, ...out] };
  } finally {
    moving.close();
    rest.close();
    await talk.close();
  }
}

/** Isolation also takes what a trip leaves running. */
function isConcerned({ energised, steps }: PlanActuator, cause: SafeCause): boolean {
  const differs = JSON.stringify(steps.trip) !== JSON.stringify(steps.isolate);
  return energised || (cause === "isolate" && differs);
}

async function untilOver(
  { clock, onStill, isAbandoned }: FromPlanParts,
  executor: SafeExecutor,
  talk: PlanTalk,
): Promise<SafeResult> {
  const over = new Cancel();
  void executor.whenOver().then(() => over.cancel());
  for (;;) {
    await clock.sleep(stillMs, over);
    const safety = executor.safety();
    if (executor.hasActed) return { end: "acted", safety };
    if (over.cancelled || isAbandoned()) return { end: "refused", safety };
    if (clock.elapsed() - talk.heardAt > unreachableMs) return { end: "unreachable", safety };
    onStill(safety);
  }
}

class PlanTalk implements Talk {
  heardAt: number;
  readonly #parts: FromPlanParts;
  readonly #lines = new Map<string, Promise<Line>>();
  readonly #verdicts = new Map<string, Promise<Permission>>();

  constructor(parts: FromPlanParts) {
    this.#parts = parts;
    this.heardAt = parts.clock.elapsed();
  }

  async exchange(name: string, request: Parameters<Talk["exchange"]>[1]): Promise<Reply> {
    const { clock } = this.#parts;
    const device = this.#device(name);
    if (device.isOut === true) return { ...outOfServiceReply, at: clock.elapsed() };
    try {
      const line = await this.#line(device.line);
      const reply = await line.exchange(device.unit, request, device.timing, "stop");
      if (reply.ok || reply.fault === "exception") this.heardAt = clock.elapsed();
      return reply;
    } catch (error) {
      const detail = (error as Error).message;
      return { ok: false, fault: "closed", detail, at: clock.elapsed() };
    }
  }

  /** Judged once; asked again only where the line could not be opened. */
  permission(name: string): Promise<Permission> {
    const known = this.#verdicts.get(name) ?? this.#judge(name);
    this.#verdicts.set(name, known);
    void known.then((permission) => {
      const again = !permission.write && permission.retryMs !== null;
      if (again) this.#verdicts.delete(name);
    });
    return known;
  }

  quiet(): void {
    // Nobody else speaks on these lines.
  }

  wrote(): void {
    // Nothing is kept alive here.
  }

  async close(): Promise<void> {
    const lines = await Promise.allSettled(this.#lines.values());
    await Promise.all(lines.map((l) => (l.status === "fulfilled" ? l.value.close() : undefined)));
  }

  async #judge(name: string): Promise<Permission> {
    const device = this.#device(name);
    try {
      await this.#line(device.line);
    } catch (error) {
      const held = error instanceof WearoutError && error.code === "LINE_IN_USE";
      return { write: false, why: (error as Error).message, retryMs: held ? null : openAgainMs };
    }
    const identity = await this.#ask(device.identity);
    const fingerprint = await this.#ask(device.fingerprint);
    const other = identity.contradicts ?? fingerprint.contradicts;
    if (other !== undefined) {
      return { write: false, why: `not the device that was there: ${other}`, retryMs: null };
    }
    return this.#weigh(device, fingerprint.seen);
  }

  /** A weak identity needs the same wire, and a look at the state before anything is written. */
  #weigh(device: PlanDevice, known: boolean): Permission {
    if (device.weak === null || known) return { write: true };
    const line = this.#parts.plan.lines[device.line]!;
    if (isSameWire(line.spec, line.wire, wireOf(line.spec))) return { write: true, look: true };
    const why = `it cannot be told who answers there (${device.weak}), and the wire is another one`;
    return { write: false, why, retryMs: null };
  }

  /** Silence and refusals of a device that was identified before contradict nothing. */
  async #ask(asks: readonly Ask[]): Promise<{ contradicts: string | undefined; seen: boolean }> {
    let seen = false;
    for (const question of asks) {
      const reply = await this.exchange(question.device, question.request);
      const { verdict, said } = judge(question, reply);
      if (verdict === "no") return { contradicts: said, seen: true };
      if (verdict === "unknown") break;
      seen = true;
    }
    return { contradicts: undefined, seen };
  }

  #device(name: string): PlanDevice {
    return this.#parts.plan.devices[name]!;
  }

  #line(name: string): Promise<Line> {
    const known = this.#lines.get(name);
    if (known !== undefined) return known;
    const opening = this.#parts.open(name, this.#parts.plan.lines[name]!.spec);
    opening.catch(() => this.#lines.delete(name));
    this.#lines.set(name, opening);
    return opening;
  }
}
