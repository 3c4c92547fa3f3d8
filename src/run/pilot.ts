import { type Clock, type ElapsedMs, type RunMs, withDeadline } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import type { RunSample, Sample } from "../base/sample.js";
import type { Setpoints } from "../base/setpoint.js";
import type { RecordEvent } from "../record/document/event.js";
import type { Act, Disposition, Verb } from "../record/document/input.js";
import type { RecordWriter } from "../record/writer-port.js";
import type { Rig } from "../rig/rig.js";
import { allActed, safetyText } from "../rig/safety.js";
import { isCheckpoint } from "./checkpoint.js";
import { waitsForActed } from "./confirm.js";
import { decide } from "./decide.js";
import { doneText, faultsText } from "./fault-words.js";
import type { Effects, Input, Parked, RunContext, RunState } from "./state.js";
import { take, takeUrgent, type Waiting } from "./waiting.js";

/** So many cycles in a row a setpoint may fail to arrive. */
const writeFailuresToAbort = 3;

/** A disk may be full for a moment: the record keeps the samples and tries again every second. */
const longestUnrecordedMs = 10_000;

/** A record that does not answer any more holds up nobody who makes the rig safe. */
const longestTellingMs = 5000;

/** Told after every input, of events that are on the disk. Must not wait and must not throw. */
export type Observer = (
  state: RunState,
  sample: RunSample | undefined,
  events: readonly RecordEvent[],
) => void;

export type PilotParts = {
  rig: Rig;
  record: RecordWriter;
  clock: Clock;
  context: RunContext;
  initial: RunState;
  observe?: Observer;
  /** The run goes on after its controller was away; else it begins. */
  interrupted?: Interrupted;
  /** What was found at suspect stations; decided right after `interrupted`. */
  dispositions?: readonly Disposition[];
};

export type Interrupted = Extract<Input, { kind: "interrupted" }>;

/**
 * One run on a rig that is kept: asked once per cycle, it records, decides and writes, in that order. All deciding is
 * in `decide`; here are only the effects. Events are on the disk before what they justify is done, except that safe
 * values never wait for a disk.
 */
export class Pilot {
  readonly #parts: PilotParts;
  readonly #zero: ElapsedMs;
  readonly #inputs: Waiting[] = [];
  /** Who waits for what came of a command. */
  readonly #asked = new Map<Input, (refusal: string | undefined) => void>();
  #state: RunState;
  #listener: () => void = () => {};
  #sample: RunSample | undefined;
  /** Setpoints that did not all arrive, and how often in a row. */
  #unwritten: Setpoints | undefined;
  #writeFailures = 0;
  /** Since when the record has been refused; NaN while it is written. */
  #refusedSince = Number.NaN;
  #toldLost = 0;
  /** Something was started, by this process or the one before. */
  #mayMove: boolean;
  #asksActed = false;

  constructor(parts: PilotParts) {
    this.#parts = parts;
    this.#zero = parts.clock.elapsed() - (parts.interrupted?.at ?? 0);
    this.#state = parts.initial;
    this.#mayMove = parts.interrupted !== undefined;
  }

  get state(): RunState {
    return this.#state;
  }

  /** The moment of the machine's clock at which the run's own is zero. */
  get zero(): ElapsedMs {
    return this.#zero;
  }

  /**
   * Queues a command; it is decided before the next sample. An abort drives the safe values at once,
   * whatever the loop is waiting for.
   */
  command(verb: Verb, by: string, reason = "", atCheckpoint = false): void {
    this.#command(verb, by, reason, atCheckpoint);
  }

  /**
   * As `command`; resolves once it is decided and written down, with the sentence that refuses it or undefined. A ramp
   * or a start that it leads to is not waited for.
   */
  ask(verb: Verb, by: string, reason = "", atCheckpoint = false): Promise<string | undefined> {
    if (this.isOver) return Promise.resolve("the run is over");
    return new Promise((resolve) => {
      this.#asked.set(this.#command(verb, by, reason, atCheckpoint), resolve);
    });
  }

  /** A person's word on a suspect station; answered as `ask`. */
  dispose(disposition: Disposition): Promise<string | undefined> {
    return this.#heard({ kind: "disposition", at: this.#now(), disposition });
  }

  /** Down and safe, then let go of so that the rig is free for another run; answered as `ask`. */
  park({ by, reason, mounted }: Parked): Promise<string | undefined> {
    return this.#heard({ kind: "parked", at: this.#now(), by, reason, mounted: [...mounted] });
  }

