/**
 * ONE rig kept, from the opening of its lines to the end of the process: its cycle, its guard and its keepalive, with
 * or without a run. A run is its guest and is asked once per cycle; what it takes its time for, or fails at, keeps
 * nobody from watching the rig.
 */
import { Cancel, type Clock, type ElapsedMs } from "../base/clock.js";
import { assert } from "../base/error.js";
import type { Sample } from "../base/sample.js";
import type { CompiledLimit } from "../limit/compile.js";
import type { BoundRig } from "../rig/bind.js";
import { type Guard, startGuard, type TripCause } from "./guard.js";
import { type Keepalive, startKeepalive } from "./keepalive.js";

/** A run as the keeper sees it. Nothing of it is called while an earlier call has not settled, but `trip` and `fault`. */
export interface Guest {
  /** It wants no cycle any more. */
  readonly isOver: boolean;
  /** Before its first cycle. */
  begin(): Promise<void>;
  /** One cycle: decides and writes. */
  cycle(read: Sample): Promise<void>;
  /** Decides what came since the last cycle. */
  attend(): Promise<void>;
  /** The guard has made the rig safe. */
  trip(limit: string, station: string | null, text: string): void;
  /** The guard has seen something, and has done what is to be done. */
  fault(text: string): void;
  /** It cannot go on; the rig is being made safe. Must not throw. */
  failed(error: unknown): Promise<void>;
  /** Calls back whenever there is something to `attend` to. */
  onInput(listener: () => void): void;
}

export type KeeperParts = {
  rig: BoundRig;
  limits: readonly CompiledLimit[];
  clock: Clock;
};

type Boarded = { guest: Guest; leave(): void; fail(error: unknown): void };

/** Without a run nothing changes fast that the guard does not look at by itself. */
const restCycleMs = 1000;

export class Keeper {
  readonly rig: BoundRig;
  readonly #limits: readonly CompiledLimit[];
  readonly #clock: Clock;
  #boarded: Boarded | undefined;
  /** What the guest is at; no two things at once. */
  #work: Promise<void> | undefined;
  #hasInput = false;
  /** The guest was at something when the last sample came. */
  #missed = false;
  /** The next sample is taken now. */
  #isDue = false;
  #wake = new Cancel();
  #cycles = 0;
  #guard: Guard | undefined;
  #keepalive: Keepalive | undefined;
  #isClosed = false;

  constructor({ rig, limits, clock }: KeeperParts) {
    this.rig = rig;
    this.#limits = limits;
    this.#clock = clock;
  }

  /** From now on the rig is read and watched. May be called again. */
  open(): void {
    if (this.#guard !== undefined) return;
    const { rig } = this;
    const onTrip = (cause: TripCause) => this.#tripped(cause);
    const onMotion = ({ text }: TripCause) => this.#boarded?.guest.fault(text);
    this.#guard = startGuard(rig, this.#limits, this.#clock, onTrip, onMotion);
    this.#keepalive = startKeepalive(rig, this.#clock);
    void this.#run();
  }

  /**
   * Takes a run as guest, and opens where nobody has. Settles when it is over; rejects with what it failed at, and
   * then not before every actuator has acted.
   */
  board(guest: Guest): Promise<void> {
    assert(this.#boarded === undefined, "a rig has one run at a time");
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#boarded = undefined;
        resolve();
      };
      const fail = (error: unknown) => {
        this.#boarded = undefined;
        reject(error);
      };
      this.#boarded = { guest, leave, fail };
      guest.onInput(() => {
        this.#hasInput = true;
        this.#wake.cancel();
      });
      this.#pass(() => guest.begin().then(() => this.#sampleNow()));
      this.open();
    });
  }

  /** The rig is watched no more; its lines are closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#guard?.stop();
    this.#keepalive?.stop();
    this.#wake.cancel();
    await this.rig.close();
  }

  #tripped({ limit, station, text }: TripCause): void {
    this.#boarded?.guest.trip(limit, station ?? null, text);
  }

  /** The next sample, taken without delay. Opens where nobody has. */
  look(): Promise<Sample> {
    this.open();
    return new Promise((resolve) => {
      const stop = this.rig.watch((sample) => {
        stop();
        resolve(sample);
      });
      this.#sampleNow();
    });
  }

  #sampleNow(): void {
    this.#isDue = true;
    this.#wake.cancel();
  }

  /** Once per cycle; a guest that is still at something leaves the sample to the guard. */
  async #run(): Promise<void> {
    // A guest that begins has the first word.
    if (this.#boarded !== undefined) await this.#sleepUntil(this.#clock.elapsed() + this.#cycleMs);
    while (!this.#isClosed) {
      const began = this.#clock.elapsed();
      this.#isDue = false;
      try {
        const read = await this.rig.sample(++this.#cycles);
        this.#pass((guest) => guest.cycle(read));
      } catch (error) {
        // Our own defect: whoever is blind stands still.
        void this.rig.safe(`a defect of Wearout: ${String(error)}`);
        this.#pass(() => Promise.reject(error));
      }
      await this.#sleepUntil(nextBoundary(began, this.#clock.elapsed(), this.#cycleMs));
    }
  }

  /** To the guest, where there is one that is free. */
  #pass(task: (guest: Guest) => Promise<unknown>): void {
    const boarded = this.#boarded;
    this.#missed = this.#work !== undefined;
    if (boarded === undefined || this.#missed) return;
    this.#work = this.#do(boarded, () => task(boarded.guest));
  }

  get #cycleMs(): number {
    const { cycleMs } = this.rig;
    return this.#boarded === undefined ? Math.max(cycleMs, restCycleMs) : cycleMs;
  }

  /** What comes meanwhile is decided at once, as soon as the guest is free. */
  async #sleepUntil(due: ElapsedMs): Promise<void> {
    while (!this.#isClosed && !this.#isDue) {
      if (this.#hasInput && this.#work === undefined) {
        this.#hasInput = false;
        this.#pass((guest) => guest.attend().then(() => this.#missed && this.#sampleNow()));
      }
      const ms = due - this.#clock.elapsed();
      // A sum of times may be off by less than the microsecond that times are told in.
      if (ms < 0.001) return;
      this.#wake = new Cancel();
      await this.#clock.sleep(ms, this.#wake);
    }
  }

  async #do({ guest, leave, fail }: Boarded, task: () => Promise<unknown>): Promise<void> {
    try {
      await task();
    } catch (error) {
      await this.#giveUp(guest, error);
      this.#work = undefined;
      fail(error);
      return;
    }
    this.#work = undefined;
    if (guest.isOver) leave();
    if (this.#hasInput) this.#wake.cancel();
  }

  async #giveUp(guest: Guest, error: unknown): Promise<void> {
    const safe = this.rig.safe("the run cannot go on");
    await guest.failed(error);
    await safe;
    await this.rig.whenActed();
  }
}

/** The next multiple of the cycle after now; cycles that were missed are not made up for. */
export function nextBoundary(lastAt: ElapsedMs, now: ElapsedMs, cycleMs: number): ElapsedMs {
  const due = lastAt + cycleMs;
  return due > now ? due : lastAt + cycleMs * Math.ceil((now - lastAt) / cycleMs);
}
