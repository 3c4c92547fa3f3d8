/**
 * Looks who commands each device that can say so. What another hand has (its panel, another controller) is only read,
 * until it is given back and was made safe: no word of ours may start it again (docs/safety.md, "Another hand").
 */
import { Cancel, type Clock, type ElapsedMs } from "../base/clock.js";
import type { BoundRig } from "../rig/bind.js";
import { type DrivenDevice, readConditions } from "../rig/hand.js";

/** Each is told once, and again after the other. Must not wait and must not throw. */
export type HandTold = {
  taken(device: DrivenDevice, text: string): void;
  back(device: DrivenDevice, text: string): void;
  tripped(device: DrivenDevice, text: string): void;
};

/** While something may move; at rest a panel is looked at now and then. */
const lookMs = 1000;
const restLookMs = 10_000;

export class HandWatch {
  readonly #rig: BoundRig;
  readonly #clock: Clock;
  readonly #told: HandTold;
  readonly #cancel = new Cancel();
  /** Given back, told, and not made safe yet. */
  readonly #back = new Set<string>();
  readonly #tripped = new Set<string>();

  constructor(rig: BoundRig, clock: Clock, told: HandTold) {
    this.#rig = rig;
    this.#clock = clock;
    this.#told = told;
    for (const driven of rig.driven) {
      const asked = { ...driven.obeys, ...driven.tripped };
      if (Object.keys(asked).length > 0) void this.#watch(driven);
    }
  }

  stop(): void {
    this.#cancel.cancel();
  }

  /** It stands in a fault of its own: the words that it was given before must not be repeated. */
  hasTripped(device: string): boolean {
    return this.#tripped.has(device);
  }

  get #mayMove(): boolean {
    return !this.#rig.isSafe && !Number.isNaN(this.#rig.startedAt);
  }

  async #watch(driven: DrivenDevice): Promise<void> {
    let lookedAt: ElapsedMs = Number.NEGATIVE_INFINITY;
    while (!this.#cancel.cancelled) {
      const now = this.#clock.elapsed();
      if (this.#mayMove || now - lookedAt >= restLookMs) {
        lookedAt = now;
        await this.#lookAtHand(driven);
        await this.#lookAtTrip(driven);
      }
      await this.#clock.sleep(lookMs, this.#cancel);
    }
  }

  async #lookAtHand(driven: DrivenDevice): Promise<void> {
    const { session, obeys } = driven;
    const { verdict, said } = await readConditions(session, obeys);
    if (this.#cancel.cancelled) return;
    if (verdict === "no") this.#take(driven, said);
    else if (verdict === "yes" && session.anotherHand !== undefined) await this.#giveBack(driven);
  }

  #take(driven: DrivenDevice, said: string): void {
    const { session } = driven;
    const isNew = session.anotherHand === undefined || this.#back.delete(session.device.name);
    session.handOver(said);
    if (!isNew) return;
    const what = `${session.device.name} is in another hand (${said}): it is only read`;
    this.#told.taken(driven, `${what}; switch it off at its panel, or give it back to remote`);
  }

  /** Identified first: whoever was there may have put in another one. Written to again once the rig is safe. */
  async #giveBack(driven: DrivenDevice): Promise<void> {
    const { session } = driven;
    const { name } = session.device;
    const stranger = await session.identify("slow");
    if (stranger !== undefined) {
      if (stranger.code === "identity") session.handOver(stranger.detail);
      return;
    }
    if (!this.#back.has(name)) {
      this.#back.add(name);
      const text = `${name} is given back: it is stopped once, and nothing is started`;
      this.#told.back(driven, text);
    }
    if (this.#mayMove) return;
    session.anotherHand = undefined;
    this.#back.delete(name);
  }

  async #lookAtTrip(driven: DrivenDevice): Promise<void> {
    const { session, tripped } = driven;
    if (Object.keys(tripped).length === 0) return;
    const { name } = session.device;
    const { verdict, said } = await readConditions(session, tripped);
    if (verdict === "no") this.#tripped.delete(name);
    if (verdict !== "yes" || this.#tripped.has(name)) return;
    this.#tripped.add(name);
    session.forget();
    this.#told.tripped(driven, `${name} has tripped by itself (${said}): it is kept alive no more`);
  }
}
