/**
 * ONE rig kept, from the opening of its lines to the end of the process: its cycle, its guard and its keepalive, with
 * or without a run. A run is its guest and is asked once per cycle; what it takes its time for, or fails at, keeps
 * nobody from watching the rig.
 */
import { Cancel, type Clock, type ElapsedMs } from "../base/clock.js";
import { assert } from "../base/error.js";
import type { Sample } from "../base/sample.js";
import {
  chainLimit,
  isOfLimits,
  isRigAlarm,
  limitFacts,
  type RigAlarm,
  rigFacts,
} from "../limit/alarm/facts.js";
import type { AlarmRow } from "../limit/alarm/row.js";
import type { BypassWord, Outage, ServiceWord } from "../limit/alarm/service.js";
import type { CompiledLimit } from "../limit/compile.js";
import type { BoundRig } from "../rig/bind.js";
import type { DrivenDevice } from "../rig/hand.js";
import { type ActuatorSafety, allActed, type SafeCause, safetyText } from "../rig/safety.js";
import { BetweenRuns } from "./between-runs.js";
import { type Guard, type Returned, startGuard, type TripCause } from "./guard.js";
import type { Guest } from "./guest.js";
import { HandWatch } from "./hand-watch.js";
import { type Keepalive, startKeepalive } from "./keepalive.js";
import { RigBook } from "./rig-book.js";
import { SafetyAlarms } from "./safety-alarms.js";
import { type LimitName, type Neighbours, RigService, type ServiceAnswer } from "./service.js";
import { StateNotes } from "./state-notes.js";

export type KeeperParts = {
  rig: BoundRig;
  limits: readonly CompiledLimit[];
  clock: Clock;
  /** Alarms and journal; of a rig without either a new one. */
  book?: RigBook;
  /** Other rigs on these lines; none are known where it is left out. */
  neighbours?: Neighbours;
};

/** What a rig without a run is at, and since when on the machine's clock. */
export type RestState = {
  state: "Idle" | "Aborting" | "Aborted";
  reason: string;
  since: ElapsedMs;
};

type Boarded = { guest: Guest; run: string; leave(): void; fail(error: unknown): void };

/** So old may the last pass of guard and sampler be when a device is fed. */
const tokenCycles = 2;
/** Without a run nothing changes fast that the guard does not look at by itself. */
const restCycleMs = 1000;

export class Keeper {
  readonly rig: BoundRig;
  readonly book: RigBook;
  readonly #limits: readonly CompiledLimit[];
  readonly #trips: readonly CompiledLimit[];
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
  readonly #safetyAlarms: SafetyAlarms;
  readonly #states: StateNotes;
  readonly #service: RigService;
  #hands: HandWatch | undefined;
  /** What another hand has now, in words. */
  readonly #handed = new Map<DrivenDevice, string>();
  #lastRead: Sample | undefined;
  /** Since a run has left, until the next one comes. */
  #between: BetweenRuns | undefined;
  /** When the last sample was complete. */
  #sampledAt: ElapsedMs = Number.NaN;
  /** Opened, cleared or left by a run. */
  #idleSince: ElapsedMs;
  /** What the rig was made safe for, until a person clears it. */
  #tripped: { text: string; at: ElapsedMs } | undefined;

  constructor({ rig, limits, clock, book, neighbours }: KeeperParts) {
    this.rig = rig;
    this.book = book ?? new RigBook(rig.name, clock);
    this.#safetyAlarms = new SafetyAlarms(rig, this.book, clock);
    this.#states = new StateNotes(this.book);
    this.#service = new RigService(rig, limits, this.book, neighbours);
    this.#idleSince = clock.elapsed();
    this.#limits = limits;
    this.#trips = limits.filter(({ reaction }) => reaction === "trip");
    this.#clock = clock;
    // What the exposure of a run is under changes with it.
    this.book.listen((event) => {
      const isOver = event.kind === "bypass" && event.data.change === "expired";
      if (isOver) this.#boarded?.guest.fault(event.text);
    });
  }