  #heard(input: Waiting): Promise<string | undefined> {
    if (this.isOver) return Promise.resolve("the run is over");
    return new Promise((resolve) => {
      this.#asked.set(input, resolve);
      this.#push(input);
    });
  }

  #command(verb: Verb, by: string, reason: string, atCheckpoint: boolean): Input {
    if (verb === "abort") void this.#parts.rig.safe(reason === "" ? `abort by ${by}` : reason);
    const input = { kind: "command", verb, at: this.#now(), by, reason, atCheckpoint } as const;
    this.#push(input);
    return input;
  }

  /** From the guard, which has driven the safe values already. */
  trip(limit: string, station: string | null, text: string): void {
    this.#push({ kind: "trip", at: this.#now(), limit, station, text });
  }

  /** Something of the rig is not as it should be, and the guard has looked at it already. */
  fault(text: string): void {
    this.#push({ kind: "fault", at: this.#now(), text, abort: false });
  }

  /** A device was taken into another hand, or is back from it: the run waits for a person. */
  hand(roles: readonly string[], isTaken: boolean, text: string): void {
    this.#push({ kind: "hand", at: this.#now(), roles: [...roles], isTaken, text });
    if (isTaken) return;
    const { rig } = this.#parts;
    void rig.whenActed().then(() => {
      if (this.#state.packml !== "Held" || this.#state.notSafe === null) return;
      const text = `every actuator has acted: ${safetyText(rig.safety())}`;
      if (allActed(rig.safety())) this.#push({ kind: "acted", at: this.#now(), text, by: null });
    });
  }

  /** Lets go of a run whose actuators have not acted; only for one that somebody answers for. */
  abandon(by: string, reason: string): void {
    this.#push({ kind: "acted", at: this.#now(), text: `left by ${by}: ${reason}`, by });
  }

  onInput(listener: () => void): void {
    this.#listener = listener;
  }

  /** Why the run cannot go on, into its record, where that can still be written and decided. */
  async failed(error: unknown): Promise<void> {
    const { record, clock, context } = this.#parts;
    const said = error instanceof Error ? error.message : String(error);
    const why = error instanceof WearoutError ? said : `a defect of Wearout: ${said}`;
    const reason = why.replace(/[\s\p{Cc}]+/gu, " ");
    try {
      const abort = { kind: "command", verb: "abort", by: "wearout", atCheckpoint: false } as const;
      const { state, effects } = decide(context, this.#state, {
        ...abort,
        at: this.#now(),
        reason,
      });
      this.#state = state;
      const told = record.commit(effects.events).then(() => this.#tell(effects.events));
      await withDeadline(clock, told, longestTellingMs, () => undefined);
    } catch {
      // It is thrown on and told where the process ends.
    }
    for (const resolve of this.#asked.values()) resolve(reason);
  }

  /** A stop that came before is decided between the two: nothing is started for it. */
  async begin(): Promise<void> {
    const { interrupted, dispositions = [] } = this.#parts;
    if (interrupted !== undefined) {
      await this.#decide(interrupted);
      for (const disposition of dispositions) {
        await this.#decide({ kind: "disposition", at: this.#now(), disposition });
      }
      return;
    }
    await this.#decide(this.#own("reset"));
    await this.#decideWaiting();
    if (this.#state.packml === "Idle") await this.#decide(this.#own("start"));
    await this.#decideWaiting();
  }

  #own(verb: Verb): Input {
    return {
      kind: "command",
      verb,
      at: this.#now(),
      by: "wearout",
      reason: "",
      atCheckpoint: false,
    };
  }

  /** Ended, or interrupted and let go of. */
  get isOver(): boolean {
    return this.#state.outcome !== null || this.#state.isLeft;
  }

  get abortedFor(): string | undefined {
    const { packml, reason } = this.#state;
    return this.isOver && packml === "Aborted" ? reason : undefined;
  }

  #now(): RunMs {
    return wholeMicroseconds(this.#parts.clock.elapsed() - this.#zero);
  }

  #push(input: Waiting): void {
    this.#inputs.push(input);
    this.#listener();
  }

  /** One sample of the rig: numbered and timed as the run's own. */
  async cycle({ at: elapsed, wall, values, quality }: Sample): Promise<void> {
    const { record, clock } = this.#parts;
    const at = wholeMicroseconds(elapsed - this.#zero);
    const sample: RunSample = { cycle: this.#state.cycle + 1, at, wall, values, quality };
    // What happened before this sample began is decided before it.
    await this.#decideWaiting(sample.at);
    if (this.isOver) return;
    record.sample(sample);
    const pressure = record.pressure();
    if (pressure !== undefined) await clock.outside(pressure);
    this.#checkRecord(sample.at);
    this.#sample = sample;
    const missed = this.#unwritten;
    await this.#decide({ kind: "sample", sample });
    if (missed !== undefined && this.#unwritten === missed)
      await this.#write(this.#state.setpoints);
    await this.#decideWaiting();
  }

  /** Decides what came since. */
  attend(): Promise<void> {
    return this.#decideWaiting();
  }

  /**
   * A run without a record cannot be folded again, and nobody could say what was done. With little room
   * it is suspended while there is still room to say so, and goes on when there is space again.
   */
  #checkRecord(at: RunMs): void {
    const { failing, short, lostSamples } = this.#parts.record;
    this.#tellLost(lostSamples);
    const { packml } = this.#state;
    if (short !== undefined && packml === "Execute") this.command("suspend", "record", short);
    // A limit that suspended the run sees by itself when it is over.
    const byRecord = packml === "Suspended" && this.#state.clearSamples < 0;
    if (short === undefined && byRecord) {
      this.command("resume", "record", "there is room on the disk again");
    }
    // At rest nothing happens that somebody would have to know of: it may take as long as it takes.
    if (packml === "Suspended" || packml === "Held") this.#refusedSince = Number.NaN;
    else if (failing === undefined) this.#refusedSince = Number.NaN;
    else if (Number.isNaN(this.#refusedSince)) this.#refusedSince = at;
    else if (at - this.#refusedSince > longestUnrecordedMs) throw failing;
  }

  #tellLost(lostSamples: number): void {
    if (lostSamples === this.#toldLost) return;
    const text = `the record gave up ${lostSamples - this.#toldLost} samples: the disk refuses them`;
    this.#toldLost = lostSamples;
    this.fault(text);
  }

  async #decideWaiting(before = Number.POSITIVE_INFINITY): Promise<void> {
    while (!this.isOver) {
      const input = take(this.#inputs, before);
      if (input === undefined) return;
      await this.#decide(input);
    }
  }

  /** Who wants the rig safe or down waits for nobody: before other inputs, and before what an act came to. */
  async #decideUrgent(): Promise<void> {
    while (!this.isOver) {
      const input = takeUrgent(this.#inputs);
      if (input === undefined) return;
      await this.#decide(input);
    }
  }

  async #decide(input: Input): Promise<void> {
    const { state, effects } = decide(this.#parts.context, this.#state, input);
    this.#state = state;
    if (isCheckpoint(effects)) {
      this.#parts.record.append(effects.events);
      this.#tell([]);
    } else if (effects.events.length > 0 || effects.act !== undefined)
      await this.#recordAndAct(effects, input);
    else {
      this.#tell([]);
      if (effects.write !== undefined) await this.#write(effects.write);
    }
    this.#askActed();
  }

  #answer(input: Input, events: readonly RecordEvent[]): void {
    const refused = events.find(({ kind, text }) => kind === "fault" && text.includes("refused: "));
    this.#asked.get(input)?.(refused?.text);
    this.#asked.delete(input);
    if (!this.isOver) return;
    for (const resolve of this.#asked.values()) resolve("the run is over");
    this.#asked.clear();
  }

  #tell(events: readonly RecordEvent[]): void {
    this.#parts.observe?.(this.#state, this.#sample, events);
  }

  /** What is told was written down before; only safe values wait for no disk. */
  async #recordAndAct({ events, write, act }: Effects, input: Input): Promise<void> {
    const safe = act === "safe" ? this.#act("safe") : undefined;
    if (events.length > 0) await this.#parts.record.commit(events);
    this.#tell(events);
    this.#answer(input, events);
    if (write !== undefined && act !== "safe") await this.#write(write);
    const done = safe ?? (act === undefined ? undefined : this.#act(act));
    if (done === undefined) return;
    const confirmed = await done;
    await this.#decideUrgent();
    if (!this.isOver) await this.#decide(confirmed);
  }

  /** Once the run only waits for it: the word that every actuator has acted, however long that takes. */
  #askActed(): void {
    if (this.#asksActed || !waitsForActed(this.#state)) return;
    this.#asksActed = true;
    const say = (text: string) => {
      this.#asksActed = false;
      this.#push({ kind: "acted", at: this.#now(), text, by: null });
    };
    const { rig } = this.#parts;
    if (!this.#mayMove) say("no actuator was started");
    else
      void rig.whenActed().then(() => {
        const safety = rig.safety();
        const what = allActed(safety) ? "every actuator has acted" : "left by a person's word";
        say(`${what}: ${safetyText(safety)}`);
      });
  }

  /** One lost write is a fault to be told, and written again next cycle; a lost device aborts. */
  async #write(setpoints: Setpoints): Promise<void> {
    this.#unwritten = undefined;
    const faults = await this.#parts.rig.write(setpoints);
    this.#writeFailures = faults.length === 0 ? 0 : this.#writeFailures + 1;
    if (faults.length === 0) return;
    this.#unwritten = setpoints;
    const abort = this.#writeFailures >= writeFailuresToAbort;
    this.#inputs.push({ kind: "fault", at: this.#now(), text: faultsText(faults), abort });
  }

  async #act(act: Act): Promise<Input> {
    const { rig } = this.#parts;
    if (act === "safe") return this.#safe();
    if (act === "start") {
      this.#mayMove = true;
      this.#writeFailures = 0;
    }
    const faults = await rig[act]();
    const ok = faults.length === 0;
    const text = ok ? doneText(act, rig) : faultsText(faults);
    return { kind: "confirmed", at: this.#now(), act, ok, text };
  }

  async #safe(): Promise<Input> {
    const steps = await this.#parts.rig.safe(this.#state.reason);
    const ok = allActed(steps);
    const look = ok ? "" : "; it may still move: go there and switch it off";
    const text = `safe values: ${safetyText(steps)}${look}`;
    const { inAnotherHand } = this.#state;
    const isHand = !ok && steps.every((s) => s.acted || inAnotherHand.includes(s.role));
    const hand = isHand ? { inAnotherHand: true } : {};
    return { kind: "confirmed", at: this.#now(), act: "safe", ok, ...hand, text };
  }
}

/** Finer than anything measured here, and without the noise of a subtraction. */
function wholeMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