  /** From now on the rig is read and watched. May be called again. */
  open(): void {
    if (this.#guard !== undefined) return;
    const { rig } = this;
    const onTrip = (cause: TripCause) => this.#onTrip(cause);
    const onMotion = (cause: TripCause) => this.#moved(cause);
    const onReturn = (what: Returned) => this.#onReturn(what);
    this.#guard = startGuard(rig, this.#limits, this.#clock, onTrip, onMotion, onReturn, {
      cycleMs: () => this.#cycleMs,
      isLookedAt: (limit) => this.#service.isLookedAt(limit),
    });
    this.#hands = new HandWatch(rig, this.#clock, {
      taken: (driven, text) => this.#handTaken(driven, text),
      back: (driven, text) => this.#handBack(driven, text),
      tripped: (_driven, text) => this.#boarded?.guest.fault(text),
    });
    this.#keepalive = startKeepalive(rig, this.#clock, (device) => this.#mayFeed(device));
    void this.#run();
  }

  /**
   * Takes a run (its id) as guest, and opens where nobody has. Settles when it is over; rejects with what it failed at, and
   * then not before every actuator has acted.
   */
  board(guest: Guest, run = ""): Promise<void> {
    assert(this.#boarded === undefined, "a rig has one run at a time");
    this.#between = undefined;
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#guestLeft();
        resolve();
      };
      const fail = (error: unknown) => {
        this.#guestLeft();
        reject(error);
      };
      this.#boarded = { guest, run, leave, fail };
      guest.onInput(() => {
        this.#hasInput = true;
        this.#wake.cancel();
      });
      for (const [{ roles }, text] of this.#handed) guest.hand(roles, true, text);
      for (const text of this.#service.bypasses()) guest.fault(text);
      // The one before may be as old as a slow cycle.
      if (this.#guard !== undefined) this.#sampleNow();
      this.#pass(() => guest.begin().then(() => this.#sampleNow()));
      this.open();
    });
  }

  /** What only the run looked at must not stand for ever: nobody would see it return. */
  #guestLeft(): void {
    const run = this.#boarded?.run ?? "";
    const longestMs = Math.max(restCycleMs, this.rig.cycleMs);
    if (this.#lastRead !== undefined) {
      this.#between = new BetweenRuns(run, this.#lastRead, longestMs);
    }
    this.#boarded = undefined;
    this.#idleSince = this.#clock.elapsed();
    const isWatched = (row: AlarmRow) => isRigAlarm(row) || isOfLimits(this.#trips, row);
    void this.book.unwatch(isWatched, "the run that watched it has left the rig");
  }

  /** The rig is watched no more; its lines are closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#guard?.stop();
    this.#keepalive?.stop();
    this.#hands?.stop();
    this.#wake.cancel();
    await this.rig.close();
  }

  /** Without a run. */
  get state(): RestState {
    if (this.#tripped === undefined) {
      return { state: "Idle", reason: "no run", since: this.#idleSince };
    }
    const { text, at } = this.#tripped;
    const state = allActed(this.rig.safety()) ? "Aborted" : "Aborting";
    return { state, reason: text, since: at };
  }

  /** Safe values by a person's word, as `Rig.safe`. */
  safe(reason: string, cause?: SafeCause): Promise<readonly ActuatorSafety[]> {
    this.#tripped = { text: reason, at: this.#clock.elapsed() };
    return this.rig.safe(reason, cause);
  }

  /** A person has looked after a trip. Answers why it cannot be cleared; undefined: it is. */
  clear(by: string): string | undefined {
    if (this.#tripped === undefined) return "nothing has tripped here: there is nothing to clear";
    const safety = this.rig.safety();
    if (!allActed(safety)) return `the rig is not safe: ${safetyText(safety)}`;
    const isTrip = (r: AlarmRow) => r.stands && r.reaction === "trip" && r.outOfService === null;
    const standing = this.book.alarms.rows.filter(isTrip);
    if (standing.length > 0) return `still there: ${standing.map(({ text }) => text).join(", ")}`;
    this.#states.look(this.state, safety);
    this.#tripped = undefined;
    this.#idleSince = this.#clock.elapsed();
    this.#states.look(this.state, safety, by);
    return undefined;
  }

  /** Not one frame goes there from now on, not even to read; only while everything is safe. Its end re-arms nothing. */
  outOfService(outage: Outage, word: ServiceWord): Promise<ServiceAnswer> {
    return this.#service.outOfService(outage, word);
  }

  /** A person is back from there: each device says who it is, and is looked at. */
  returnToService(outage: Outage, by: string): Promise<ServiceAnswer> {
    this.#guard?.seeAgain();
    return this.#service.returnToService(outage, by);
  }

  /** One trip limit of the rig file is not looked at for a while; only while everything is safe. */
  async bypass(limit: LimitName, word: BypassWord): Promise<ServiceAnswer> {
    const answer = await this.#service.bypass(limit, word);
    if (answer.accepted) this.#boarded?.guest.fault(answer.text);
    return answer;
  }

  async restore(limit: LimitName, by: string): Promise<ServiceAnswer> {
    const answer = await this.#service.restore(limit, by);
    if (answer.accepted) this.#boarded?.guest.fault(answer.text);
    return answer;
  }

  #onTrip(cause: TripCause): void {
    const { limit, station, text, value } = cause;
    this.#boarded?.guest.trip(limit, station ?? null, text);
    this.#tripped = { text, at: this.#clock.elapsed() };
    const isFirst = !this.book.alarms.rows.some(({ isFirstOut }) => isFirstOut);
    const data = { limit, value: Number.isFinite(value) ? value : null, firstOut: isFirst };
    const where = station === undefined ? {} : { station };
    void this.book.note({ kind: "trip", text, ...where, data });
    void this.book.raise(this.#factsOf(cause), value, text);
  }

  #moved(cause: TripCause): void {
    const { column, value, text } = cause;
    this.#boarded?.guest.fault(text);
    const unit = this.rig.columns.find(({ name }) => name === column)?.unit ?? "1";
    void this.book.note({ kind: "motion", text, data: { role: column, value, unit } });
    void this.book.raise(rigFacts(this.rig.name, "unasked-motion", column), value, text);
  }

  #handTaken(driven: DrivenDevice, text: string): void {
    this.#boarded?.guest.hand(driven.roles, true, text);
    this.#handed.set(driven, text);
    const { name } = driven.session.device;
    void this.book.raise(rigFacts(this.rig.name, "another-hand", name), Number.NaN, text);
  }

  #handBack(driven: DrivenDevice, text: string): void {
    this.#boarded?.guest.hand(driven.roles, false, text);
    this.#handed.delete(driven);
    if (this.#boarded === undefined) void this.rig.verify();
    const { name } = driven.session.device;
    void this.book.giveBack(rigFacts(this.rig.name, "another-hand", name), Number.NaN);
  }

  /** Guard and sampler have each just been round: what only the keepalive's own loop keeps alive is not kept alive. */
  #mayFeed(device: string): boolean {
    const oldest = Math.min(this.#guard?.passedAt ?? Number.NaN, this.#sampledAt);
    const isFresh = this.#clock.elapsed() - oldest <= tokenCycles * this.#cycleMs;
    const isOpen = this.book.alarms.rows.some((r) => r.stands && r.limit === chainLimit);
    return isFresh && !isOpen && this.#hands?.hasTripped(device) === false;
  }

  #onReturn(what: Returned): void {
    void this.book.giveBack(this.#factsOf(what), what.value);
  }

  /** A limit of the rig file, or what every rig is watched for. */
  #factsOf({ limit, station, column }: Returned) {
    const own = this.#limits.find((l) => l.name === limit && l.station === station);
    if (own !== undefined) return limitFacts(this.rig.name, own);
    return rigFacts(this.rig.name, limit as RigAlarm, column);
  }

  /** What was seen since this run left the rig; undefined where it has not, or another came since. */
  since(run: string): BetweenRuns | undefined {
    return this.#between?.run === run ? this.#between : undefined;
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
        this.#sampledAt = this.#clock.elapsed();
        this.#lastRead = read;
        this.#between?.look(read);
        this.book.look(this.#trips, read.values, (i) => this.#guard?.hasReturned(i, read) === true);
        this.#safetyAlarms.look();
        this.#states.look(this.state, this.rig.safety());
        this.#pass((guest) => guest.cycle(read));
      } catch (error) {
        // Our own defect: whoever is blind stands still.
        const isTaken = this.#pass(() => Promise.reject(error));
        if (!isTaken) void this.safe(`a defect of Wearout: ${String(error)}`);
      }
      await this.#sleepUntil(nextBoundary(began, this.#clock.elapsed(), this.#cycleMs));
    }
  }

  /** To the guest, where there is one that is free. */
  #pass(task: (guest: Guest) => Promise<unknown>): boolean {
    const boarded = this.#boarded;
    this.#missed = this.#work !== undefined;
    if (boarded === undefined || this.#missed) return false;
    this.#work = this.#do(boarded, () => task(boarded.guest));
    return true;
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
      // What came first is what is told.
      await this.#giveUp(guest, error).catch(() => {});
      this.#work = undefined;
      fail(error);
      return;
    }
    this.#work = undefined;
    if (guest.isOver) {
      const text = guest.abortedFor;
      if (text !== undefined) this.#tripped ??= { text, at: this.#clock.elapsed() };
      leave();
    }
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
